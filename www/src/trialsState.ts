/**
 * What is tried on the farm: findings, the race of criteria, sweeps. Written by `engine/trials.ts`
 * with what belongs to it, and by `trialsActions.ts`.
 */
import { type Signal, signal } from '@preact/signals';
import type { Trial } from './engine/farmRun';
import type {
  FindingFacts,
  FindingTrial,
  Measure,
  PruneSettings,
  Setting,
  Summed,
  TrialResult,
  Verdict,
} from './engine/types';

/** How far a list of trials is. */
export interface RunView {
  phase: 'none' | 'running' | 'paused' | 'done' | 'cancelled' | 'failed';
  /** Share of the work that is done. */
  fraction: number;
  /** Trials done, of all. */
  done: number;
  of: number;
  secondsLeft: number | null;
  secondsTaken: number;
  /** Why it failed, or which trials were refused and why. */
  sentence: string;
}

export const NOT_RUN: RunView = {
  phase: 'none',
  fraction: 0,
  done: 0,
  of: 0,
  secondsLeft: null,
  secondsTaken: 0,
  sentence: '',
};

/** A trial with what it came to, and a link to its network. */
export interface CellView {
  trial: Trial;
  link: string;
  outcome: TrialResult | null;
}

export interface FindingCell extends CellView {
  trial: FindingTrial;
}

/** A finding's words, which are fetched with the section that shows them. */
export interface FindingWords {
  title: string;
  /** The claim, in its source's words. */
  claim: string;
  /** Who says so, and where. */
  source: string;
  /** What is done. */
  about: string;
  /** When the claim holds, when it holds only in part, and when it does not. */
  rule: string;
}

export interface FindingView {
  facts: FindingFacts & FindingWords;
  run: RunView;
  cells: readonly FindingCell[];
  /** Only ever what the core made of all outcomes. */
  verdict: Verdict | null;
  /** The address of this finding with the verdict reached here; empty before there is one. */
  link: string;
}

/** Most striking first; null until the core has told what they are. */
export const findings: Signal<readonly FindingView[] | null> = signal(null);

/** What was tried on other images is no longer of those in use: all of it goes, settings stay. */
export function forgetTrials(): void {
  findings.value =
    findings.peek()?.map((view) => ({
      ...view,
      run: NOT_RUN,
      cells: view.cells.map((cell) => ({ ...cell, outcome: null })),
      verdict: null,
      link: '',
    })) ?? null;
  race.value = { ...race.peek(), run: NOT_RUN, base: '', cells: [], areas: [] };
  sweep.value = { ...sweep.peek(), run: NOT_RUN, base: '', cells: [], summed: [] };
  pace.value = null;
}

/** The finding that a link asked for, with the verdict its sender saw. */
export const sought: Signal<{ name: string; verdict: string | undefined } | null> = signal(null);

/** Passes of an image through a network and back that this browser does a second, once known. */
export const pace: Signal<number | null> = signal(null);

export interface RaceSettings {
  what: PruneSettings['what'];
  criteria: PruneSettings['by'][];
  amounts: number[];
  /** Random orders that make the band. */
  draws: number;
  /** The network on screen, or networks trained anew from these seeds. */
  seeds: number[] | 'screen';
  images: number;
}

export interface RaceCell extends CellView {
  /** The network before the cut is `whole`. */
  by: PruneSettings['by'] | 'whole';
  draw: number;
  seed: number;
  amount: number;
}

/** Between a criterion's curve and that of chance: mean difference in accuracy over the amounts. */
export interface Beside {
  by: string;
  measure: Measure;
  value: number;
  low: number;
  high: number;
  /** Random orders, of all seeds together, that it was compared with. */
  n: number;
}

export const raceSettings: Signal<RaceSettings> = signal({
  what: 'units',
  criteria: ['distortion', 'magnitude', 'taylor'],
  amounts: [10, 20, 30, 50, 70],
  draws: 5,
  seeds: 'screen',
  images: 1000,
});

export const race: Signal<{
  run: RunView;
  /** What the cells were made with, which the controls may have left behind since. */
  settings: RaceSettings;
  /** What names the network that was cut, and its attack. */
  base: string;
  /** The size of the attack. */
  eps: number;
  cells: readonly RaceCell[];
  areas: readonly Beside[];
}> = signal({
  run: NOT_RUN,
  settings: raceSettings.peek(),
  base: '',
  eps: 0,
  cells: [],
  areas: [],
});

/** An axis as its values are typed: `10, 20, 30`. */
export interface SweepAxis {
  /** As the core names it: `prune.amount`; empty for none. */
  name: string;
  values: string;
}

export interface SweepSettings {
  rows: SweepAxis;
  columns: SweepAxis;
  seeds: string;
  images: number;
}

export interface SweepCell extends CellView {
  at: Setting[];
}

export const sweepSettings: Signal<SweepSettings> = signal({
  rows: { name: 'prune.by', values: 'distortion, magnitude, taylor, random' },
  columns: { name: 'prune.amount', values: '10, 20, 30' },
  seeds: '0, 1',
  images: 1000,
});

/** Which figure of a sweep is looked at. */
export const sweepFigure: Signal<'clean' | 'transfer' | 'adaptive'> = signal('adaptive');

export const sweep: Signal<{
  /** Every name that can be an axis. */
  names: readonly string[];
  /** To the recipe that is swept. */
  link: string;
  /** Cells that there would be; 0 where the axes are not possible. */
  planned: number;
  /** Why they are not. */
  problem: string;
  run: RunView;
  /** What the cells were made with, … */
  settings: SweepSettings;
  /** … and the link to the recipe they vary. */
  base: string;
  cells: readonly SweepCell[];
  /** What has come, over the seeds. */
  summed: readonly Summed[];
}> = signal({
  names: [],
  link: '',
  planned: 0,
  problem: '',
  run: NOT_RUN,
  settings: sweepSettings.peek(),
  base: '',
  cells: [],
  summed: [],
});
