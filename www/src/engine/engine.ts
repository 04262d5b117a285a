/** Starts the workers, replaces those that die, and tells the page how the engine is. */
import { data, engine, rawDigits, training } from '../state';
import { AddressBar } from './address';
import { Client, type WorkerLike, type WorkerLost } from './client';
import { Farm, farmSize } from './farm';
import { GALLERY } from './measure';
import { dismissNotice, notify } from './notices';
import { Pool } from './pool';
import type { Answer, Arguments, DataState, FileCalls } from './protocol';
import { Session } from './session';
import { whatIsMissing } from './support';
import type { ImageFiles, ImageSet } from './types';

/** Steps of the worker that trains are short, so that a click is answered within a frame. */
const LAB_BUDGET_MS = 12;
const POOL_BUDGET_MS = 30;
/** Deaths in a row after which another try would only be the next. */
const MOST_DEATHS = 4;
const DEATHS_WITHIN_MS = 90_000;
/** Enough for the steps of an ordinary recipe; each is as large as its network. */
const MOST_CHECKPOINTS = 8;

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
  #checkpoints: { bytes: Uint8Array; whole: boolean }[] = [];
  #deaths: number[] = [];
  /** What to tell once a replacement is there. */
  #news = '';
  #told: number | null = null;
  #stopAddress = () => {};

  constructor(
    makeWorker: () => WorkerLike,
    brought: Brought = { networks: new Map(), images: null },
  ) {
    this.#makeWorker = makeWorker;
    this.brought = brought;
    const size = Math.min(4, Math.max(1, (navigator.hardwareConcurrency || 2) - 1));
    this.#pool = new Pool(size, () => {
      const images = brought.images ? testsOf(brought.images) : undefined;
      const options = { data: dataAddress(), images, sets: ['test'] as ImageSet[] };
      return new Client(makeWorker(), { ...options, budgetMs: POOL_BUDGET_MS });
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
        const client = new Client(makeWorker(), {
          ...options,
          ...events,
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
      budgetMs: LAB_BUDGET_MS,
      onData: (state) => this.#dataArrived(state),
      onCheckpoint: (bytes, whole) => {
        const kept = this.#checkpoints.filter((checkpoint) => checkpoint.whole);
        this.#checkpoints = [...kept, { bytes, whole }].slice(-MOST_CHECKPOINTS);
      },
      onLost: (reason) => this.#labLost(reason),
    });
    this.#lab = lab;
    this.session.desk.attach(lab);
    // A loss on the way is `onLost`'s to handle.
    lab.ready.then(() => this.#labReady(lab)).catch(() => {});
  }

  async #labReady(lab: Client): Promise<void> {
    this.#hand(lab);
    for (const { bytes } of this.#checkpoints) {
      // Without it the replay starts from the beginning, which is slower and nothing else.
      await lab.call('restore', [bytes]).catch(() => {});
    }
    if (lab.lost) return;
    engine.value = { phase: 'ready', workers: engine.peek().workers };
    if (this.#told !== null) dismissNotice(this.#told);
    if (this.#news) notify('info', this.#news);
    this.#news = '';
    this.session.labReady();
    await this.#address.labReady();
  }

  #labLost(reason: WorkerLost): void {
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((then) => now - then < DEATHS_WITHIN_MS), now];
    const busy = training.peek().phase !== 'idle';
    this.session.labLost();
    const { workers, phase } = engine.peek();
    const never = phase === 'starting';
    if (this.#deaths.length >= MOST_DEATHS) {
      const sentence = never
        ? `The compute worker could not be started (${reason.message}) Reload the page, or try a newer browser.`
        : `The compute worker stopped again and again (${reason.message}) Reload the page to go on.`;
      engine.value = { phase: 'unsupported', sentence, workers };
      this.#tell('problem', sentence, () => {
        this.#deaths = [];
        engine.value = { phase: 'starting', workers };
        this.#startLab();
      });
      return;
    }
    engine.value = { phase: never ? 'starting' : 'restarting', workers };
    if (never) this.#tell('info', `${reason.message} Trying again.`);
    else {
      const after = busy ? 'training went on from the last checkpoint' : 'nothing was lost';
      this.#news = `The compute worker stopped and was replaced; ${after}.`;
    }
    // Twice in a row may be a network that is down for a moment.
    setTimeout(() => this.#startLab(), 500 * (this.#deaths.length - 1));
  }

  /** Until a worker is there. */
  #tell(kind: 'info' | 'problem', sentence: string, retry?: () => void): void {
    if (this.#told !== null) dismissNotice(this.#told);
    this.#told = notify(kind, sentence, retry);
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

/** Without the images to train on, of which the pool needs none. */
function testsOf(images: ImageFiles): ImageFiles {
  return { ...images, train: new Uint8Array(0), trainLabels: new Uint8Array(0) };
}

/** Wherever the page is hosted, the images lie beside it. */
function dataAddress(): string {
  return new URL('data/', document.baseURI).href;
}
