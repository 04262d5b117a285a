/**
 * Decides what a worker does next. Work is not queued but derived: whenever something changed,
 * the lane asks for all that is still to be done, most important first. If that is not what is
 * running, the running task is aborted (and comes back in its turn, if it is still wanted).
 */
import { Cancelled, WorkerLost } from './client';
import { ATTEMPTS } from './crew';
import { givenUp } from './lastWords';

export interface Task {
  key: string;
  /** Its key does not say everything it depends on, so it may be wanted again when it is done. */
  repeats?: true;
  run(signal: AbortSignal): Promise<void>;
}

export class Lane {
  readonly #tasks: () => Iterable<Task>;
  readonly #onError: (task: Task, error: Error) => void;
  readonly #onDone: () => void;
  /** Tasks that were refused; the same thing is not tried again by itself. */
  readonly #refused = new Set<string>();
  /** Workers that died at a task since it last came on. */
  readonly #deaths = new Map<string, number>();
  #running: { task: Task; abort: AbortController } | null = null;
  #open = false;

  /** `onDone` is called after every task, and has to call `wake`. */
  constructor(
    tasks: () => Iterable<Task>,
    onError: (task: Task, error: Error) => void,
    onDone: () => void,
  ) {
    this.#tasks = tasks;
    this.#onError = onError;
    this.#onDone = onDone;
  }

  get running(): string | null {
    return this.#running?.task.key ?? null;
  }

  /** Starts work, once the worker is there. */
  open(): void {
    this.#open = true;
    this.wake();
  }

  /** The worker is gone: nothing starts until `open`. */
  close(): void {
    this.#open = false;
  }

  /** Lets a refused task be tried again. */
  forgive(key: string): void {
    this.#refused.delete(key);
    this.#deaths.delete(key);
  }

  /** What is running came on: another worker need not begin it from the beginning. */
  progressed(): void {
    if (this.#running) this.#deaths.delete(this.#running.task.key);
  }

  /** To be called after every change. */
  wake(): void {
    if (!this.#open) return;
    const next = this.#next();
    if (!this.#running) {
      if (next) void this.#run(next);
    } else if (next?.key !== this.#running.task.key) {
      this.#running.abort.abort();
    }
  }

  #next(): Task | undefined {
    for (const task of this.#tasks()) if (!this.#refused.has(task.key)) return task;
    return undefined;
  }

  async #run(task: Task): Promise<void> {
    const abort = new AbortController();
    this.#running = { task, abort };
    try {
      await task.run(abort.signal);
      this.#deaths.delete(task.key);
      // Done, and yet first again, it would go round for ever.
      const again = !task.repeats && !abort.signal.aborted && this.#next()?.key === task.key;
      if (again) this.#refused.add(task.key);
    } catch (caught) {
      const error = abort.signal.aborted ? null : this.#failed(task, caught);
      if (error) {
        this.#refused.add(task.key);
        this.#onError(task, error);
      }
    }
    this.#running = null;
    this.#onDone();
  }

  /** Why a task is not to be tried again; null if it is. */
  #failed({ key }: Task, caught: unknown): Error | null {
    if (caught instanceof Cancelled) return null;
    if (!(caught instanceof WorkerLost)) {
      return caught instanceof Error ? caught : new Error(String(caught));
    }
    const deaths = (this.#deaths.get(key) ?? 0) + 1;
    this.#deaths.set(key, deaths);
    return deaths < ATTEMPTS ? null : new Error(givenUp(caught.message));
  }
}
