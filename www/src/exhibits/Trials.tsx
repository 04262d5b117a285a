/** What is tried on the farm, below the lab: fetched when the visitor comes near it. */
import { useComputed } from '@preact/signals';
import { sought } from '../trialsState';
import { Later } from './parts/Later';

const findings = () => import('./Findings').then(({ Findings }) => Findings);
const sweep = () => import('./Sweep').then(({ Sweep }) => Sweep);
const race = () => import('./Race').then(({ Race }) => Race);

/** The section's place on the page, for whoever leads there. */
export const FINDINGS = 'findings-place';

export function Trials() {
  const asked = useComputed(() => sought.value !== null).value;
  return (
    <>
      <div id={FINDINGS}>
        <Later load={findings} now={asked} className="trials later" />
      </div>
      <Later load={race} className="trials later" />
      <Later load={sweep} className="trials later" />
    </>
  );
}
