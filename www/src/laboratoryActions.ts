/** What a visitor can do in the laboratory below the lab; see `actions.ts`. */
import { engineRunning } from './actions';
import { criteriaFor } from './engine/criteria';
import { Laboratory } from './engine/laboratory';
import type { PruneSettings } from './engine/types';
import { type RaceSettings, raceSettings } from './laboratoryState';

let laboratory: Laboratory | null = null;

function running(): Laboratory | null {
  const engine = engineRunning();
  if (!laboratory && engine) laboratory = new Laboratory(engine);
  return laboratory;
}

/** Brings the findings to the page. */
export function openFindings(): void {
  void running()?.open();
}

/** Makes every network of a finding in this browser and judges the claim by them. */
export function runFinding(name: string): void {
  running()?.runFinding(name);
}

export function pauseFinding(name: string, paused: boolean): void {
  running()?.pauseFinding(name, paused);
}

export function cancelFinding(name: string): void {
  running()?.cancelFinding(name);
}

export function setRace(change: Partial<RaceSettings>): void {
  const next = { ...raceSettings.peek(), ...change };
  const allowed = new Set(criteriaFor(next.what).map(({ value }) => value));
  raceSettings.value = { ...next, criteria: next.criteria.filter((by) => allowed.has(by)) };
}

export function toggleCriterion(by: PruneSettings['by']): void {
  const { criteria } = raceSettings.peek();
  const without = criteria.filter((other) => other !== by);
  setRace({ criteria: without.length < criteria.length ? without : [...criteria, by] });
}

export function startRace(): void {
  running()?.runRace();
}

export function pauseRace(paused: boolean): void {
  running()?.pauseRace(paused);
}

export function cancelRace(): void {
  running()?.cancelRace();
}

/** A link to a network was followed: the lab, which shows it, comes into view. */
export function openCell(): void {
  document.getElementById('lab')?.scrollIntoView({ block: 'start' });
}
