/** What was kept on this device and is offered again; written by `storage/`. */
import { type Signal, signal } from '@preact/signals';
import type { Recipe } from './engine/types';

/** A history that was kept, at the network that was on screen. */
export interface Offer {
  id: string;
  recipe: Recipe;
  /** When it was on screen, in milliseconds since 1970. */
  when: number;
}

/** What an empty page offers to go on with; null where there is nothing, or it was put away. */
export const offer: Signal<Offer | null> = signal(null);
