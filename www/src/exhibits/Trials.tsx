/** What is tried on the farm, below the lab: fetched when the visitor comes near it. */
import { useComputed } from '@preact/signals';
import { sought } from '../trialsState';
import { Later } from './parts/Later';
import { Place } from './parts/Place';

const findings = () => import('./Findings').then(({ Findings }) => Findings);
const sweep = () => import('./Sweep').then(({ Sweep }) => Sweep);
const race = () => import('./Race').then(({ Race }) => Race);

/** The section's place on the page, for whoever leads there. */
export const FINDINGS = 'findings-place';

export function Trials() {
  const asked = useComputed(() => sought.value !== null).value;
  return (
    <>
      <Place name="findings">
        <div id={FINDINGS}>
          <Later load={findings} now={asked} className="trials later" />
        </div>
      </Place>
      <Place name="race">
        <Later load={race} className="trials later" />
      </Place>
      <Place name="sweep">
        <Later load={sweep} className="trials later" />
      </Place>
    </>
  );
}
