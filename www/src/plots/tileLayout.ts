/**
 * Where the neuron tiles go. All layers share one tile size and stand side by side; the largest
 * size at which every unit fits into the box is taken. Where even the smallest does not fit, the
 * box scrolls.
 */
export interface LayerLayout {
  x: number;
  width: number;
  height: number;
  columns: number;
  rows: number;
  units: number;
}

export interface TileLayout {
  /** Distance from one tile to the next. */
  pitch: number;
  /** Side of the pattern inside the frame. */
  inner: number;
  /** Width of the frame. */
  frame: number;
  layers: LayerLayout[];
  width: number;
  height: number;
}

/** Largest and smallest pitch: beyond the one a pattern is only coarse, below the other only grain. */
const LARGEST = 62;
const SMALLEST = 11;
/** Between two layers. */
export const LAYER_GAP = 20;
/** A layer of one column still has a heading. */
const NARROWEST = 92;

/** Frame and space between two tiles, for a pitch. */
function trim(pitch: number): { frame: number; space: number } {
  if (pitch >= 26) return { frame: 2, space: 2 };
  return { frame: 1, space: pitch >= 16 ? 2 : 1 };
}

const across = (columns: number, pitch: number) => Math.max(NARROWEST, columns * pitch);

function columnsFor(counts: readonly number[], pitch: number, width: number, height: number) {
  const gaps = LAYER_GAP * (counts.length - 1);
  const rows = Math.max(1, Math.floor(height / pitch));
  const columns = counts.map((units) => Math.max(1, Math.ceil(units / rows)));
  const used = columns.reduce((sum, count) => sum + across(count, pitch), gaps);
  return used <= width ? columns : null;
}

/** Columns in proportion to units where the height is free. */
function spread(counts: readonly number[], pitch: number, width: number): number[] {
  const free = width - LAYER_GAP * (counts.length - 1);
  const total = counts.reduce((sum, units) => sum + units, 0);
  const columns = counts.map((units) => Math.max(1, Math.floor((units / total) * (free / pitch))));
  // What the narrowest layers took for their headings is given back by the widest.
  while (columns.reduce((sum, count) => sum + across(count, pitch), 0) > free) {
    const widest = columns.indexOf(Math.max(...columns));
    if ((columns[widest] ?? 1) <= 1) break;
    columns[widest] = (columns[widest] ?? 1) - 1;
  }
  return columns;
}

/** The layout of layers of `counts` units in a box. */
export function layoutTiles(
  counts: readonly number[],
  width: number,
  height: number,
  smallest = SMALLEST,
): TileLayout {
  let pitch = LARGEST;
  let columns: number[] | null = null;
  for (; pitch >= smallest; pitch -= 1) {
    columns = columnsFor(counts, pitch, width, height);
    if (columns) break;
  }
  if (!columns) {
    pitch = smallest;
    columns = spread(counts, pitch, width);
  }
  return placed(counts, columns, pitch);
}

/** The largest pitch that zooming leads to: four pixels of the screen for each of a pattern. */
const CLOSEST = 122;

/** How far a layout can be zoomed into. */
export const mostZoom = ({ pitch }: TileLayout): number => Math.max(1, CLOSEST / pitch);

/** The same tiles in the same places, `zoom` times as large. */
export function zoomedTiles(layout: TileLayout, zoom: number): TileLayout {
  const pitch = Math.round(layout.pitch * zoom);
  if (pitch === layout.pitch) return layout;
  const columns = layout.layers.map((layer) => layer.columns);
  return placed(
    layout.layers.map(({ units }) => units),
    columns,
    pitch,
  );
}

/** Layers side by side, of so many columns each. */
function placed(counts: readonly number[], columns: readonly number[], pitch: number): TileLayout {
  const { frame, space } = trim(pitch);
  let x = 0;
  const layers = counts.map((units, layer) => {
    const count = Math.min(units, columns[layer] ?? 1);
    const rows = Math.ceil(units / count);
    const placed = { x, width: count * pitch - space, height: rows * pitch - space };
    x += across(count, pitch) + LAYER_GAP;
    return { ...placed, columns: count, rows, units };
  });
  return {
    pitch,
    frame,
    inner: pitch - space - 2 * frame,
    layers,
    width: Math.max(0, x - LAYER_GAP),
    height: Math.max(0, ...layers.map((layer) => layer.height)),
  };
}

/** The place (not the unit) of a layer under a point of that layer, or −1. */
export function placeAt(layer: LayerLayout, pitch: number, x: number, y: number): number {
  const column = Math.floor(x / pitch);
  const row = Math.floor(y / pitch);
  if (column < 0 || column >= layer.columns || row < 0) return -1;
  const place = row * layer.columns + column;
  return place < layer.units ? place : -1;
}

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End';

/** The place an arrow key leads to; left and right lead on into the neighbouring layer. */
export function walk(
  layers: readonly LayerLayout[],
  at: { layer: number; place: number },
  key: Arrow,
): { layer: number; place: number } {
  const here = layers[at.layer];
  if (!here) return { layer: 0, place: 0 };
  const row = Math.floor(at.place / here.columns);
  const column = at.place % here.columns;
  const into = (layer: number, side: 'first' | 'last') => {
    const next = layers[layer];
    if (!next) return at;
    const nextRow = Math.min(row, next.rows - 1);
    const lastOfRow = Math.min(next.columns, next.units - nextRow * next.columns) - 1;
    return { layer, place: nextRow * next.columns + (side === 'first' ? 0 : lastOfRow) };
  };
  const to = (place: number) =>
    place >= 0 && place < here.units ? { layer: at.layer, place } : at;
  switch (key) {
    case 'ArrowLeft':
      return column > 0 ? to(at.place - 1) : into(at.layer - 1, 'last');
    case 'ArrowRight':
      return column < here.columns - 1 && at.place < here.units - 1
        ? to(at.place + 1)
        : into(at.layer + 1, 'first');
    case 'ArrowUp':
      return to(at.place - here.columns);
    case 'ArrowDown':
      return to(at.place + here.columns);
    case 'Home':
      return { layer: at.layer, place: 0 };
    case 'End':
      return { layer: at.layer, place: here.units - 1 };
  }
}

/** The places of the rectangle between two places of a layer, both included. */
export function rectangle(layer: LayerLayout, from: number, to: number): number[] {
  const span = (a: number, b: number) => [Math.min(a, b), Math.max(a, b)] as const;
  const { columns, units } = layer;
  const [top, bottom] = span(Math.floor(from / columns), Math.floor(to / columns));
  const [left, right] = span(from % columns, to % columns);
  const places: number[] = [];
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const place = row * columns + column;
      if (place < units) places.push(place);
    }
  }
  return places;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What two boxes have in common; without width or height where they have nothing. */
export function common(a: Box, b: Box): Box {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

/** How much around what is seen is painted too, at first and once it is scrolled. */
const FIRST = 0.25;
const SCROLLED = 0.5;

/**
 * The part of a layer to be painted: what is seen of it and some more on every side, so that
 * scrolling a little needs no painting. The part before is kept for as long as it will do. Without
 * one it is less: while the layer is zoomed, all of it is painted anew at every step.
 */
export function windowOf(whole: Box, seen: Box, before: Box | null): Box {
  const visible = common(whole, seen);
  if (before) {
    const kept = common(visible, before);
    const fits = common(whole, before);
    const same = kept.width === visible.width && kept.height === visible.height;
    if (same && fits.width === before.width && fits.height === before.height) return before;
  }
  const more = before ? SCROLLED : FIRST;
  const around = {
    x: Math.floor(seen.x - more * seen.width),
    y: Math.floor(seen.y - more * seen.height),
    width: Math.ceil((1 + 2 * more) * seen.width),
    height: Math.ceil((1 + 2 * more) * seen.height),
  };
  return common(whole, around);
}
