/**
 * What the laboratory below the lab shows: findings, the race of criteria, sweeps. Written by
 * `engine/laboratory.ts` and `laboratoryActions.ts` only.
 */
import { type Signal, signal } from '@preact/signals';
import type { FindingFacts, Judgement, Trial, TrialResult } from './engine/trials';
import type { PruneSettings } from './engine/types';

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

export interface FindingView {
  facts: FindingFacts;
  run: RunView;
  cells: readonly CellView[];
  /** Only ever what the core made of all outcomes. */
  judgement: Judgement | null;
  /** The address of this finding with the verdict reached here; empty before there is one. */
  link: string;
}

/** Most striking first; null until the core has told what they are. */
export const findings: Signal<readonly FindingView[] | null> = signal(null);

/** The finding that the link which opened the page is about, with the verdict its sender saw. */
export const sought: Signal<{ name: string; verdict: string | undefined } | null> = signal(null);

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
  by: PruneSettings['by'];
  draw: number;
  seed: number;
  amount: number;
}

/** Between two curves: mean difference in accuracy over the amounts, with its interval. */
export interface Area {
  by: PruneSettings['by'];
  value: number;
  low: number;
  high: number;
}

export const raceSettings: Signal<RaceSettings> = signal({
  what: 'units',
  criteria: ['distortion', 'magnitude'],
  amounts: [10, 20, 30, 50, 70],
  draws: 5,
  seeds: 'screen',
  images: 1000,
});

export const race: Signal<{
  run: RunView;
  /** What the cells were made with, which the controls may have left behind since. */
  settings: RaceSettings;
  eps: number;
  /** The attack in words of the recipe. */
  cells: readonly RaceCell[];
  areas: readonly { figure: 'clean' | 'transfer' | 'adaptive'; areas: readonly Area[] }[];
}> = signal({ run: NOT_RUN, settings: raceSettings.peek(), eps: 0, cells: [], areas: [] });
