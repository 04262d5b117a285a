/** What a visitor can have tried on the farm; see `actions.ts`. */
import { engineRunning } from './actions';
import { ownImages } from './bring/state';
import { criteriaFor } from './engine/criteria';
import { notify } from './engine/notices';
import { Trials } from './engine/trials';
import type { PruneSettings } from './engine/types';
import { type RaceSettings, raceSettings, type SweepSettings, sweepSettings } from './trialsState';

/** What races at first when something else is to be cut. */
const USUAL: Record<PruneSettings['what'], PruneSettings['by'][]> = {
  units: ['distortion', 'magnitude', 'taylor'],
  weights: ['magnitude', 'wanda', 'signal-to-distortion'],
  pixels: ['distortion-activation', 'activation'],
};

let trials: { of: unknown; all: Trials } | null = null;

function running(): Trials | null {
  const engine = engineRunning();
  // Other images have another engine.
  if (engine && trials?.of !== engine) trials = { of: engine, all: new Trials(engine) };
  return trials?.all ?? null;
}

/** Brings the findings to the page. */
export function openFindings(): void {
  void running()?.findings.open();
}

/** Why no claim is put to the test. */
export const NOT_OF_MNIST =
  'Findings are about MNIST, and your own images are in use: go back to MNIST to run them.';

/** Makes every network of a finding in this browser and judges the claim by them. */
export function runFinding(name: string): void {
  if (ownImages.peek()) {
    notify('info', NOT_OF_MNIST);
    return;
  }
  running()?.findings.run(name);
}

export function pauseFinding(name: string, paused: boolean): void {
  running()?.findings.pause(name, paused);
}

export function cancelFinding(name: string): void {
  running()?.findings.cancel(name);
}

export function setRace(change: Partial<RaceSettings>): void {
  const next = { ...raceSettings.peek(), ...change };
  const allowed = new Set(criteriaFor(next.what).map(({ value }) => value));
  const chosen = change.criteria ?? (change.what ? USUAL[change.what] : next.criteria);
  raceSettings.value = { ...next, criteria: chosen.filter((by) => allowed.has(by)) };
}

export function toggleCriterion(by: PruneSettings['by']): void {
  const { criteria } = raceSettings.peek();
  const without = criteria.filter((other) => other !== by);
  setRace({ criteria: without.length < criteria.length ? without : [...criteria, by] });
}

export function startRace(): void {
  running()?.race.run();
}

export function pauseRace(paused: boolean): void {
  running()?.race.pause(paused);
}

export function cancelRace(): void {
  running()?.race.cancel();
}

/** A link to a network was followed: the lab, which shows it, comes into view. */
export function openCell(): void {
  document.getElementById('lab')?.scrollIntoView({ block: 'start' });
}

/** What the sweep would be, now that its controls or the network on screen have changed. */
export function planSweep(): void {
  void running()?.sweep.plan();
}

export function setSweep(change: Partial<SweepSettings>): void {
  sweepSettings.value = { ...sweepSettings.peek(), ...change };
  planSweep();
}

export function startSweep(): void {
  void running()?.sweep.run();
}

export function pauseSweep(paused: boolean): void {
  running()?.sweep.pause(paused);
}

export function cancelSweep(): void {
  running()?.sweep.cancel();
}
