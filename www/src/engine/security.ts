/**
 * How accuracy falls as the attack grows: measured from above by attacks, proven from below by
 * certificates. What is true lies between the two.
 */
import { curveShown, network, recipe, type SecurityPoint, security } from '../state';
import { certifiedKey, keyOf, Recent, securityKey } from './keys';
import type { LabDesk } from './lab';
import { sizesOf } from './sizes';
import type { Want } from './streams';
import { Sums } from './tally';
import type { Recipe } from './types';

/** So many images show the course; a certificate of each costs about as much as an attack. */
const IMAGES = 1000;

/** The certified figure comes after the other figures in the pool, … */
const FIGURE = 1.5;
/** … the curves in the place of the pruning curve if they are looked at, else after everything. */
const SHOWN = 2;
const HIDDEN = 4;

export class Security {
  readonly #desk: LabDesk;
  readonly #sums = new Recent<Sums>(100);

  constructor(desk: LabDesk) {
    this.#desk = desk;
  }

  /** The certified count of a network at the measured size; none but for L∞. */
  certified(digest: string, at: Recipe): Sums | null {
    if (at.attack.norm !== 'linf') return null;
    return this.#sum(certifiedKey(digest, [at.measure.eps], imagesOf(at)), at);
  }

  /** What is known of that count, without asking for more. */
  known(digest: string, at: Recipe): Sums | undefined {
    if (at.attack.norm !== 'linf') return undefined;
    return this.#sums.get(certifiedKey(digest, [at.measure.eps], imagesOf(at)));
  }

  /** Of the figure: for whatever is shown, and for the network before its cut. */
  *figures(digests: readonly string[], at: Recipe): Generator<Want> {
    for (const digest of digests) {
      if (at.attack.norm === 'linf') yield this.#certifying(digest, at, [at.measure.eps], FIGURE);
    }
  }

  *curves(digest: string, at: Recipe): Generator<Want> {
    const sizes = sizesOf(at.attack.norm);
    const { key, settings } = attackedFrom(digest, at, sizes);
    const tally = this.#sum(key, at);
    const { seed } = at.network;
    const rank = curveShown.peek() === 'size' ? SHOWN : HIDDEN;
    yield {
      key,
      rank,
      job: { job: 'curve', settings, seed, sizes },
      network: { digest, bytes: this.#desk.bytesOf(digest) },
      tally,
      keep: async (block, result) => {
        if (result.job === 'curve') tally.add(block, result.correct);
      },
    };
    if (at.attack.norm === 'linf') yield this.#certifying(digest, at, sizes, rank);
  }

  publish(): void {
    const facts = network.peek();
    if (!facts) return;
    const at = recipe.peek();
    const { norm } = at.attack;
    const sizes = sizesOf(norm);
    const attacked = this.#sum(attackedFrom(facts.digest, at, sizes).key, at);
    const proven =
      norm === 'linf' ? this.#sum(certifiedKey(facts.digest, sizes, imagesOf(at)), at) : null;
    const points: SecurityPoint[] = sizes.map((eps, index) => ({
      eps,
      adaptive: attacked.total > 0 ? attacked.figure(index) : null,
      certified: proven && proven.total > 0 ? proven.figure(index) : null,
    }));
    const [counted, of] = [attacked.total + (proven?.total ?? 0), attacked.of * (proven ? 2 : 1)];
    const next = {
      phase: counted === 0 ? 'none' : counted < of ? 'running' : 'done',
      norm,
      points: counted === 0 ? [] : points,
      fraction: counted / Math.max(1, of),
    } as const;
    if (keyOf(next) !== keyOf(security.peek())) security.value = next;
  }

  clear(): void {
    security.value = { phase: 'none', norm: recipe.peek().attack.norm, points: [], fraction: 0 };
  }

  #certifying(digest: string, at: Recipe, sizes: number[], rank: number): Want {
    const key = certifiedKey(digest, sizes, imagesOf(at));
    const tally = this.#sum(key, at);
    return {
      key,
      rank,
      job: { job: 'certify', sizes },
      network: { digest, bytes: this.#desk.bytesOf(digest) },
      tally,
      keep: async (block, result) => {
        if (result.job === 'certify') tally.add(block, result.proven);
      },
    };
  }

  #sum(key: string, at: Recipe): Sums {
    const known = this.#sums.get(key) ?? new Sums(imagesOf(at));
    this.#sums.set(key, known);
    return known;
  }
}

/** The sweep of the attack on images over all sizes, whatever its own size is. */
function attackedFrom(digest: string, at: Recipe, sizes: readonly number[]) {
  const settings = { ...at.attack, eps: sizes.at(-1) ?? 0 };
  return { settings, key: securityKey(digest, settings, at.network.seed, sizes, imagesOf(at)) };
}

function imagesOf(at: Recipe): number {
  return Math.min(IMAGES, at.measure.images);
}
