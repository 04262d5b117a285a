/** What was asked of the core for a card: a sum taken apart, and logits. Written by `engine/apart.ts`. */
import { type Signal, signal } from '@preact/signals';
import type { Contributions, ImageAttack } from './engine/types';

/** A unit's sum on the chosen image, clean and attacked. */
export const apart: Signal<{
  /** The attack on the image that it was asked for. */
  of: ImageAttack;
  layer: number;
  unit: number;
  found: Contributions;
} | null> = signal(null);

/** The logits of what the equation shows, clean and attacked. */
export const logits: Signal<{
  of: ImageAttack;
  /** The adversarial image itself: a place along the way has one of its own. */
  attackedPixels: ArrayLike<number>;
  clean: readonly number[];
  attacked: readonly number[];
} | null> = signal(null);
