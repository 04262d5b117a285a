/** The unit that the pointer or the keyboard is on, wherever on the page it is shown. */
import { signal } from '@preact/signals';

export interface Unit {
  layer: number;
  unit: number;
}

export const pointed = signal<(Unit & { near: DOMRect }) | null>(null);

/** The tile that holds the one tab stop of the network: its place, not its unit. */
export const current = signal<{ layer: number; place: number }>({ layer: 0, place: 0 });
