/**
 * Fetches the packed images inside a worker: test set first, then the training images in file
 * order. What fails is named in one sentence; the rest goes on arriving and can be used.
 */
import { fetchIntact } from './intact';
import { isBeyondUse } from './lastWords';
import type { DataState } from './protocol';
import type { ChunkInfo, DataStatus, ImageSet, Manifest } from './types';

export interface LoaderOptions {
  /** Folder of the manifest and the chunks, ending in a slash. */
  address: string;
  sets: ImageSet[];
  /** The hash of the manifest, which has those of the chunks. */
  manifest?: string;
  /** Takes unpacked bytes; throws a sentence when they are not what the manifest promised. */
  add(info: ChunkInfo, bytes: Uint8Array): DataStatus;
  report(state: DataState): void;
  fetch?: typeof fetch;
  /** A chunk of which nothing arrives for so long is given up (until a retry). */
  stalledAfterMs?: number;
}

/** How many chunks are on their way at once: enough to hide the latency of one behind another. */
const AHEAD = 3;

const MANIFEST = 'manifest.json';

export class Loader {
  readonly #options: LoaderOptions;
  #manifest: Manifest | null = null;
  #missing: ChunkInfo[] = [];
  #state: DataState = { phase: 'loading', train: 0, test: 0, trainTotal: 0, testTotal: 0 };
  readonly #failed = new Set<string>();
  #running = false;
  /** Asked to load while loading: what failed so far is tried again right after. */
  #again = false;

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** Fetches whatever is not here yet; called again, it retries what failed. */
  async load(): Promise<void> {
    this.#again = this.#running;
    if (this.#running || this.#state.phase === 'ready') return;
    this.#running = true;
    const { sentence: _, ...rest } = this.#state;
    this.#report({ ...rest, phase: 'loading' });
    const problems: string[] = [];
    try {
      await this.#loadManifest();
      await this.#loadChunks(problems);
    } catch (error) {
      problems.push(sentenceOf(error));
    }
    this.#running = false;
    const [problem] = problems;
    if (problem !== undefined && this.#again) return this.load();
    if (problem === undefined) this.#report({ ...this.#state, phase: 'ready' });
    else this.#report({ ...this.#state, phase: 'failed', sentence: summary(problem, problems) });
  }

  async #loadManifest(): Promise<void> {
    if (this.#manifest) return;
    const { manifest: integrity } = this.#options;
    const bytes = await this.#fetch(MANIFEST, 'The list of images (manifest.json)', integrity);
    let manifest: Manifest;
    try {
      manifest = JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      throw new Error('The list of images (manifest.json) arrived damaged.');
    }
    if (manifest.version !== 1 || !Array.isArray(manifest.chunks)) {
      throw new Error('The list of images (manifest.json) is of a kind this page does not know.');
    }
    this.#manifest = manifest;
    const order = (info: ChunkInfo) => (info.set === 'test' ? 0 : 1);
    this.#missing = manifest.chunks
      .filter((info) => this.#options.sets.includes(info.set))
      .sort((a, b) => order(a) - order(b) || a.first - b.first);
    this.#report({ ...this.#state, trainTotal: manifest.train, testTotal: manifest.test });
  }

  async #loadChunks(problems: string[]): Promise<void> {
    const wanted = this.#missing;
    const failed: ChunkInfo[] = [];
    const arriving: Promise<Uint8Array | Error>[] = [];
    const fetchNext = () => {
      const info = wanted[arriving.length];
      if (info) arriving.push(this.#chunk(info).catch((error) => new Error(sentenceOf(error))));
    };
    for (let i = 0; i < AHEAD; i++) fetchNext();
    for (const [i, info] of wanted.entries()) {
      let outcome = (await arriving[i]) ?? new Error('');
      fetchNext();
      if (!(outcome instanceof Error)) outcome = this.#add(info, outcome) ?? outcome;
      if (!(outcome instanceof Error)) continue;
      failed.push(info);
      this.#failed.add(info.file);
      problems.push(outcome.message);
      // Told at once: a visitor need not wait for the rest to learn that something is missing.
      this.#report({ ...this.#state, phase: 'failed', sentence: outcome.message });
    }
    this.#missing = failed;
  }

  #add(info: ChunkInfo, bytes: Uint8Array): Error | null {
    try {
      const { train, test } = this.#options.add(info, bytes);
      this.#report({ ...this.#state, train, test });
      return null;
    } catch (error) {
      if (isBeyondUse(error)) throw error;
      const reason = sentenceOf(error);
      const named = reason.includes(info.file);
      return new Error(named ? reason : `The image file ${info.file} arrived damaged: ${reason}`);
    }
  }

  async #chunk(info: ChunkInfo): Promise<Uint8Array> {
    const packed = await this.#fetch(info.file, `The image file ${info.file}`);
    if (packed.byteLength !== info.bytes) {
      const [have, want] = [packed.byteLength, info.bytes].map((n) => n.toLocaleString('en'));
      throw new Error(`The image file ${info.file} arrived incomplete: ${have} of ${want} bytes.`);
    }
    try {
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    } catch {
      throw new Error(`The image file ${info.file} arrived damaged and cannot be unpacked.`);
    }
  }

  #fetch(file: string, name: string, integrity = ''): Promise<Uint8Array<ArrayBuffer>> {
    const { address, fetch, stalledAfterMs } = this.#options;
    return fetchIntact({
      ...{ address: new URL(file, address), name, integrity },
      // What failed may be kept as it failed.
      anew: this.#failed.has(file),
      ...(fetch ? { fetch } : {}),
      ...(stalledAfterMs === undefined ? {} : { stalledAfterMs }),
    });
  }

  #report(state: DataState): void {
    this.#state = state;
    this.#options.report(state);
  }
}

function summary(problem: string, problems: string[]): string {
  const others = new Set(problems).size - 1;
  if (others === 0) return problem;
  return `${problem} (${others} more ${others === 1 ? 'file is' : 'files are'} missing.)`;
}

/** What a caught value has to say. */
export function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text === '' ? 'Something went wrong without a word.' : text;
}
