/**
 * The farm: works through lists of trials on several workers. A trial is a pure function of its
 * recipe and of what is asked, so neither the number of workers nor the order in which they come
 * to it can change what it comes to; what it came to is known for the rest of the session.
 */
import { Cancelled, type Client, type ClientOptions } from './client';
import { ATTEMPTS, Crew, type CrewClient } from './crew';
import { type Cell, Run, type Trial } from './farmRun';
import { Recent } from './keys';
import { givenUp } from './lastWords';
import type { TrialResult } from './types';

export type FarmClient = CrewClient & Pick<Client, 'pause'>;

export interface FarmOptions {
  size: number;
  makeClient(events: Pick<ClientOptions, 'onCheckpoint' | 'onData'>): FarmClient;
  /** Work began or ended; it has not while all of it is paused. */
  onBusy?(busy: boolean): void;
  /** So long do workers stay that have nothing to do. */
  idleMs?: number;
  now?: () => number;
}

interface Slot {
  client: FarmClient;
  /** What its Lab has trained, or was given. */
  made: Set<string>;
  work: { run: Run; cell: Cell; cancel: () => void; paused: boolean } | null;
}

/** WebAssembly memory never shrinks, so idle workers are let go. */
const IDLE_MS = 20_000;
const MOST_RESULTS = 5000;
/** Trained networks, to hand from worker to worker. */
const MOST_BASES = 12;

/** Every core works, but not more of them than memory allows. */
export function farmSize(): number {
  return Math.min(4, Math.max(1, navigator.hardwareConcurrency || 2));
}

export class Farm {
  readonly #options: FarmOptions;
  readonly #now: () => number;
  readonly #crew: Crew<Slot>;
  readonly #results = new Recent<TrialResult>(MOST_RESULTS);
  /** Checkpoints with which a Lab need not train what another one has trained. */
  readonly #bases = new Recent<readonly Uint8Array[]>(MOST_BASES);
  #runs: Run[] = [];
  #busy = false;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FarmOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#crew = new Crew(
      options.size,
      () => this.#slot(),
      () => this.#pump(),
    );
  }

  /** It was terminated. */
  over = false;

  /**
   * Begins with these trials; `changed` is called whenever anything about the run is new, and not
   * before this returns. What is known already is there at once.
   */
  run(trials: readonly Trial[], changed: (run: Run) => void): Run {
    const run: Run = new Run(trials, () => changed(run), this.#now);
    for (const cell of run.cells) this.#lookUp(cell);
    this.#runs.push(run);
    queueMicrotask(() => {
      this.#finish(run);
      run.report();
      this.#pump();
    });
    return run;
  }

  pause(run: Run, paused: boolean): void {
    if (!run.open) return;
    run.clock();
    run.phase = paused ? 'paused' : 'running';
    for (const { client, work } of this.#crew.slots) {
      if (work?.run !== run) continue;
      work.paused = paused;
      client.pause(paused);
    }
    run.clock();
    run.report();
    this.#pump();
  }

  cancel(run: Run): void {
    this.#end(run, 'cancelled');
  }

  /** A network that some Lab has trained already, as its checkpoints. */
  know(prefix: string, checkpoints: readonly Uint8Array[]): void {
    if (checkpoints.length > 0 && !this.#bases.get(prefix)) this.#bases.set(prefix, checkpoints);
  }

  retryData(): void {
    this.#crew.retryData();
  }

  /** The workers themselves, for what all of them have to be told. */
  get clients(): FarmClient[] {
    return this.#crew.slots.map(({ client }) => client);
  }

  /** Workers that are there now. */
  get workers(): number {
    return this.#crew.slots.length;
  }

  terminate(): void {
    this.over = true;
    for (const run of [...this.#runs]) this.cancel(run);
    clearTimeout(this.#idle);
    this.#crew.terminate();
  }

  #slot(): Slot {
    const slot: Slot = {
      client: this.#options.makeClient({
        onCheckpoint: (bytes, whole) => {
          // The first network that is done is that of the training from scratch.
          const cell = slot.work?.cell;
          if (whole && cell?.alone) this.know(cell.prefix, [bytes]);
        },
        onData: (state) => {
          if (state.phase === 'failed') this.#failAll(state.sentence ?? 'Images are missing.');
        },
      }),
      made: new Set(),
      work: null,
    };
    return slot;
  }

  #lookUp(cell: Cell): void {
    const known = this.#results.get(cell.key);
    if (!known || cell.state !== 'waiting') return;
    cell.result = known;
    cell.state = 'done';
    cell.fraction = 1;
  }

  #pump(): void {
    const waiting = this.#runs.some((run) => run.waiting);
    if (waiting) this.#crew.fill();
    for (const slot of this.#crew.slots) {
      if (slot.work) continue;
      const next = this.#next(slot);
      if (next) void this.#work(slot, next.run, next.cell);
    }
    // Whoever rests must not keep others from working.
    if (this.#runs.some((run) => run.waiting)) {
      for (const { work } of this.#crew.slots) if (work?.paused) work.cancel();
    }
    this.#tellBusy();
  }

  /**
   * The cell for a free worker: one whose network it has; else one that nobody has begun to train;
   * else one that it can be given; else any, because to train a network again is better than to
   * do nothing.
   */
  #next(slot: Slot): { run: Run; cell: Cell } | null {
    for (const run of this.#runs) {
      if (run.phase !== 'running') continue;
      const cells = run.cells.filter((cell) => cell.state === 'waiting' && !this.#inWork(cell));
      const elsewhere = (prefix: string) =>
        this.#crew.slots.some(
          (other) =>
            other !== slot && (other.made.has(prefix) || other.work?.cell.prefix === prefix),
        );
      const cell =
        cells.find(({ prefix }) => slot.made.has(prefix)) ??
        cells.find(({ prefix }) => !elsewhere(prefix) && !this.#bases.get(prefix)) ??
        cells.find(({ prefix }) => this.#bases.get(prefix)) ??
        cells[0];
      if (cell) return { run, cell };
    }
    return null;
  }

  /** Two runs, or one list twice, may ask for the same trial. */
  #inWork({ key }: Cell): boolean {
    return this.#crew.slots.some(({ work }) => work?.cell.key === key);
  }

  async #work(slot: Slot, run: Run, cell: Cell): Promise<void> {
    let cancel = () => {};
    const work = { run, cell, cancel: () => cancel(), paused: false };
    slot.work = work;
    run.clock();
    cell.state = 'working';
    cell.fraction = 0;
    try {
      cell.alone = !(await this.#bring(slot, cell.prefix));
      if (cell.state !== 'working') throw new Cancelled();
      const { recipe, asked } = cell.trial;
      const running = slot.client.job({ job: 'trial', recipe, asked }, ({ fraction }) => {
        cell.fraction = fraction;
        run.report();
      });
      cancel = running.cancel;
      if (work.paused) slot.client.pause(true);
      const { job: _, ...result } = await running.outcome;
      this.#crew.did();
      slot.made.add(cell.prefix);
      this.#results.set(cell.key, result);
      cell.attempts++;
      this.#settle(cell);
    } catch (error) {
      this.#failed(slot, run, cell, error);
    }
    slot.work = null;
    run.clock();
    this.#finish(run);
    run.report();
    this.#pump();
  }

  /** Gives a Lab what another one has trained; returns whether it has it now. */
  async #bring(slot: Slot, prefix: string): Promise<boolean> {
    if (slot.made.has(prefix)) return true;
    const checkpoints = this.#bases.get(prefix);
    if (!checkpoints) return false;
    for (const bytes of checkpoints) await slot.client.call('restore', [bytes]);
    slot.made.add(prefix);
    return true;
  }

  /** A result is everybody's who asked for it. */
  #settle(cell: Cell): void {
    if (cell.state === 'working') cell.state = 'waiting';
    for (const run of [...this.#runs]) {
      const before = run.cells.filter(({ state }) => state === 'done').length;
      for (const same of run.cells) if (same.key === cell.key) this.#lookUp(same);
      if (run.cells.filter(({ state }) => state === 'done').length > before) {
        this.#finish(run);
        run.report();
      }
    }
  }

  #failed(slot: Slot, run: Run, cell: Cell, error: unknown): void {
    const lost = this.#crew.died(slot, error);
    const said = error instanceof Error ? error.message : String(error);
    const sentence = lost ? givenUp(said) : said;
    if (lost && this.#crew.hopeless()) this.#failAll(sentence);
    if (cell.state !== 'working') return;
    cell.state = 'waiting';
    cell.fraction = 0;
    if (!run.open || error instanceof Cancelled) return;
    cell.attempts++;
    if (lost && cell.attempts < ATTEMPTS) return;
    cell.state = 'refused';
    cell.sentence = sentence;
    cell.lost = lost;
  }

  #finish(run: Run): void {
    if (!run.open || run.cells.some(({ state }) => state === 'waiting' || state === 'working')) {
      return;
    }
    // Nothing is concluded from what is not whole; what has come is known when it is tried again.
    run.phase = run.cells.some(({ lost }) => lost) ? 'failed' : 'done';
    this.#runs = this.#runs.filter((other) => other !== run);
  }

  #end(run: Run, phase: 'cancelled' | 'failed', sentence = ''): void {
    if (!run.open) return;
    run.clock();
    run.phase = phase;
    run.sentence = sentence;
    this.#runs = this.#runs.filter((other) => other !== run);
    for (const { work } of this.#crew.slots) if (work?.run === run) work.cancel();
    for (const cell of run.cells) if (cell.state === 'working') cell.state = 'waiting';
    run.report();
    this.#pump();
  }

  #failAll(sentence: string): void {
    for (const run of [...this.#runs]) this.#end(run, 'failed', sentence);
    // Whoever is started next fetches anew.
    this.#crew.terminate();
  }

  #tellBusy(): void {
    const busy = this.#runs.some(({ phase }) => phase === 'running');
    clearTimeout(this.#idle);
    if (this.#runs.length === 0) {
      this.#idle = setTimeout(() => this.#crew.terminate(), this.#options.idleMs ?? IDLE_MS);
    }
    if (busy === this.#busy) return;
    this.#busy = busy;
    this.#options.onBusy?.(busy);
  }
}
