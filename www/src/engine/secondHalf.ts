/**
 * The second half of the core. The first opens the page and trains on clean images; what attacks,
 * measures and cuts is in the second, which a worker fetches once the first works and images have
 * begun to arrive, or when it is asked for something that needs it (`xtask/src/halves.rs`).
 */
import type { ToWorker } from './protocol';
import type { Recipe } from './types';

/** What the first half answers by itself. */
const FIRST: ReadonlySet<string> = new Set([
  'checkpoint',
  'checkRecipe',
  'facts',
  'formatLink',
  'hasNetwork',
  'images',
  'labels',
  'networkBytes',
  'parseLink',
  'patterns',
  'referenceBytes',
  'weights',
]);

const isTraining = ({ steps }: Recipe): boolean =>
  steps.every((step) => step.step === 'train' && step.against === 'none');

/** Whether the first half can do that alone. */
export function isOfFirst(message: Extract<ToWorker, { kind: 'call' | 'job' }>): boolean {
  if (message.kind === 'call') return FIRST.has(message.method);
  return message.job.job === 'replay' && isTraining(message.job.recipe);
}

export class SecondHalf {
  readonly #address: string;
  readonly #first: WebAssembly.ModuleImports;
  #there = false;
  #coming: Promise<void> | null = null;

  /** `first`: what the first half exports. */
  constructor(address: string, first: object) {
    this.#address = address;
    this.#first = first as WebAssembly.ModuleImports;
  }

  get there(): boolean {
    return this.#there;
  }

  /** Fetches it, unless it is there; when that fails, in one sentence, the next call tries again. */
  load(): Promise<void> {
    if (this.#there) return Promise.resolve();
    this.#coming ??= this.#fetch().finally(() => {
      this.#coming = null;
    });
    return this.#coming;
  }

  /** Fetches it while everything waits: for a call that is in need of it already. */
  loadNow(): void {
    if (this.#there) return;
    const request = new XMLHttpRequest();
    request.open('GET', this.#address, false);
    request.responseType = 'arraybuffer';
    try {
      request.send();
    } catch {
      throw new Error(MISSING);
    }
    if (request.status !== 200) throw new Error(MISSING);
    let module: WebAssembly.Module;
    try {
      module = new WebAssembly.Module(request.response);
    } catch {
      throw new Error(DAMAGED);
    }
    this.#join(module);
  }

  async #fetch(): Promise<void> {
    const response = await fetch(this.#address).catch(() => null);
    const bytes = response?.ok ? await response.arrayBuffer().catch(() => null) : null;
    if (!bytes) throw new Error(MISSING);
    this.#join(await WebAssembly.compile(bytes).catch(() => Promise.reject(new Error(DAMAGED))));
  }

  #join(module: WebAssembly.Module): void {
    // It may have come at once meanwhile.
    if (this.#there) return;
    new WebAssembly.Instance(module, { first: this.#first });
    this.#there = true;
  }
}

const DAMAGED = 'The part of the program that attacks, measures and cuts arrived damaged.';
const MISSING =
  'The part of the program that attacks, measures and cuts could not be fetched; is the connection down?';
