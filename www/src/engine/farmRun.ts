/** One list of trials on its way through the farm: what has come of it, and what is to come. */
import { prefixKey, trialKey, workOf } from './farmWork';
import type { Asked, Recipe, TrialResult } from './types';

/** A network and what is asked of it; what it comes to depends on nothing else. */
export interface Trial {
  recipe: Recipe;
  asked: Asked;
}

export interface Cell {
  readonly index: number;
  readonly key: string;
  readonly prefix: string;
  readonly trial: Trial;
  /** Of the training it shares with others, and beyond it. */
  readonly work: { prefix: number; own: number };
  state: 'waiting' | 'working' | 'done' | 'refused';
  /** Whether its worker has to do what it shares with others itself. */
  alone: boolean;
  fraction: number;
  attempts: number;
  result: TrialResult | null;
  /** Why there is no result, … */
  sentence: string;
  /** … and whether that is because its workers died, so that it may come another time. */
  lost: boolean;
}

export type RunPhase = 'running' | 'paused' | 'done' | 'cancelled' | 'failed';

export class Run {
  readonly cells: readonly Cell[];
  phase: RunPhase = 'running';
  /** Why it failed. */
  sentence = '';
  readonly #changed: () => void;
  readonly #now: () => number;
  #seconds = 0;
  #since: number | null = null;

  constructor(trials: readonly Trial[], changed: () => void, now: () => number) {
    this.#changed = changed;
    this.#now = now;
    this.cells = trials.map((trial, index) => ({
      index,
      key: trialKey(trial),
      prefix: prefixKey(trial.recipe),
      trial,
      work: workOf(trial),
      state: 'waiting',
      alone: false,
      fraction: 0,
      attempts: 0,
      result: null,
      sentence: '',
      lost: false,
    }));
  }

  get results(): (TrialResult | null)[] {
    return this.cells.map(({ result }) => result);
  }

  get open(): boolean {
    return this.phase === 'running' || this.phase === 'paused';
  }

  /** Whether a cell could be begun now. */
  get waiting(): boolean {
    return this.phase === 'running' && this.cells.some(({ state }) => state === 'waiting');
  }

  /** Keeps the clock, which stands still while nothing of this run is worked at. */
  clock(): void {
    const working = this.phase === 'running' && this.cells.some(({ state }) => state === 'working');
    const now = this.#now();
    if (this.#since !== null) this.#seconds += (now - this.#since) / 1000;
    this.#since = working ? now : null;
  }

  report(): void {
    this.#changed();
  }

  /** How much is to do in all and how much is done, without what was known from the beginning. */
  #counted(): { all: number; done: number } {
    // What several share is done once for each worker that has to; of those to come, once.
    const shared = new Set(this.cells.filter(({ alone }) => alone).map(({ prefix }) => prefix));
    let [all, done] = [0, 0];
    for (const { state, alone, attempts, prefix, work, fraction } of this.cells) {
      if (state === 'done' && attempts === 0) continue;
      let size = work.own;
      if (alone) size += work.prefix;
      else if (state === 'waiting' && attempts === 0 && !shared.has(prefix)) {
        shared.add(prefix);
        size += work.prefix;
      }
      all += size;
      done += size * (state === 'working' ? fraction : state === 'waiting' ? 0 : 1);
    }
    return { all, done };
  }

  /** Share of the work that is done, 0 to 1. */
  get fraction(): number {
    if (this.phase === 'done') return 1;
    const { all, done } = this.#counted();
    return all > 0 ? done / all : 1;
  }

  /** Seconds left; null before there is anything to tell it from. */
  get secondsLeft(): number | null {
    this.clock();
    const { all, done } = this.#counted();
    if (this.#seconds < 1 || done < 0.01 * all) return null;
    return (this.#seconds * (all - done)) / done;
  }

  /** Seconds worked so far. */
  get secondsTaken(): number {
    return this.#seconds;
  }
}
