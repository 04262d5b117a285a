/** Counts that grow block by block, and the figures made of them. */
import type { Figure } from '../state';
import { type Block, blocksOf } from './pool';
import type { AttackBlock, AttackSettings, Count } from './types';

type AttackedImages = Pick<AttackBlock, 'correct' | 'predictions' | 'norms'>;

/** 95 % of a normal distribution lie within so many standard deviations. */
export const Z = 1.959963984540054;

/** Wilson's score interval for `correct` of `total`, as fractions. */
export function wilson(correct: number, total: number): { low: number; high: number } {
  if (total === 0) return { low: 0, high: 1 };
  const share = correct / total;
  const z2 = (Z * Z) / total;
  const centre = (share + z2 / 2) / (1 + z2);
  const half = (Z * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total))) / (1 + z2);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

export function figureOf(count: Count): Figure {
  const { correct, total, low, high } = count;
  return { correct, total, of: total, low, high, done: true };
}

/** A finished count as a figure. */
export function figureFrom(correct: number, total: number): Figure {
  return { correct, total, of: total, ...wilson(correct, total), done: true };
}

/** Keeps book of the blocks of the first `of` images. */
export class Counting {
  readonly of: number;
  readonly #counted = new Set<number>();
  #total = 0;

  constructor(images: number) {
    this.of = images;
  }

  /** Whether the block was still to be counted; then it is counted now. */
  protected take({ from, to }: Block): boolean {
    if (this.#counted.has(from)) return false;
    this.#counted.add(from);
    this.#total += to - from;
    return true;
  }

  /** Images counted so far. */
  get total(): number {
    return this.#total;
  }

  get done(): boolean {
    return this.#total >= this.of;
  }

  /** Blocks still to do, in the order they are to be done. */
  missing(): Block[] {
    return blocksOf(this.of).filter((block) => !this.#counted.has(block.from));
  }

  /** A count of images as a figure. */
  protected asFigure(correct: number): Figure {
    const { total, of, done } = this;
    return { correct, total, of, ...wilson(correct, total), done };
  }
}

/** Some counts of images side by side, each summed over the blocks. */
export class Sums extends Counting {
  #values: number[] = [];

  add(block: Block, values: readonly number[]): void {
    if (!this.take(block)) return;
    this.#values = values.map((value, at) => value + (this.#values[at] ?? 0));
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** One of the counts as a figure. */
  figure(index: number): Figure {
    return this.asFigure(this.at(index));
  }
}

/** What one image came to that is not known. */
export const UNKNOWN = 255;

/** What an attack on images came to: how many withstood, and what became of each. */
export class Tally extends Counting {
  #correct = 0;
  readonly #blocks: { block: Block; correct: number }[] = [];
  /** What was read in each image, … */
  readonly read: Uint8Array;
  /** … and the norm of what fooled the network: 0 if it misread the image anyway, else Infinity. */
  readonly norms: Float32Array;

  constructor(images: number) {
    super(images);
    this.read = new Uint8Array(images).fill(UNKNOWN);
    this.norms = new Float32Array(images);
  }

  add(block: Block, { correct, predictions, norms }: AttackedImages): void {
    if (!this.take(block)) return;
    this.#correct += correct;
    this.#blocks.push({ block, correct });
    this.read.set(predictions, block.from);
    this.norms.set(norms, block.from);
  }

  figure(): Figure {
    return this.asFigure(this.#correct);
  }

  /** Whether nothing that fools an image was found within the size. */
  withstood(image: number, eps: number): boolean {
    const norm = this.norms[image] ?? 0;
    // Norms are 32-bit numbers, so the size itself may come back a little larger.
    return norm > eps * (1 + 1e-4);
  }

  /** How many of the first `images` withstood; nothing before all of them are counted. */
  first(images: number): number | undefined {
    const within = this.#blocks.filter(({ block }) => block.to <= images);
    const counted = within.reduce((sum, { block }) => sum + block.to - block.from, 0);
    if (counted !== images) return undefined;
    return within.reduce((sum, { correct }) => sum + correct, 0);
  }
}

/** Finds the tally of an attack on a network, or begins one; `key` names it in the pool. */
export type FindTally = (
  digest: string,
  attack: AttackSettings,
  seed: number,
  images: number,
) => { key: string; tally: Tally };
