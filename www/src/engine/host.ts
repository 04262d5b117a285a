/**
 * The worker's side of the protocol: owns one Lab and does one job at a time, in steps short
 * enough that pause, cancel and other calls are heard between them. Knows nothing of `self`, so
 * that tests can run it anywhere.
 */
import { networkKey } from './keys';
import { brokeDown, isBeyondUse } from './lastWords';
import { sentenceOf } from './loader';
import type { FromWorker, LabCalls, LinkCalls, ToWorker } from './protocol';
import { transferable } from './protocol';
import { isOfFirst, type SecondHalf } from './secondHalf';
import type { Job, JobResult, Progress, Recipe } from './types';

export interface HostLab extends LabCalls {
  begin(job: Job): void;
  step(budgetMs: number): Progress;
  cancel(): void;
  result(): JobResult;
}

export interface HostOptions {
  lab: HostLab;
  links: LinkCalls;
  post(message: FromWorker, transfer?: Transferable[]): void;
  budgetMs: number;
  /** Without it, all of the core is there. */
  second?: Pick<SecondHalf, 'there' | 'load'>;
  now?: () => number;
}

type Call = Extract<ToWorker, { kind: 'call' }>;
type Asked = Extract<ToWorker, { kind: 'job' }>;

/** Progress is news at most so often; the eye sees no more. */
const REPORT_EVERY_MS = 33;

export class Host {
  readonly #options: HostOptions;
  readonly #now: () => number;
  #running: number | null = null;
  #paused = false;
  #dead = false;
  #checkpointed = '';
  #wake: () => void = () => {};

  constructor(options: HostOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  handle(message: ToWorker): void {
    if (this.#dead) return;
    switch (message.kind) {
      case 'ping':
        this.#options.post({ kind: 'pong' });
        return;
      case 'pause':
        this.#paused = message.paused;
        this.#wake();
        return;
      case 'cancel':
        if (this.#running === message.id) this.#stopRunning();
        return;
      case 'job':
        this.#stopRunning();
        this.#running = message.id;
        this.#paused = false;
        void this.#run(message);
        return;
      case 'call':
        if (this.#lacks(message)) void this.#callLater(message);
        else this.#call(message);
        return;
    }
  }

  /** A job that waits for images tries again. */
  dataArrived(): void {
    this.#wake();
  }

  /** Whether something that was thrown means that the Lab is beyond use; then says so. */
  died(error: unknown): boolean {
    if (!isBeyondUse(error)) return false;
    if (!this.#dead) {
      this.#dead = true;
      this.#options.post({ kind: 'dead', sentence: brokeDown(error) });
    }
    return true;
  }

  /** Whether it cannot be done before the second half of the core is there. */
  #lacks(message: Call | Asked): boolean {
    const { second } = this.#options;
    return second !== undefined && !second.there && !isOfFirst(message);
  }

  async #callLater(message: Call): Promise<void> {
    try {
      await this.#options.second?.load();
    } catch (error) {
      this.#lacking(message.id, error);
      return;
    }
    if (!this.#dead) this.#call(message);
  }

  #lacking(id: number, error: unknown): void {
    this.#options.post({ kind: 'refused', id, sentence: sentenceOf(error), lacking: true });
  }

  #call({ id, method, args }: Call): void {
    const { lab, links, post } = this.#options;
    try {
      const owner = method in links ? links : lab;
      const call = (owner as unknown as Record<string, (...args: unknown[]) => unknown>)[method];
      const value = call?.apply(owner, args);
      post({ kind: 'answer', id, value }, transferable(value));
    } catch (error) {
      if (!this.died(error)) post({ kind: 'refused', id, sentence: sentenceOf(error) });
    }
  }

  #stopRunning(): void {
    if (this.#running === null) return;
    this.#options.post({ kind: 'cancelled', id: this.#running });
    this.#running = null;
    try {
      this.#options.lab.cancel();
    } catch (error) {
      this.died(error);
    }
    this.#wake();
  }

  async #run(message: Asked): Promise<void> {
    const { lab, post, budgetMs, second } = this.#options;
    const { id, job } = message;
    try {
      if (this.#lacks(message)) await second?.load();
    } catch (error) {
      if (this.#running !== id) return;
      this.#running = null;
      this.#lacking(id, error);
    }
    if (this.#running !== id || this.#dead) return;
    try {
      lab.begin(job);
      const report = this.#reporter(id);
      while (this.#running === id) {
        if (this.#paused) {
          await this.#woken();
          continue;
        }
        const progress = lab.step(budgetMs);
        report(progress);
        // Between steps of the recipe a checkpoint is of a whole network, within one of a training.
        if (progress.checkpoint) this.#checkpoint(progress.epoch >= progress.epochs);
        if (progress.done) {
          this.#running = null;
          if (job.job === 'replay') this.#checkpointOnce(job.recipe);
          post({ kind: 'answer', id, value: lab.result() });
        } else if (progress.stage === 'waiting') {
          await this.#woken();
        } else {
          await messagesHandled();
        }
      }
    } catch (error) {
      // Given up meanwhile, it was said to be cancelled.
      if (this.#running !== id && !isBeyondUse(error)) return;
      this.#running = null;
      if (!this.died(error)) post({ kind: 'refused', id, sentence: sentenceOf(error) });
    }
  }

  #checkpoint(whole: boolean): void {
    const bytes = this.#options.lab.checkpoint();
    this.#options.post({ kind: 'checkpoint', bytes, whole }, transferable(bytes));
  }

  /** A replay that only brought other measures needs no new checkpoint. */
  #checkpointOnce(recipe: Recipe): void {
    const key = networkKey(recipe);
    if (key !== this.#checkpointed) this.#checkpoint(true);
    this.#checkpointed = key;
  }

  /** Posts progress rarely enough, without losing the losses in between. */
  #reporter(id: number): (progress: Progress) => void {
    let losses: number[] = [];
    let last = Number.NEGATIVE_INFINITY;
    let stage = '';
    return (progress) => {
      losses = losses.concat(progress.losses);
      const due = this.#now() - last >= REPORT_EVERY_MS;
      if (!due && !progress.done && progress.stage === stage) return;
      this.#options.post({ kind: 'progress', id, progress: { ...progress, losses } });
      losses = [];
      stage = progress.stage;
      last = this.#now();
    };
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Resolves after the messages that wait now were handled; unlike a timer it costs no delay. */
function messagesHandled(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });
}
