/**
 * A photograph or scan of a digit as an image of MNIST, in steps that can be shown: ink as light on
 * dark, cropped to the ink, fitted to 20 × 20 pixels, centred by its mass. Pure: pixels in, pixels
 * out.
 */
import { PIXELS, SIDE } from '../plots/weightMap';
import { BOX, centred } from './normalise';

export interface Greys {
  width: number;
  height: number;
  /** From 0, black, to 1, row by row. */
  values: Float32Array;
}

export interface Choices {
  /** Dark ink on light paper: turned over, as MNIST's ink is light. */
  invert: boolean;
  /** All of the picture, neither cropped nor centred. */
  whole: boolean;
}

/** What counts as ink when a picture is cropped, as a share of the darkest. */
const INK = 0.25;
/** The paper is uneven, and a scan is noisy: what is fainter than this is paper. */
const FAINT = 0.12;
/** The darkest ink is that of this share of the pixels, not of one alone. */
const DARKEST = 0.005;

/** Greys of a picture's bytes (red, green, blue, opacity), on white paper where it is clear. */
export function greysOf(bytes: ArrayLike<number>, width: number, height: number): Greys {
  const values = new Float32Array(width * height);
  for (let at = 0; at < values.length; at += 1) {
    const [red, green, blue, opacity] = [0, 1, 2, 3].map((part) => bytes[4 * at + part] ?? 0);
    // Luma of ITU-R BT.601, as everything that makes greys of pictures has it.
    const grey = (0.299 * (red ?? 0) + 0.587 * (green ?? 0) + 0.114 * (blue ?? 0)) / 255;
    const shown = (opacity ?? 0) / 255;
    values[at] = grey * shown + 1 - shown;
  }
  return { width, height, values };
}

/** The middle grey of the picture's border, which is its paper. */
export function paperOf({ width, height, values }: Greys): number {
  const border: number[] = [];
  for (let x = 0; x < width; x += 1) {
    border.push(values[x] ?? 0, values[(height - 1) * width + x] ?? 0);
  }
  for (let y = 0; y < height; y += 1) {
    border.push(values[y * width] ?? 0, values[y * width + width - 1] ?? 0);
  }
  border.sort((a, b) => a - b);
  return border[Math.floor(border.length / 2)] ?? 0;
}

/** What a visitor would choose of most pictures. */
export function usualChoices(greys: Greys): Choices {
  const own = greys.width === SIDE && greys.height === SIDE;
  const invert = paperOf(greys) > 0.5;
  // An image of MNIST's own kind is left as it is.
  return { invert, whole: own && !invert };
}

/** The ink of a picture, 0 where there is paper, 1 where it is darkest. */
export function inkOf(greys: Greys, { invert, whole }: Choices): Greys {
  const ink = greys.values.map((grey) => (invert ? 1 - grey : grey));
  if (whole) return { ...greys, values: ink };
  const paper = invert ? 1 - paperOf(greys) : paperOf(greys);
  const darkest = percentile(ink, 1 - DARKEST);
  const range = Math.max(darkest - paper, 1e-6);
  const values = ink.map((value) => {
    const share = Math.min(1, Math.max(0, (value - paper) / range));
    return share < FAINT ? 0 : share;
  });
  return { ...greys, values };
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The smallest box with all the ink; the whole picture where there is none. */
export function boxOf({ width, height, values }: Greys): Box {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if ((values[y * width + x] ?? 0) < INK) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return { left: 0, top: 0, width, height };
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The picture as 784 pixels, ink 255. */
export function digitOf(greys: Greys, choices: Choices): Uint8Array {
  const ink = inkOf(greys, choices);
  const box = choices.whole
    ? { left: 0, top: 0, width: greys.width, height: greys.height }
    : boxOf(ink);
  const side = choices.whole ? SIDE : BOX;
  const scale = side / Math.max(box.width, box.height);
  const [wide, high] = [box.width, box.height].map((length) => length * scale);
  const field = new Float64Array(side * side);
  const [right, down] = [(side - (wide ?? 0)) / 2, (side - (high ?? 0)) / 2];
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const from = { x: box.left + (x - right) / scale, y: box.top + (y - down) / scale };
      field[y * side + x] = meanOf(ink, box, from, 1 / scale);
    }
  }
  if (!choices.whole) return centred(field);
  return Uint8Array.from({ length: PIXELS }, (_, at) => Math.round(255 * (field[at] ?? 0)));
}

/** The mean ink of a square of the picture; nothing lies outside the box. */
function meanOf(ink: Greys, box: Box, from: { x: number; y: number }, side: number): number {
  const across = overlaps(from.x, side, box.left, box.left + box.width);
  const down = overlaps(from.y, side, box.top, box.top + box.height);
  let sum = 0;
  for (const [y, high] of down) {
    for (const [x, wide] of across) sum += (ink.values[y * ink.width + x] ?? 0) * wide * high;
  }
  return Math.min(1, sum / (side * side));
}

/** The pixels that a stretch covers, and how much of each. */
function overlaps(from: number, length: number, first: number, end: number): [number, number][] {
  const parts: [number, number][] = [];
  const to = from + length;
  for (let at = Math.max(first, Math.floor(from)); at < Math.min(end, to); at += 1) {
    const covered = Math.min(at + 1, to) - Math.max(at, from);
    if (covered > 0) parts.push([at, covered]);
  }
  return parts;
}

function percentile(values: Float32Array, share: number): number {
  const sorted = values.slice().sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
