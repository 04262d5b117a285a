/** How the tiles are looked at, and what is chosen among them. Nothing of it changes a network. */
import { computed, signal } from '@preact/signals';
import { ranked } from '../../plots/ranking';
import type { Box } from '../../plots/tileLayout';
import { distortion, frame, image, subject, tiles, trajectory } from '../../state';
import type { Outputs } from './tilePainting';

export type Order = 'index' | 'distortion';
/** What a press that is drawn on does: cut every tile it touches, or go around some. */
export type Tool = 'press' | 'lasso';

export const order = signal<Order>('index');
export const tool = signal<Tool>('press');

/** How far the tiles are zoomed into, and how far they can be. */
export const zoom = signal(1);
export const zoomMost = signal(1);

/** Zooms by a factor; without one, back to where everything is in sight. */
export function zoomBy(factor?: number): void {
  const next = factor === undefined ? 1 : zoom.peek() * factor;
  zoom.value = Math.min(zoomMost.peek(), Math.max(1, next));
}

/** Two fingers move and stretch the tiles: what one of them began is no press. */
export const stretching = signal(false);

/** The part of the layers that is in sight, in their own pixels. */
export const port = signal<Box>({ x: 0, y: 0, width: 0, height: 0 });

/** Units chosen to be cut together, by layer; null while none are. */
export const chosen = signal<readonly ReadonlySet<number>[] | null>(null);

/** What was chosen and is now being cut: it is shown until it is, but never for good. */
let leaving: typeof chosen.value = null;
const LONGEST_MS = 700;

export function letGo(): void {
  const which = chosen.peek();
  leaving = which;
  if (which) setTimeout(() => gone(which), LONGEST_MS);
}

/** The cut is done. */
export function gone(which = leaving): void {
  if (which && chosen.peek() === which) chosen.value = null;
}

/** The unit at each place, by layer. */
export const orders = computed<readonly (readonly number[])[]>(() => {
  const layers = tiles.value?.layers ?? [];
  const measured = distortion.value?.layers;
  return layers.map(({ units }, layer) => {
    const values = order.value === 'distortion' ? measured?.[layer]?.units : undefined;
    return values?.length === units ? ranked(values) : Array.from({ length: units }, (_, at) => at);
  });
});

/** The place of each unit, by layer. */
export const placesOf = computed<readonly (readonly number[])[]>(() =>
  orders.value.map((units) => {
    const places = new Array<number>(units.length).fill(0);
    units.forEach((unit, place) => {
      places[unit] = place;
    });
    return places;
  }),
);

const most = (values: ArrayLike<number>) => {
  let top = 0;
  for (let at = 0; at < values.length; at += 1) top = Math.max(top, values[at] ?? 0);
  return top;
};

/** The scale of each layer's bars: what the attack came to sets it, so that scrubbing keeps it. */
const scales = computed(() => (image.value?.layers ?? []).map(outputsMost));

function outputsMost({ clean, attacked }: { clean: number[]; attacked: number[] }): number {
  return Math.max(most(clean), most(attacked));
}

/**
 * Outputs of every layer on the chosen image: clean, and attacked as far as is looked at. Null
 * where nothing is attacked.
 */
export const outputs = computed<readonly Outputs[] | null>(() => {
  const attacked = image.value;
  const layers = tiles.value?.layers;
  if (!attacked || !layers || (attacked.index === -1) !== (subject.value === 'drawing'))
    return null;
  const fits = attacked.layers.every(({ clean }, layer) => clean.length === layers[layer]?.units);
  if (!fits || attacked.layers.length !== layers.length) return null;
  const [way, at] = [trajectory.value, frame.value];
  const units = layers.reduce((sum, layer) => sum + layer.units, 0);
  const looked = way && at !== null ? way.outputs.subarray(at * units, (at + 1) * units) : null;
  let from = 0;
  return attacked.layers.map(({ clean, attacked: outcome }, layer) => {
    const own = looked?.length === units ? looked.subarray(from, from + clean.length) : outcome;
    from += clean.length;
    return { clean, attacked: own, most: scales.value[layer] ?? 0 };
  });
});
