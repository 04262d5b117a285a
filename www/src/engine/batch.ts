/** A list of trials that a visitor started, as the page shows it. */
import { NOT_RUN, type RunView } from '../trialsState';
import type { Farm } from './farm';
import type { Run, Trial } from './farmRun';
import { oncePerFrame } from './frame';

/** How a run is, in what the page needs of it. */
export function viewOf(run: Run): RunView {
  const refused = run.cells.filter(({ state }) => state === 'refused');
  const done = run.cells.filter(({ state }) => state === 'done').length;
  const [first] = refused;
  const others = refused.length > 1 ? ` (${refused.length} of ${run.cells.length} alike.)` : '';
  return {
    phase: run.phase,
    fraction: run.fraction,
    done,
    of: run.cells.length,
    secondsLeft: run.secondsLeft,
    secondsTaken: run.secondsTaken,
    sentence: run.sentence || (first ? `${first.sentence}${others}` : ''),
  };
}

export class Batch {
  readonly #farm: Farm;
  #run: Run | null = null;

  constructor(farm: Farm) {
    this.#farm = farm;
  }

  /** Begins; what ran before is given up. `show` is called at most once a frame, and at the end. */
  start(trials: readonly Trial[], show: (run: Run, view: RunView) => void): void {
    this.cancel();
    const changed = oncePerFrame(() => {
      // Of a farm that is gone, because other images came, nobody wants to hear.
      if (this.#run === run && !this.#farm.over) show(run, viewOf(run));
    });
    const run = this.#farm.run(trials, () => changed());
    this.#run = run;
    show(run, { ...viewOf(run), phase: 'running' });
  }

  get open(): boolean {
    return this.#run?.open ?? false;
  }

  pause(paused: boolean): void {
    if (this.#run) this.#farm.pause(this.#run, paused);
  }

  cancel(): void {
    if (this.#run) this.#farm.cancel(this.#run);
  }

  get view(): RunView {
    return this.#run ? viewOf(this.#run) : NOT_RUN;
  }
}
