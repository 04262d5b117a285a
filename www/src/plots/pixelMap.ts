/** Which of 784 pixels a network reads, over the mean digit. Pure. */
import { PIXELS, SIDE } from './weightMap';

/** Below this mean intensity a pixel is rarely lit, as the core has it. */
export const RARELY = 0.01;

export interface PixelCounts {
  /** Pixels that nobody reads. */
  cut: number;
  /** Those that are black in every image, and how many of them are cut. */
  black: number;
  blackCut: number;
  /** Those that are rarely lit, black ones among them. */
  rare: number;
  rareCut: number;
  /** The share of the mean digit's ink that lies on cut pixels. */
  inkCut: number;
  /** The share of all weights between pixels and kept units that act. */
  read: number;
}

/** Counts of pixels; `readers` of at most `units` each. */
export function pixelCounts(
  mean: ArrayLike<number>,
  readers: ArrayLike<number>,
  units: number,
): PixelCounts {
  const counts = { cut: 0, black: 0, blackCut: 0, rare: 0, rareCut: 0, inkCut: 0, read: 0 };
  let ink = 0;
  for (let at = 0; at < PIXELS; at += 1) {
    const light = mean[at] ?? 0;
    const cut = readers[at] === 0 ? 1 : 0;
    const [black, rare] = [light === 0 ? 1 : 0, light < RARELY ? 1 : 0];
    counts.cut += cut;
    counts.black += black;
    counts.blackCut += black * cut;
    counts.rare += rare;
    counts.rareCut += rare * cut;
    counts.inkCut += cut * light;
    counts.read += readers[at] ?? 0;
    ink += light;
  }
  counts.inkCut = ink > 0 ? counts.inkCut / ink : 0;
  counts.read = units > 0 ? counts.read / (PIXELS * units) : 0;
  return counts;
}

/** One path of squares over all pixels that nobody reads, each of this side. */
export function cutPath(readers: ArrayLike<number>, side: number): string {
  let path = '';
  for (let at = 0; at < PIXELS; at += 1) {
    if (readers[at] !== 0) continue;
    // Pixels of a row that lie side by side are one rectangle.
    let end = at + 1;
    while (end % SIDE !== 0 && readers[end] === 0) end += 1;
    const [x, y] = [(at % SIDE) * side, Math.floor(at / SIDE) * side];
    path += `M${round(x)} ${round(y)}h${round((end - at) * side)}v${round(side)}h${round(-(end - at) * side)}z`;
    at = end - 1;
  }
  return path;
}

/** The edges between pixels that are read and pixels that are not: the mask's outline. */
export function outline(readers: ArrayLike<number>, side: number): string {
  const cut = (row: number, column: number) =>
    row >= 0 && row < SIDE && column >= 0 && column < SIDE && readers[row * SIDE + column] === 0;
  let path = '';
  for (let row = 0; row <= SIDE; row += 1) {
    for (let column = 0; column <= SIDE; column += 1) {
      const [x, y] = [round(column * side), round(row * side)];
      const inside = row < SIDE && column < SIDE;
      if (column < SIDE && row > 0 && inside && cut(row, column) !== cut(row - 1, column)) {
        path += `M${x} ${y}h${round(side)}`;
      }
      if (row < SIDE && column > 0 && inside && cut(row, column) !== cut(row, column - 1)) {
        path += `M${x} ${y}v${round(side)}`;
      }
    }
  }
  return path;
}

/** Relative distortion as shares of full colour: twice the ink of a pixel and more is full. */
export function relativeShares(relative: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: PIXELS }, (_, at) => {
    const value = relative[at] ?? 0;
    if (Number.isNaN(value)) return 0;
    // On a scale of ratios: a hundredth is nothing, a hundredfold is full.
    return Math.min(1, Math.max(0, (Math.log10(Math.max(value, 1e-9)) + 2) / 4));
  });
}

/** Everything about every pixel, as a table. */
export function pixelRows(
  mean: ArrayLike<number>,
  readers: ArrayLike<number>,
  relative: ArrayLike<number>,
): string[][] {
  return [
    ['row', 'column', 'mean intensity', 'weights that read it', 'relative distortion'],
    ...Array.from({ length: PIXELS }, (_, at) => [
      `${Math.floor(at / SIDE) + 1}`,
      `${(at % SIDE) + 1}`,
      (mean[at] ?? 0).toFixed(5),
      `${readers[at] ?? 0}`,
      Number.isFinite(relative[at] ?? 0) ? (relative[at] ?? 0).toFixed(4) : '',
    ]),
  ];
}

const round = (value: number) => Math.round(value * 100) / 100;
