/** The distortion of every unit: its mean and spread, and single images below. Pure geometry. */
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { mix, pixel, type Rgb } from './colour';

/** Columns of a layer's tables, most distorted first; equal ones in their own order. */
export function columnsBy(values: ArrayLike<number>): number[] {
  const columns = Array.from({ length: values.length }, (_, column) => column);
  return columns.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
}

/** One row of a table that is stored row by row. */
export function rowOf<A extends Float64Array | Float32Array>(table: A, row: number, width: number) {
  return table.subarray(row * width, (row + 1) * width) as A;
}

export interface ProfileGeometry {
  /** The mean, as steps a unit wide. */
  path: string;
  /** One standard deviation to either side, not below zero. */
  band: string;
  ticks: { y: number; label: string }[];
}

/** Mean and spread over a heat map's columns, in a box of this size. */
export function profileGeometry(
  values: ArrayLike<number>,
  spread: ArrayLike<number>,
  columns: readonly number[],
  width: number,
  height: number,
): ProfileGeometry {
  const top = columns.reduce(
    (most, at) => Math.max(most, (values[at] ?? 0) + (spread[at] ?? 0)),
    0,
  );
  const y = scaleLinear([0, top > 0 ? top : 1], [height, 0]);
  const pitch = width / Math.max(1, columns.length);
  // Every unit from its left edge to its right one.
  const edges = columns.flatMap((column, at) => {
    const mean = values[column] ?? 0;
    const off = spread[column] ?? 0;
    const [low, high] = [Math.max(0, mean - off), mean + off];
    return [at, at + 1].map((edge) => ({ x: edge * pitch, mean, low, high }));
  });
  type Edge = (typeof edges)[number];
  const x = (edge: Edge) => round(edge.x);
  return {
    path: line<Edge>(x, (edge) => round(y(edge.mean)))(edges) ?? '',
    band:
      area<Edge>(
        x,
        (edge) => round(y(edge.low)),
        (edge) => round(y(edge.high)),
      )(edges) ?? '',
    ticks: y.ticks(3).map((value) => ({ y: round(y(value)), label: y.tickFormat(3)(value) })),
  };
}

/** Full colour: what all but one cell in a hundred stay below. */
export function fullColour(cells: ArrayLike<number>): number {
  const sorted = Float32Array.from(cells).sort();
  const at = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
  return at > 0 ? at : (sorted.at(-1) ?? 0) || 1;
}

/** So many shades are more than the eye tells apart. */
const SHADES = 64;

/** Paints the cells of single images, one pixel a cell, columns in this order. */
export function paintCells(
  cells: Float32Array,
  columns: readonly number[],
  full: number,
  paper: Rgb,
  colour: Rgb,
  out: Uint32Array,
): void {
  const shades = Uint32Array.from({ length: SHADES }, (_, shade) =>
    pixel(mix(paper, colour, shade / (SHADES - 1))),
  );
  const width = columns.length;
  const rows = width > 0 ? Math.floor(cells.length / width) : 0;
  for (let row = 0; row < rows; row += 1) {
    columns.forEach((column, at) => {
      const share = Math.min(1, (cells[row * width + column] ?? 0) / full);
      out[row * width + at] = shades[Math.round(share * (SHADES - 1))] ?? 0;
    });
  }
}

/** Runs of equal labels: where each digit's images begin and how many there are. */
export function digitRuns(
  labels: ArrayLike<number>,
): { digit: number; from: number; count: number }[] {
  const runs: { digit: number; from: number; count: number }[] = [];
  for (let row = 0; row < labels.length; row += 1) {
    const digit = labels[row] ?? 0;
    const last = runs.at(-1);
    if (last?.digit === digit) last.count += 1;
    else runs.push({ digit, from: row, count: 1 });
  }
  return runs;
}

const round = (value: number) => Math.round(value * 100) / 100;
