/** Counts that grow block by block, and the figures made of them. */
import type { Figure } from '../state';
import { type Block, blocksOf } from './pool';
import type { Count } from './types';

/** 95 % of a normal distribution lie within so many standard deviations. */
const Z = 1.959963984540054;

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

export class Tally {
  readonly of: number;
  readonly #done = new Set<number>();
  #correct = 0;
  #total = 0;

  constructor(images: number) {
    this.of = images;
  }

  add(block: Block, correct: number, total: number): void {
    if (this.#done.has(block.from)) return;
    this.#done.add(block.from);
    this.#correct += correct;
    this.#total += total;
  }

  get done(): boolean {
    return this.#total >= this.of;
  }

  /** Blocks still to do, in the order they are to be done. */
  missing(): Block[] {
    return blocksOf(this.of).filter((block) => !this.#done.has(block.from));
  }

  figure(): Figure {
    const [correct, total] = [this.#correct, this.#total];
    return { correct, total, of: this.of, ...wilson(correct, total), done: this.done };
  }
}
