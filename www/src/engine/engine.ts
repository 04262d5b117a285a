/** Starts the workers, replaces those that die, and tells the page how the engine is. */
import { data, engine, rawDigits, training } from '../state';
import { AddressBar } from './address';
import { Client, type WorkerLike, WorkerLost } from './client';
import { Farm, farmSize } from './farm';
import { sentenceOf } from './loader';
import { GALLERY } from './measure';
import { dismissNotice, notify } from './notices';
import { Pool } from './pool';
import type { Answer, Arguments, DataState, FileCalls } from './protocol';
import { Restarts } from './restarts';
import { Session } from './session';
import { whatIsMissing } from './support';
import type { ImageFiles, ImageSet } from './types';

/** Steps of the worker that trains are short, so that a click is answered within a frame. */
const LAB_BUDGET_MS = 12;
const POOL_BUDGET_MS = 30;
/** Enough for the steps of an ordinary recipe; each is as large as its network. */
const MOST_CHECKPOINTS = 8;
/** One at which so many workers died is better done without. */
const MOST_RESTORES = 2;

/** What the visitor brought in, for every worker that is started. */
export interface Brought {
  /** Networks from files, by their digests. */
  networks: Map<string, Uint8Array>;
  /** Images in place of MNIST's. */
  images: ImageFiles | null;
}

export class Engine {
  readonly session: Session;
  readonly brought: Brought;
  /** Tries many recipes side by side, when asked. */
  readonly farm: Farm;
  readonly #address: AddressBar;
  readonly #pool: Pool;
  readonly #makeWorker: () => WorkerLike;
  #lab: Client | null = null;
  /** The newest networks, and the training under way, oldest first. */
  #checkpoints: { bytes: Uint8Array; whole: boolean; deaths: number }[] = [];
  readonly #restarts = new Restarts();
  /** Some worker has run, so the script of all of them is here. */
  #cached = false;
  #restarting: ReturnType<typeof setTimeout> | undefined;
  /** What to tell once a replacement is there. */
  #news = '';
  /** The notice of a first start that takes several tries. */
  #told: number | null = null;
  #stopAddress = () => {};

  constructor(
    makeWorker: () => WorkerLike,
    brought: Brought = { networks: new Map(), images: null },
  ) {
    const makeSome = () => {
      try {
        return makeWorker();
      } catch (error) {
        return stillborn(sentenceOf(error));
      }
    };
    this.#makeWorker = makeSome;
    this.brought = brought;
    const size = Math.min(4, Math.max(1, (navigator.hardwareConcurrency || 2) - 1));
    this.#pool = new Pool(size, () => {
      const images = brought.images ? testsOf(brought.images) : undefined;
      const options = { data: dataAddress(), images, sets: ['test'] as ImageSet[] };
      const onData = (state: DataState) => this.#poolData(state);
      const cached = this.#cached;
      return new Client(makeSome(), { ...options, cached, onData, budgetMs: POOL_BUDGET_MS });
    });
    this.session = new Session(
      this.#pool,
      (digest) => brought.networks.has(digest),
      brought.images,
    );
    this.farm = new Farm({
      size: farmSize(),
      makeClient: (events) => {
        const options = { ...this.#data, sets: ['test', 'train'] as ImageSet[] };
        const client = new Client(makeSome(), {
          ...options,
          ...events,
          cached: this.#cached,
          budgetMs: POOL_BUDGET_MS,
        });
        this.#hand(client);
        return client;
      },
      onBusy: (busy) => this.session.stepAside(busy),
    });
    this.#address = new AddressBar(this.session);
    engine.value = { phase: 'starting', workers: size };
  }

  start(): void {
    const sentence = whatIsMissing();
    if (sentence) {
      engine.value = { phase: 'unsupported', sentence, workers: 0 };
      return;
    }
    this.#stopAddress = this.#address.start();
    this.#startLab();
  }

  /** Opens a link, an address or its fragment alone; `said`: the visitor asked for its work. */
  openLink(link: string, said: boolean): void {
    this.#address.open(link, said);
  }

  /** Ends every worker; another engine takes over. */
  stop(): void {
    clearTimeout(this.#restarting);
    this.#stopAddress();
    this.session.stop();
    this.#lab?.terminate();
    this.#pool.terminate();
    this.farm.terminate();
  }

  /** Takes a network from a file, with which recipes may begin from now on. */
  bring(digest: string, bytes: Uint8Array): void {
    this.brought.networks.set(digest, bytes);
    for (const client of [this.#lab, ...this.farm.clients]) {
      // A worker that is lost is replaced by one that is given it.
      client?.call('bringNetwork', [bytes]).catch(() => {});
    }
  }

  /** Reads a stranger's file in a worker of its own, which nothing else depends on. */
  async readFile<M extends keyof FileCalls>(method: M, args: Arguments<M>): Promise<Answer<M>> {
    const options = { data: dataAddress(), sets: [], budgetMs: POOL_BUDGET_MS };
    const reader = new Client(this.#makeWorker(), options);
    try {
      return await reader.call(method, args);
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error;
      throw new Error(`This broke the worker that read it, and nothing else. ${error.message}`);
    } finally {
      reader.terminate();
    }
  }

  get #data() {
    return { data: dataAddress(), images: this.brought.images ?? undefined };
  }

  #hand(client: Pick<Client, 'call'>): void {
    for (const bytes of this.brought.networks.values()) {
      client.call('bringNetwork', [bytes]).catch(() => {});
    }
  }

  retryData(): void {
    this.#lab?.retryData();
    this.#pool.retryData();
    this.farm.retryData();
  }

  /** Finished networks of the lab, with which another one need not train them again. */
  readonly checkpoints = (): Uint8Array[] =>
    this.#checkpoints.flatMap(({ bytes, whole }) => (whole ? [bytes] : []));

  #startLab(): void {
    const lab = new Client(this.#makeWorker(), {
      ...this.#data,
      sets: ['test', 'train'],
      cached: this.#cached,
      budgetMs: LAB_BUDGET_MS,
      onData: (state) => this.#dataArrived(state),
      onCheckpoint: (bytes, whole) => {
        const kept = this.#checkpoints.filter((checkpoint) => checkpoint.whole);
        this.#checkpoints = [...kept, { bytes, whole, deaths: 0 }].slice(-MOST_CHECKPOINTS);
        this.#restarts.did();
        this.session.progressed();
      },
      onLost: (reason) => this.#labLost(reason),
    });
    this.#lab = lab;
    this.session.desk.attach(lab);
    // A loss on the way is `onLost`'s to handle.
    lab.ready.then(() => this.#labReady(lab)).catch(() => {});
  }

  async #labReady(lab: Client): Promise<void> {
    this.#cached = true;
    this.#hand(lab);
    for (const checkpoint of [...this.#checkpoints]) {
      // Without it the replay starts from the beginning, which is slower and nothing else.
      await lab.call('restore', [checkpoint.bytes]).catch(() => {});
      if (!lab.lost) continue;
      checkpoint.deaths++;
      this.#checkpoints = this.#checkpoints.filter(({ deaths }) => deaths < MOST_RESTORES);
      break;
    }
    if (lab.lost) return;
    engine.value = { phase: 'ready', workers: engine.peek().workers };
    this.#tell(null);
    if (this.#news) notify('info', this.#news);
    this.#news = '';
    this.session.labReady();
    await this.#address.labReady();
  }

  #labLost(reason: WorkerLost): void {
    const rest = this.#restarts.died();
    const busy = training.peek().phase !== 'idle';
    this.session.labLost();
    const { workers, phase } = engine.peek();
    const never = phase === 'starting';
    if (rest === null) {
      const sentence = never
        ? `The compute worker could not be started. (${reason.message}) Try again, or try a newer browser.`
        : `The compute worker stopped again and again, and was not started anew. (${reason.message}) What is on screen stays.`;
      this.#news = '';
      this.#tell(null);
      engine.value = { phase: 'stopped', sentence, workers };
      return;
    }
    engine.value = { phase: never ? 'starting' : 'restarting', workers };
    if (busy) this.#news = TRAINING_GOES_ON;
    else if (!never) this.#news ||= NOTHING_LOST;
    if (never) this.#tell(`${reason.message} Trying again.`);
    this.#restarting = setTimeout(() => this.#startLab(), rest);
  }

  /** Starts the lab's worker again after it was given up. */
  again(): void {
    if (engine.peek().phase !== 'stopped') return;
    this.#restarts.again();
    engine.value = { phase: 'restarting', workers: engine.peek().workers };
    this.#startLab();
  }

  /** Where the lab's worker lacks images too, it says so itself. */
  #poolData({ phase, sentence }: DataState): void {
    if (phase !== 'failed' || data.peek().phase === 'failed') return;
    notify('problem', sentence ?? 'Images are missing.', () => this.#pool.retryData());
  }

  /** What is told until a worker is there, or nothing. */
  #tell(sentence: string | null): void {
    if (this.#told !== null) dismissNotice(this.#told);
    this.#told = sentence === null ? null : notify('info', sentence);
  }

  #dataArrived(state: DataState): void {
    data.value = state;
    const shown = Math.min(GALLERY, state.testTotal || GALLERY);
    if (state.test >= shown && rawDigits.peek().length === 0) void this.#readDigits(shown);
    // Images that were waited for may be here now.
    this.session.changed();
  }

  async #readDigits(count: number): Promise<void> {
    const lab = this.#lab;
    if (!lab) return;
    try {
      const pixels = await lab.call('images', ['test', 0, count]);
      const labels = await lab.call('labels', ['test', 0, count]);
      if (lab.lost) return;
      const size = pixels.length / count;
      rawDigits.value = Array.from(labels, (label, i) => ({
        label,
        pixels: pixels.slice(i * size, (i + 1) * size),
      }));
    } catch {
      // The next news of the data tries again.
    }
  }
}

const TRAINING_GOES_ON =
  'The compute worker stopped and was replaced; training goes on from the newest checkpoint.';
const NOTHING_LOST = 'The compute worker stopped and was replaced; nothing was lost.';

/** Stands for a worker that could not even be made: dies as soon as somebody listens. */
function stillborn(message: string): WorkerLike {
  const worker: WorkerLike = {
    ...{ onmessage: null, onerror: null },
    addEventListener: () => {},
    postMessage: () => {},
    terminate: () => {},
  };
  queueMicrotask(() => worker.onerror?.({ message } as ErrorEvent));
  return worker;
}

/** Without the images to train on, of which the pool needs none. */
function testsOf(images: ImageFiles): ImageFiles {
  return { ...images, train: new Uint8Array(0), trainLabels: new Uint8Array(0) };
}

/** Wherever the page is hosted, the images lie beside it. */
function dataAddress(): string {
  return new URL('data/', document.baseURI).href;
}
