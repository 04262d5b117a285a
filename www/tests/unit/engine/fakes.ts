/** A Lab and a worker that answer at once, so that the page's side can be tested without wasm. */
import type { WorkerLike } from '../../../src/engine/client';
import { prefixKey } from '../../../src/engine/farmWork';
import { Host, type HostLab } from '../../../src/engine/host';
import { networkKey } from '../../../src/engine/keys';
import type { FromWorker, LinkCalls, ToWorker } from '../../../src/engine/protocol';
import { referenceOf } from '../../../src/engine/recipes';
import type {
  Check,
  Contributions,
  Evidence,
  Job,
  JobResult,
  NetworkFacts,
  Progress,
  Recipe,
  Scores,
  TrialResult,
} from '../../../src/engine/types';

const UNITS = [8, 4];

/** A digest of sixteen hex digits, from anything that can be written down. */
export function digestOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const char of text) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(char.charCodeAt(0))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

/** Steps that a training takes; a test can look in between. */
const TRAINING_STEPS = 5;

export class FakeLab implements HostLab {
  /** Every job begun, in order. */
  readonly begun: Job[] = [];
  readonly old = new Map<string, number>();
  dies = false;
  /** Trainings from scratch that were done here. */
  trained = 0;
  /** Jobs that kill the worker. */
  poisoned: (job: Job) => boolean = () => false;
  /** What has arrived. */
  data = { train: 60_000, test: 10_000 };
  #recipe: Recipe | null = null;
  #known = new Set<string>();
  #job: Job | null = null;
  #left = 0;
  #digest = '';

  begin(job: Job): void {
    this.begun.push(job);
    this.#job = job;
    this.#left = 1;
    if (job.job === 'trial') this.#left += this.#training(job.recipe);
    if (job.job === 'replay' || job.job === 'trial') {
      const last = job.recipe.steps.at(-1);
      if (last?.step === 'cut' && last.units.some((row, i) => row.length === UNITS[i])) {
        this.#job = null;
        throw new Error('Layer 1 would be left without a unit.');
      }
      if (job.job === 'trial') return;
      const slow = last?.step === 'train' && !this.#known.has(networkKey(job.recipe));
      if (slow) this.#left = TRAINING_STEPS;
    }
  }

  step(): Progress {
    const job = this.#job;
    if (this.dies || (job && this.poisoned(job))) throw new WebAssembly.RuntimeError('unreachable');
    const waits = job !== null && 'to' in job && this.data.test < job.to;
    if (!waits) this.#left--;
    const done = this.#left === 0;
    const training = this.#job?.job === 'replay';
    // The steps of a trial are those of its training, and one that measures.
    const trained = job?.job === 'trial' && this.#left === 1;
    if (trained) this.#remember(job.recipe);
    if (done && this.#job?.job === 'replay') {
      this.#recipe = this.#job.recipe;
      this.#known.add(networkKey(this.#recipe));
    }
    return {
      done,
      fraction: 1 - this.#left / TRAINING_STEPS,
      stage: waits ? 'waiting' : training ? 'training' : 'scoring',
      stepIndex: 0,
      steps: 1,
      epoch: 1,
      epochs: 1,
      imagesDone: 100 * (TRAINING_STEPS - this.#left),
      imagesTotal: 100 * TRAINING_STEPS,
      losses: [this.#left],
      watched: [],
      overfitting: false,
      checkpoint: trained,
    };
  }

  /** Steps that its training from scratch takes, if it is not known. */
  #training(recipe: Recipe): number {
    return this.#known.has(prefixKey(recipe)) ? 0 : TRAINING_STEPS;
  }

  #remember(recipe: Recipe): void {
    if (this.#known.has(prefixKey(recipe))) return;
    this.#known.add(prefixKey(recipe));
    this.trained++;
  }

  cancel(): void {
    this.#job = null;
  }

  result(): JobResult {
    const job = this.#job;
    if (job?.job === 'replay') return { job: 'replay', ...this.facts() };
    if (job?.job === 'trial') return { job: 'trial', ...this.#trial(job) };
    if (job?.job === 'score') return { job: 'score', ...this.#scores(job) };
    if (job?.job === 'distortion') {
      const none = { relative: [], rms: [], pre: [], fooled: [], activation: [], deviation: [] };
      const layers = UNITS.map((n) => ({ ...none, units: Array(n).fill(1), mean: 1, silent: [] }));
      const { digest } = this.facts();
      return { job: 'distortion', digest, layers, network: 1, images: 1, adversarialCorrect: 0 };
    }
    if (job?.job === 'image') return { job: 'image', ...this.#image(job) };
    if (job?.job === 'trajectory') return { job: 'trajectory', ...this.#trajectory(job) };
    if (job?.job === 'gallery') return { job: 'gallery', items: [] };
    const studied = this.#studied(job);
    if (studied) return studied;
    if (!job || !('to' in job)) throw new Error('No job was done.');
    const { from, to } = job;
    const total = to - from;
    const block = { from, to, total };
    const size = (index: number) => Math.floor(total / (index + 1));
    if (job.job === 'gradients') {
      return { job: 'gradients', ...block, correct: total, zero: 0, vanishing: 0 };
    }
    if (job.job === 'certify') {
      // Half of what the attack below leaves.
      const proven = job.sizes.map((_, index) => Math.floor(size(index) / 2));
      return { job: 'certify', ...block, proven, byIntervals: proven.map(() => 0) };
    }
    if (job.job === 'curve') {
      return { job: 'curve', ...block, clean: total, correct: job.sizes.map((_, at) => size(at)) };
    }
    // One image in four withstands, whatever the network; of an aimed attack all get there.
    const correct = Math.floor(total / 4);
    const { target, eps } = job.settings;
    const withstands = (index: number) => target < 0 && index < correct;
    const images = Array.from({ length: total }, (_, index) => index);
    return {
      job: 'attack',
      ...block,
      correct,
      predictions: images.map((i) =>
        target >= 0 ? target : (from + i + (withstands(i) ? 0 : 1)) % 10,
      ),
      medianNorm: eps,
      norms: images.map((i) => (withstands(i) ? Number.POSITIVE_INFINITY : eps)),
      queries: total,
    };
  }

  /** The laboratory's results, as empty as they may be. */
  #studied(job: Job | null): JobResult | null {
    const none = new Float32Array(0);
    if (job?.job === 'similarity') {
      const { digest } = this.facts();
      return { job: 'similarity', digest, conditions: [], shown: [], labels: [], layers: [] };
    }
    if (job?.job === 'mixture') {
      const together = { mean: { short: 0, rare: 0 }, sum: { short: 0, rare: 0 } };
      return {
        job: 'mixture',
        digest: this.facts().digest,
        beforeDigest: this.before,
        mixture: {
          filters: 0,
          left: 0,
          before: together,
          after: together,
          residual: together,
          cosine: 0,
          along: 0,
        },
        filters: [],
        before: none,
        after: none,
      };
    }
    if (job?.job !== 'pixels') return null;
    const { digest } = this.facts();
    const maps = { mean: none, relative: none, readers: new Uint32Array(0) };
    const { images, settings } = job;
    return { job: 'pixels', digest, images, scored: settings.images, units: 8, ...maps };
  }

  /** A figure for every recipe, that hangs on nothing else. */
  #trial({ recipe, asked }: Extract<Job, { job: 'trial' }>): TrialResult {
    const digest = digestOf(networkKey(recipe));
    const correct = Number(BigInt(`0x${digest}`) % 100n);
    const count = { correct, total: 100, low: correct / 200, high: (correct + 100) / 200 };
    const at = (eps: number) => ({ eps, count });
    const { transfer = false, adaptive = [], certified = [], frozen } = asked;
    return {
      digest,
      reference: digestOf(networkKey(referenceOf(recipe))),
      sparsity: 0,
      unitsPruned: 0,
      units: 12,
      pixelsPruned: 0,
      images: recipe.measure.images,
      clean: count,
      transfer: transfer ? adaptive.map(at) : [],
      adaptive: adaptive.map(at),
      certified: certified.map(at),
      frozen,
    };
  }

  #scores(cut: { prune?: unknown; units?: unknown; base?: number }): Scores {
    const facts = this.facts(cut.base);
    const changed = cut.prune || cut.units;
    this.#digest = changed ? digestOf(facts.digest + JSON.stringify(cut)) : facts.digest;
    const count = { correct: 97, total: 100, low: 0.9, high: 0.99 };
    const { pruned, sparsity, unitsPruned, units, pixelsPruned, pixels } = facts;
    const scores: Scores = {
      digest: this.#digest,
      clean: count,
      pruned,
      sparsity,
      unitsPruned,
      units,
      pixelsPruned,
      pixels,
    };
    const images = this.#recipe?.measure.images ?? 0;
    if ((this.old.get(facts.oldKey) ?? 0) >= images) scores.transfer = count;
    return scores;
  }

  facts(base?: number): NetworkFacts {
    const all = this.#recipe;
    if (!all) throw new Error('There is no network yet.');
    const recipe = { ...all, steps: all.steps.slice(0, base) };
    const top = recipe.steps.at(-1);
    const pruned = top?.step === 'cut' ? top.units : UNITS.map(() => []);
    const pixels = top?.step === 'cut' ? (top.pixels ?? []) : [];
    const referenceDigest = digestOf(networkKey(referenceOf(recipe)));
    return {
      digest: digestOf(networkKey(recipe)),
      referenceDigest,
      oldKey: `${referenceDigest} ${JSON.stringify([recipe.attack, recipe.measure.eps])}`,
      hidden: UNITS,
      pruned,
      sparsity: 0,
      unitsPruned: pruned.flat().length,
      units: 12,
      pixelsPruned: pixels.length,
      pixels,
      parameters: 100,
      trained: true,
    };
  }

  setOldImages(key: string, _from: number, images: Float32Array): void {
    const before = this.old.get(key) ?? 0;
    this.old.clear();
    this.old.set(key, before + images.length / 784);
  }

  /** Every network differs in the first unit, if at all. */
  compare = (first: Uint8Array, second: Uint8Array) => {
    const text = new TextDecoder();
    const same = text.decode(first) === text.decode(second);
    const counts = { first: same ? 0 : 1, second: 0, both: 0, of: 50 };
    return { weights: [counts], pixels: { ...counts, first: 0 }, changed: [same ? [] : [0], []] };
  };

  hasNetwork = () => this.#recipe !== null;
  networkBytes = () => new TextEncoder().encode(this.facts().digest);
  referenceBytes = () => new TextEncoder().encode(this.facts().referenceDigest);
  candidateBytes = () => new TextEncoder().encode(this.#digest);
  /** The network that filters are compared with. */
  before = '';
  loadBefore = (bytes: Uint8Array) => {
    this.before = new TextDecoder().decode(bytes);
  };
  loadNetwork = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  checkpoint = () => new TextEncoder().encode(JSON.stringify([...this.#known]));
  restore(bytes: Uint8Array): void {
    for (const key of JSON.parse(new TextDecoder().decode(bytes))) this.#known.add(key);
  }
  weights = () => new Float32Array(1);
  bringNetwork = () => '0123456789abcdef';
  logits = (_: Uint8Array, images: Float32Array) => new Float32Array((10 * images.length) / 784);
  contributions = (): Contributions => ({
    sums: [0.75, -0.25],
    bias: 0.25,
    inputs: [3],
    weights: [0.5],
    values: [[1], [0]],
    rests: [0, -0.5],
    others: 2,
  });
  patternsThrough = (layer: number) => new Float32Array((UNITS[layer] ?? 0) * 784).fill(0.5);
  patterns = (layer: number) => new Float32Array((UNITS[layer] ?? 0) * 784);
  attackImages(): Float32Array {
    const job = this.#job;
    return new Float32Array(job?.job === 'attack' ? 784 * (job.to - job.from) : 0);
  }
  images = () => new Uint8Array(0);
  /** The digits follow each other. */
  labels = (_: unknown, from: number, count: number) =>
    Uint8Array.from({ length: count }, (_, index) => (from + index) % 10);
  /** Every other image is read as what it shows. */
  readImages = (_: Uint8Array, images: Float32Array) =>
    Uint8Array.from({ length: images.length / 784 }, (_, index) =>
      index % 2 === 0 ? index % 10 : 99,
    );
  /** Drawings attacked, in order. */
  readonly drawings: number[][] = [];

  #image({ index = -1, drawing }: Extract<Job, { job: 'image' }>) {
    if (drawing) this.drawings.push(drawing);
    const layers = UNITS.map(() => ({ clean: [], attacked: [] }));
    const image: number[] = drawing ?? [];
    const probabilities = Array(10).fill(0.1);
    const two = { clean: probabilities, attacked: probabilities, layers };
    const effort = { norm: 0.1, iterations: 1, queries: 2 };
    return { index, label: 7, image, adversarial: image, ...two, ...effort, fooled: true };
  }

  #trajectory({ index = -1 }: Extract<Job, { job: 'trajectory' }>) {
    return {
      index,
      label: 7,
      frames: 2,
      steps: [0, 1],
      losses: [0, 1],
      read: [7, 3],
      probabilities: Array(20).fill(0.1),
      norms: [0, 0.1],
      pixels: new Float32Array(2 * 784),
      outputs: new Float32Array(2 * 12),
    };
  }
}

/** Noise that fools as much as an attack is the one sign this stand-in knows. */
function checks({ noise, adaptive }: Evidence): Check[] {
  const kind = 'noise' as const;
  if (noise === undefined) return [{ kind, state: 'unknown', sentence: 'Noise?', evidence: '' }];
  const state = noise > adaptive ? 'passed' : 'tripped';
  return [{ kind, state, sentence: 'Noise.', evidence: `${noise} and ${adaptive}.` }];
}

export const links: LinkCalls = {
  checkRecipe: (json) => JSON.parse(json),
  checks,
  formatLink: (recipe, view, digest) =>
    `v=1&fake=${btoa(JSON.stringify({ recipe, digest, view }))}`,
  parseLink: (link) => {
    const found = link.match(/fake=(.*)$/)?.[1];
    if (!found) throw new Error('This link is damaged.');
    const { view, ...rest } = JSON.parse(atob(found));
    return { ...rest, view: { ...view, image: 3 } };
  },
};

/** A worker with a Host and a FakeLab inside; messages are cloned, as between threads. */
export class FakeWorker implements WorkerLike {
  static all: FakeWorker[] = [];
  /** Jobs that kill every worker. */
  static poison: (job: Job) => boolean = () => false;
  readonly lab = new FakeLab();
  readonly host: Host;
  onmessage: WorkerLike['onmessage'] = null;
  onmessageerror: (() => void) | null = null;
  onerror: WorkerLike['onerror'] = null;
  terminated = false;
  /** Killed without a word: it neither hears nor speaks. */
  silent = false;

  constructor() {
    FakeWorker.all.push(this);
    this.lab.poisoned = FakeWorker.poison;
    const post = (message: FromWorker) => this.#speak(message);
    this.host = new Host({ lab: this.lab, links, post, budgetMs: 1 });
  }

  addEventListener(_: 'messageerror', heard: () => void): void {
    this.onmessageerror = heard;
  }

  postMessage(message: unknown): void {
    const copy = structuredClone(message) as ToWorker;
    queueMicrotask(() => {
      if (this.silent || this.terminated) return;
      if (copy.kind === 'start') this.#speak({ kind: 'ready' });
      else this.host.handle(copy);
    });
  }

  terminate(): void {
    this.terminated = true;
  }

  /** Says something of its own accord. */
  say(message: FromWorker): void {
    this.#speak(message);
  }

  #speak(message: FromWorker): void {
    const copy = structuredClone(message);
    queueMicrotask(() => {
      if (this.silent || this.terminated) return;
      this.onmessage?.({ data: copy } as MessageEvent);
    });
  }
}

export async function until(what: () => boolean, withinMs = 5000): Promise<void> {
  const start = performance.now();
  while (!what()) {
    if (performance.now() - start > withinMs) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
