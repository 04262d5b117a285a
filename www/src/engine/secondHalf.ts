/**
 * The second half of the core. The first opens the page and trains on clean images; what attacks,
 * measures and cuts is in the second, which a worker fetches once the first works and images have
 * begun to arrive, or when it is asked for something that needs it (`xtask/src/halves.rs`).
 */
import { asIntegrity, fetchIntact, type Wanted } from './intact';
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
  readonly #file: Pick<Wanted, 'address' | 'integrity'>;
  readonly #first: WebAssembly.ModuleImports;
  readonly #sha256: (bytes: Uint8Array) => Uint8Array;
  #there = false;
  #coming: Promise<void> | null = null;

  /** `first`: what the first half exports; `sha256`: what hashes at once. */
  constructor(
    file: Pick<Wanted, 'address' | 'integrity'>,
    first: object,
    sha256: (bytes: Uint8Array) => Uint8Array,
  ) {
    this.#file = file;
    this.#first = first as WebAssembly.ModuleImports;
    this.#sha256 = sha256;
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
    request.open('GET', this.#file.address, false);
    request.responseType = 'arraybuffer';
    try {
      request.send();
    } catch {
      throw new Error(MISSING);
    }
    if (request.status !== 200) throw new Error(MISSING);
    const bytes = new Uint8Array(request.response);
    const { integrity } = this.#file;
    if (integrity !== '' && integrity !== asIntegrity(this.#sha256(bytes)))
      throw new Error(DAMAGED);
    this.#join(new WebAssembly.Module(bytes));
  }

  async #fetch(): Promise<void> {
    const bytes = await fetchIntact({ ...this.#file, name: NAME });
    this.#join(await WebAssembly.compile(bytes));
  }

  #join(module: WebAssembly.Module): void {
    // It may have come at once meanwhile.
    if (this.#there) return;
    new WebAssembly.Instance(module, { first: this.#first });
    this.#there = true;
  }
}

const NAME = 'The part of the program that attacks, measures and cuts';
const DAMAGED = `${NAME} arrived damaged: it is not what the page was built with.`;
const MISSING = `${NAME} could not be fetched; is the connection down?`;
