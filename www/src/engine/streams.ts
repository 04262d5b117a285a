/** Keeps the pool at what is wanted: opens what is missing, cancels what nobody waits for. */
import { WorkerLost } from './client';
import type { Block, BlockResult, Pool, Stream, StreamRequest } from './pool';
import type { Counting } from './tally';

export interface Want extends Pick<StreamRequest, 'rank' | 'job'> {
  key: string;
  network: { digest: string; bytes: Uint8Array | undefined };
  tally: Counting;
  /** Takes the outcome of a block. */
  keep(block: Block, result: BlockResult, images: Float32Array | null): Promise<void>;
}

interface Options {
  pool: Pick<Pool, 'run'>;
  /** Something was counted. */
  onBlock(): void;
  /** Everything of one stream was counted. */
  onDone(): void;
  onFailed(sentence: string, retry: () => void): void;
}

export class Streams {
  readonly #options: Options;
  readonly #open = new Map<string, { stream: Stream; tally: Counting }>();
  readonly #failed = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
  }

  update(wants: Iterable<Want>): void {
    const wanted = new Map<string, Want>();
    for (const want of wants) if (!wanted.has(want.key)) wanted.set(want.key, want);
    for (const [key, { stream, tally }] of this.#open) {
      // A fresh tally under the same name: what was counted so far was lost with its worker.
      if (wanted.get(key)?.tally === tally) continue;
      this.#open.delete(key);
      stream.cancel();
    }
    for (const want of wanted.values()) this.#start(want);
  }

  #start(want: Want): void {
    const { key, tally, network } = want;
    const { bytes, digest } = network;
    if (this.#open.has(key) || this.#failed.has(key) || tally.done || !bytes) return;
    const stream = this.#options.pool.run({
      rank: want.rank,
      job: want.job,
      network: { digest, bytes },
      blocks: tally.missing(),
      onBlock: (block, result, images) => {
        want.keep(block, result, images).then(
          () => this.#counted(want),
          (error) => this.#notKept(want, error),
        );
      },
      onFailed: (sentence) => this.#fail(want, sentence),
    });
    this.#open.set(key, { stream, tally });
  }

  #counted({ key, tally }: Want): void {
    this.#options.onBlock();
    if (!tally.done) return;
    this.#open.delete(key);
    this.#options.onDone();
  }

  #notKept(want: Want, error: unknown): void {
    // The lab's worker died: what it had is crafted again for the next one.
    if (error instanceof WorkerLost) return;
    this.#fail(want, error instanceof Error ? error.message : String(error));
  }

  #fail({ key }: Want, sentence: string): void {
    this.#open.get(key)?.stream.cancel();
    this.#open.delete(key);
    this.#failed.add(key);
    this.#options.onFailed(sentence, () => {
      this.#failed.delete(key);
      this.#options.onDone();
    });
  }
}
