/** Names for results: equal inputs give equal keys, so that nothing is measured twice. */
import type { AttackSettings, PruneSettings, Recipe, ScoreSettings } from './types';

/** JSON with its keys in order, so that equal values give equal text. */
export function keyOf(value: unknown): string {
  return JSON.stringify(value, (_, part) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** A text made of a recipe’s network and steps only once: neither ever changes. */
export function remembered(make: (recipe: Recipe) => string): (recipe: Recipe) => string {
  const known = new WeakMap<Recipe['steps'], { network: Recipe['network']; made: string }>();
  return (recipe) => {
    const { network, steps } = recipe;
    const before = known.get(steps);
    if (before?.network === network) return before.made;
    const made = make(recipe);
    known.set(steps, { network, made });
    return made;
  };
}

/** The network a recipe makes, whatever is measured of it. */
export const networkKey = remembered(({ network, steps }) => keyOf({ network, steps }));

/** The attack of the measured figures: the attack on images, at the size of the measures. */
export function measureAttack(recipe: Recipe): AttackSettings {
  return { ...recipe.attack, eps: recipe.measure.eps };
}

/** Any one attack on the first images of a network. */
export function attackKey(
  digest: string,
  attack: AttackSettings,
  seed: number,
  images: number,
): string {
  return keyOf({ adaptive: digest, attack, seed, images });
}

export function adaptiveKey(digest: string, recipe: Recipe, images: number): string {
  return attackKey(digest, measureAttack(recipe), recipe.network.seed, images);
}

export function distortionKey(base: Recipe, settings: ScoreSettings): string {
  return keyOf({ distortion: networkKey(base), settings });
}

export function curveKey(base: Recipe, { amount: _, ...prune }: PruneSettings): string {
  const { measure } = base;
  return keyOf({ curve: networkKey(base), prune, attack: measureAttack(base), measure });
}

/** Certificates know of no attack and no seed. */
export function certifiedKey(digest: string, sizes: readonly number[], images: number): string {
  return keyOf({ certified: digest, sizes, images });
}

export function securityKey(
  digest: string,
  attack: AttackSettings,
  seed: number,
  sizes: readonly number[],
  images: number,
): string {
  return keyOf({ security: digest, attack, seed, sizes, images });
}

/** A map that forgets what was not used for longest. */
export class Recent<V> {
  readonly #map = new Map<string, V>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): V | undefined {
    const value = this.#map.get(key);
    if (value !== undefined) {
      this.#map.delete(key);
      this.#map.set(key, value);
    }
    return value;
  }

  set(key: string, value: V): void {
    this.#map.delete(key);
    this.#map.set(key, value);
    const [oldest] = this.#map.keys();
    if (this.#map.size > this.#most && oldest !== undefined) this.#map.delete(oldest);
  }
}
