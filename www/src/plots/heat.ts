/** Square tables of shares as heat maps: data in, geometry out. */
import { mix, type Rgb } from './colour';

export interface HeatCell {
  row: number;
  column: number;
  x: number;
  y: number;
  size: number;
  /** How full of colour it is, from 0 to 1; null where there is nothing to show. */
  share: number | null;
  text: string;
}

export interface HeatGeometry {
  cells: HeatCell[];
  size: number;
  /** Where the table begins, right of the rows' names and below the columns'. */
  left: number;
  top: number;
  width: number;
  height: number;
  /** Middle of each row and column. */
  middles: number[];
}

export interface HeatSpace {
  width: number;
  /** Room for the names of the rows and of the columns. */
  left: number;
  top: number;
  /** Largest side of a cell. */
  most: number;
}

const GAP = 1;
/** Smaller cells have no room for a number; their colour has to do. */
const LEGIBLE = 19;

/** Geometry of a square table; a share of null leaves its cell empty. */
export function heatGeometry(
  shares: readonly (readonly (number | null)[])[],
  { width, left, top, most }: HeatSpace,
): HeatGeometry {
  const count = Math.max(1, shares.length);
  const size = Math.max(12, Math.min(most, Math.floor((width - left) / count)));
  const cells = shares.flatMap((line, row) =>
    line.map((share, column) => ({
      row,
      column,
      x: left + column * size,
      y: top + row * size,
      size: size - GAP,
      share,
      text: share === null || size < LEGIBLE ? '' : whole(share),
    })),
  );
  const middles = Array.from({ length: count }, (_, at) => (at + 0.5) * size - GAP / 2);
  return {
    cells,
    size,
    left,
    top,
    width: left + count * size,
    height: top + count * size,
    middles,
  };
}

/** Whole per cents: what rounds to nothing though it is something says so. */
function whole(share: number): string {
  if (share === 0) return '';
  const percent = share * 100;
  return percent < 0.5 ? '<1' : `${Math.round(percent)}`;
}

/** Relative luminance (WCAG 2.2). */
function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

/** Contrast of two colours, from 1 to 21 (WCAG 2.2). */
export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/**
 * A cell's colour, and the colour of the number on it: of black and white one always has a
 * contrast of 4.5, which ink and paper have not on colours halfway between them.
 */
export function heatColour(share: number, paper: Rgb, full: Rgb): { fill: Rgb; text: Rgb } {
  // Small shares differ more to the eye than large ones do.
  const fill = mix(paper, full, Math.sqrt(Math.min(1, Math.max(0, share))));
  return { fill, text: contrast(fill, BLACK) >= contrast(fill, WHITE) ? BLACK : WHITE };
}

/** Each row's shares of its own sum; an empty row has none. */
export function rowShares(counts: readonly (readonly number[])[]): (number | null)[][] {
  return counts.map((row) => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((value) => (sum > 0 ? value / sum : null));
  });
}

/** A square table with its names, for screen readers and for CSV. */
export function heatRows(
  corner: string,
  rows: readonly string[],
  columns: readonly string[],
  cells: readonly (readonly string[])[],
): string[][] {
  return [
    [corner, ...columns],
    ...rows.map((name, row) => [name, ...columns.map((_, column) => cells[row]?.[column] ?? '')]),
  ];
}
