/**
 * The evaluation pool: works through blocks of test images on several workers. A network, a job
 * and a range of images make a stream; its blocks depend on their number alone, and each is
 * computed from nothing but the network, the job and its own images, so that neither the number of
 * workers nor the order of the blocks can change a figure.
 */
import { Cancelled } from './client';
import { ATTEMPTS, Crew, type CrewClient } from './crew';
import { givenUp } from './lastWords';
import type { Outcome } from './protocol';
import type { Job } from './types';

/** A job on a range of test images. */
type Ranged = Extract<Job, { from: number }>;
type Unranged<J> = J extends Ranged ? Omit<J, 'from' | 'to'> : never;

/** What is done with every block of a stream. */
export type BlockJob = Unranged<Ranged>;
/** What came of it. */
export type BlockResult = Outcome<Ranged>;

/** What every block is a multiple of, but for the last one. */
export const BLOCK = 128;

/**
 * Blocks are larger where there are many: images that are fooled leave an attack, and of a large
 * block enough are left to fill a batch. Of few, each worker should have some.
 */
function blockSize(images: number): number {
  return images < 32 * BLOCK ? BLOCK : 4 * BLOCK;
}

export interface Block {
  from: number;
  to: number;
}

export interface StreamRequest {
  /** Streams of a lower rank go first; those of the same rank take turns. */
  rank: number;
  network: { digest: string; bytes: Uint8Array };
  job: BlockJob;
  blocks: Block[];
  /** Called once for each block; `images` where they were crafted. */
  onBlock(block: Block, result: BlockResult, images: Float32Array | null): void;
  /** The stream is given up: a block failed for good. */
  onFailed(sentence: string): void;
}

export interface Stream {
  cancel(): void;
}

interface Slot {
  client: CrewClient;
  loaded: string;
  work: { stream: Open; cancel: () => void } | null;
}

interface Open extends StreamRequest {
  queue: Block[];
  lastTurn: number;
  attempts: Map<number, number>;
  ended: boolean;
}

export class Pool {
  readonly #crew: Crew<Slot>;
  #streams: Open[] = [];
  #turn = 0;

  constructor(size: number, makeClient: () => CrewClient) {
    this.#crew = new Crew(
      size,
      () => ({ client: makeClient(), loaded: '', work: null }),
      () => this.#pump(),
    );
  }

  run(request: StreamRequest): Stream {
    const queue = [...request.blocks];
    const stream: Open = { ...request, queue, lastTurn: 0, attempts: new Map(), ended: false };
    this.#streams.push(stream);
    this.#pump();
    return { cancel: () => this.#end(stream) };
  }

  retryData(): void {
    this.#crew.retryData();
  }

  terminate(): void {
    for (const stream of this.#streams) stream.ended = true;
    this.#streams = [];
    this.#crew.terminate();
  }

  #end(stream: Open): void {
    stream.ended = true;
    this.#streams = this.#streams.filter((other) => other !== stream);
    for (const { work } of this.#crew.slots) if (work?.stream === stream) work.cancel();
  }

  #pump(): void {
    // Workers are only started when there is something to do.
    if (this.#streams.some(({ queue }) => queue.length > 0)) this.#crew.fill();
    for (const slot of this.#crew.slots) {
      if (slot.work) continue;
      const stream = this.#next();
      const block = stream?.queue.shift();
      if (stream && block) void this.#work(slot, stream, block);
    }
  }

  #next(): Open | undefined {
    const open = this.#streams.filter((stream) => stream.queue.length > 0);
    open.sort((a, b) => a.rank - b.rank || a.lastTurn - b.lastTurn);
    const [stream] = open;
    if (stream) stream.lastTurn = ++this.#turn;
    return stream;
  }

  async #work(slot: Slot, stream: Open, block: Block): Promise<void> {
    let cancel = () => {};
    slot.work = { stream, cancel: () => cancel() };
    try {
      const { network, job } = stream;
      if (slot.loaded !== network.digest) {
        slot.loaded = '';
        await slot.client.call('loadNetwork', [network.bytes]);
        slot.loaded = network.digest;
      }
      if (stream.ended) throw new Cancelled();
      const running = slot.client.job({ ...job, ...block });
      cancel = running.cancel;
      const result = await running.outcome;
      const crafted = job.job === 'attack' && job.purpose === 'craft';
      const images = crafted ? await slot.client.call('attackImages', []) : null;
      this.#crew.did();
      if (!stream.ended) stream.onBlock(block, result, images);
      this.#forgetWhenDone(stream);
    } catch (error) {
      this.#failed(slot, stream, block, error);
    }
    slot.work = null;
    this.#pump();
  }

  #failed(slot: Slot, stream: Open, block: Block, error: unknown): void {
    const lost = this.#crew.died(slot, error);
    const said = error instanceof Error ? error.message : String(error);
    const sentence = lost ? givenUp(said) : said;
    if (lost && this.#crew.hopeless()) {
      // Whatever else waits would fare no better.
      for (const other of [...this.#streams]) this.#fail(other, sentence);
      return;
    }
    if (stream.ended || error instanceof Cancelled) return;
    const attempts = (stream.attempts.get(block.from) ?? 0) + 1;
    stream.attempts.set(block.from, attempts);
    if (lost && attempts < ATTEMPTS) stream.queue.unshift(block);
    else this.#fail(stream, sentence);
  }

  #fail(stream: Open, sentence: string): void {
    this.#end(stream);
    stream.onFailed(sentence);
  }

  #forgetWhenDone(stream: Open): void {
    const busy = this.#crew.slots.filter((slot) => slot.work?.stream === stream).length > 1;
    if (stream.queue.length === 0 && !busy) this.#end(stream);
  }
}

/** All blocks of the first `images` images. */
export function blocksOf(images: number): Block[] {
  const size = blockSize(images);
  const count = Math.ceil(images / size);
  // The first half of MNIST's test set is the easier one. Visiting the blocks in strides keeps a
  // figure that is still streaming from starting too high; the finished one is the same anyway.
  const stride = strideOf(count);
  return Array.from({ length: count }, (_, i) => {
    const from = ((i * stride) % count) * size;
    return { from, to: Math.min(from + size, images) };
  });
}

/** A number near the golden section of `count` that shares no factor with it. */
function strideOf(count: number): number {
  let stride = Math.max(1, Math.round(count * 0.618));
  while (greatestCommonDivisor(stride, count) > 1) stride++;
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
