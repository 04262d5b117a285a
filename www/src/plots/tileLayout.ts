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

/** The unit of a layer under a point of that layer, or −1. */
export function unitAt(layer: LayerLayout, pitch: number, x: number, y: number): number {
  const column = Math.floor(x / pitch);
  const row = Math.floor(y / pitch);
  if (column < 0 || column >= layer.columns || row < 0) return -1;
  const unit = row * layer.columns + column;
  return unit < layer.units ? unit : -1;
}

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End';

/** Where an arrow key leads; left and right lead on into the neighbouring layer. */
export function walk(
  layers: readonly LayerLayout[],
  at: { layer: number; unit: number },
  key: Arrow,
): { layer: number; unit: number } {
  const here = layers[at.layer];
  if (!here) return { layer: 0, unit: 0 };
  const row = Math.floor(at.unit / here.columns);
  const column = at.unit % here.columns;
  const into = (layer: number, side: 'first' | 'last') => {
    const next = layers[layer];
    if (!next) return at;
    const nextRow = Math.min(row, next.rows - 1);
    const lastOfRow = Math.min(next.columns, next.units - nextRow * next.columns) - 1;
    return { layer, unit: nextRow * next.columns + (side === 'first' ? 0 : lastOfRow) };
  };
  const to = (unit: number) => (unit >= 0 && unit < here.units ? { layer: at.layer, unit } : at);
  switch (key) {
    case 'ArrowLeft':
      return column > 0 ? to(at.unit - 1) : into(at.layer - 1, 'last');
    case 'ArrowRight':
      return column < here.columns - 1 && at.unit < here.units - 1
        ? to(at.unit + 1)
        : into(at.layer + 1, 'first');
    case 'ArrowUp':
      return to(at.unit - here.columns);
    case 'ArrowDown':
      return to(at.unit + here.columns);
    case 'Home':
      return { layer: at.layer, unit: 0 };
    case 'End':
      return { layer: at.layer, unit: here.units - 1 };
  }
}
