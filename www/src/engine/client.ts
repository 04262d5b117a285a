/**
 * The page's side of the protocol. Every call settles: with its answer, with a sentence, or, when
 * the worker died in whatever way, with `WorkerLost`.
 */
import type {
  Answer,
  Arguments,
  DataState,
  FromWorker,
  Method,
  Outcome,
  Start,
  ToWorker,
} from './protocol';
import type { Job, Progress } from './types';

/** The worker is gone; whatever it was doing can be done again by another one. */
export class WorkerLost extends Error {}
/** The core refused it, as it would every time. */
export class Refused extends Error {}
/** The job was cancelled, or another took its place. */
export class Cancelled extends Error {}

export interface WorkerLike {
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  /** Chromium’s workers have no `onmessageerror`. */
  addEventListener(type: 'messageerror', heard: () => void): void;
  postMessage(message: unknown, transfer: Transferable[]): void;
  terminate(): void;
}

export interface ClientOptions extends Omit<Start, 'kind'> {
  onData?: (state: DataState) => void;
  onCheckpoint?: (bytes: Uint8Array, whole: boolean) => void;
  onLost?: (reason: WorkerLost) => void;
  /** Its script is here already: other workers run it. */
  cached?: boolean;
  now?: () => number;
}

export interface Running<J extends Job> {
  outcome: Promise<Outcome<J>>;
  cancel(): void;
}

interface Pending {
  resolve(value: never): void;
  reject(reason: Error): void;
  onProgress?: ((progress: Progress) => void) | undefined;
}

const TICK_MS = 500;
/** So long may a worker with something to do be silent before it is asked for a sign of life, … */
const SILENT_MS = 3000;
/** … and so long may the sign take. */
const UNANSWERED_MS = 3000;
/** Its script may come over a slow line; until it runs, no worker can answer, … */
const STARTING_MS = 60_000;
/** … but where it came before, only a slow machine can make it take long. */
const STARTING_AGAIN_MS = 12_000;

export class Client {
  /** Settles when the worker takes calls; calls may be made before. */
  readonly ready: Promise<void>;
  readonly #worker: WorkerLike;
  readonly #options: ClientOptions;
  readonly #now: () => number;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #lost: WorkerLost | null = null;
  /** Its script runs: from then on it answers, whatever else is still to come. */
  #spoke = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastTick = 0;
  #lastHeard = 0;
  #pinged = 0;

  constructor(worker: WorkerLike, options: ClientOptions) {
    this.#worker = worker;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    const unreadable = () => this.#die('A message of the compute worker could not be read.');
    worker.onmessage = ({ data: message }) => {
      if (typeof message?.kind === 'string') this.#heard(message as FromWorker);
      else unreadable();
    };
    worker.addEventListener('messageerror', unreadable);
    worker.onerror = (event) => {
      // Handled here, so the console stays clean of it.
      event.preventDefault?.();
      this.#die(event.message || 'The compute worker could not be started.');
    };
    const { promise, resolve, reject } = settleable<void>();
    this.ready = promise;
    // Whoever waits for it is told; nobody has to.
    this.ready.catch(() => {});
    this.#expect(0, { resolve, reject });
    const { data, sets, budgetMs, images } = options;
    this.#tell({ kind: 'start', data, sets, budgetMs, images });
    this.#tell({ kind: 'ping' });
  }

  get lost(): boolean {
    return this.#lost !== null;
  }

  /** Buffers in `transfer` are handed over and are empty here afterwards. */
  call<M extends Method>(
    method: M,
    args: Arguments<M>,
    transfer: Transferable[] = [],
  ): Promise<Answer<M>> {
    const { promise, resolve, reject } = settleable<Answer<M>>();
    const id = ++this.#lastId;
    if (this.#lost) reject(this.#lost);
    else {
      this.#expect(id, { resolve, reject });
      this.#ask(id, { kind: 'call', id, method, args }, transfer);
    }
    return promise;
  }

  /** Starts a job in place of whatever job this worker has. */
  job<J extends Job>(job: J, onProgress?: (progress: Progress) => void): Running<J> {
    const { promise, resolve, reject } = settleable<Outcome<J>>();
    const id = ++this.#lastId;
    if (this.#lost) reject(this.#lost);
    else {
      this.#expect(id, { resolve, reject, onProgress });
      this.#ask(id, { kind: 'job', id, job }, []);
    }
    return { outcome: promise, cancel: () => this.#tell({ kind: 'cancel', id }) };
  }

  pause(paused: boolean): void {
    this.#tell({ kind: 'pause', paused });
  }

  retryData(): void {
    this.#tell({ kind: 'retryData' });
  }

  /** Ends the worker on purpose: pending calls are cancelled and nobody is told of a loss. */
  terminate(): void {
    this.#end(new WorkerLost('The worker was ended.'), new Cancelled('The worker was ended.'));
  }

  /** Of a worker that cannot even be told of a pause nothing is to be hoped. */
  #tell(message: ToWorker): void {
    try {
      if (!this.#lost) this.#worker.postMessage(message, []);
    } catch (error) {
      // Not at once: whoever makes this client does not have it yet.
      queueMicrotask(() => this.#die(`The compute worker cannot be reached (${error}).`));
    }
  }

  /** What cannot be sent, for want of memory for example, is answered by nobody. */
  #ask(id: number, message: ToWorker, transfer: Transferable[]): void {
    try {
      this.#worker.postMessage(message, transfer);
    } catch (error) {
      this.#take(id)?.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #expect(id: number, pending: Pending): void {
    if (this.#pending.size === 0) {
      this.#lastHeard = this.#now();
      this.#lastTick = this.#lastHeard;
      this.#pinged = 0;
      this.#timer = setInterval(() => this.#tick(), TICK_MS);
    }
    this.#pending.set(id, pending);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) clearInterval(this.#timer);
    return pending;
  }

  #heard(message: FromWorker): void {
    if (this.#lost) return;
    this.#lastHeard = this.#now();
    this.#pinged = 0;
    this.#spoke = true;
    switch (message.kind) {
      case 'ready':
        this.#take(0)?.resolve(undefined as never);
        return;
      case 'answer':
        this.#take(message.id)?.resolve(message.value as never);
        return;
      case 'refused':
        this.#take(message.id)?.reject(new (message.lacking ? Error : Refused)(message.sentence));
        return;
      case 'cancelled':
        this.#take(message.id)?.reject(new Cancelled('Cancelled.'));
        return;
      case 'progress':
        this.#pending.get(message.id)?.onProgress?.(message.progress);
        return;
      case 'checkpoint':
        this.#options.onCheckpoint?.(message.bytes, message.whole);
        return;
      case 'data':
        this.#options.onData?.(message.state);
        return;
      case 'dead':
        this.#die(message.sentence);
        return;
    }
  }

  /** While something is pending: is the worker still there? */
  #tick(): void {
    const now = this.#now();
    // The page itself was asleep (laptop lid, hidden tab): the silence says nothing of the worker.
    if (now - this.#lastTick > 4 * TICK_MS) {
      this.#lastHeard = now;
      this.#pinged = 0;
    }
    this.#lastTick = now;
    const starting = this.#options.cached ? STARTING_AGAIN_MS : STARTING_MS;
    if (!this.#spoke && now - this.#lastHeard < starting) return;
    if (this.#pinged > 0) {
      if (now - this.#pinged >= UNANSWERED_MS) this.#die('The compute worker fell silent.');
    } else if (now - this.#lastHeard >= SILENT_MS) {
      this.#pinged = now;
      this.#tell({ kind: 'ping' });
    }
  }

  #die(sentence: string): void {
    if (this.#lost) return;
    const reason = new WorkerLost(sentence);
    this.#end(reason, reason);
    this.#options.onLost?.(reason);
  }

  #end(lost: WorkerLost, reason: Error): void {
    if (this.#lost) return;
    this.#lost = lost;
    clearInterval(this.#timer);
    this.#worker.terminate();
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) pending.reject(reason);
  }
}

function settleable<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
