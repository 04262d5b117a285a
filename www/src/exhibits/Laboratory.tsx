/** The laboratory below the lab, fetched when the visitor comes near it. */
import { useComputed } from '@preact/signals';
import { sought } from '../laboratoryState';
import { Later } from './parts/Later';

const findings = () => import('./Findings').then(({ Findings }) => Findings);
const sweep = () => import('./Sweep').then(({ Sweep }) => Sweep);
const race = () => import('./Race').then(({ Race }) => Race);

export function Laboratory() {
  const asked = useComputed(() => sought.value !== null).value;
  return (
    <>
      <Later load={findings} now={asked} className="laboratory later" />
      <Later load={race} className="laboratory later" />
      <Later load={sweep} className="laboratory later" />
    </>
  );
}
