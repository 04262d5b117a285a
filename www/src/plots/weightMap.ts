/** Weights and images as pixels. Pure: numbers in, pixels out. */
import { mix, pixel, type Rgb, signedIndex } from './colour';

/** Pixels along one side of an image of MNIST. */
export const SIDE = 28;
/** Pixels of an image. */
export const PIXELS = SIDE * SIDE;

/** Values looked at for a scale: so many that a percentile of them is one of all. */
const LOOKED_AT = 20_000;

/**
 * The absolute weight that gets full colour: the 99.5th percentile, so that one outlier does not
 * bleach the other hundred thousand. Found by counting, not sorting.
 */
export function signedScale(values: ArrayLike<number>, share = 0.995): number {
  // An odd stride visits every column of every pattern in turn.
  const stride = Math.max(1, Math.floor(values.length / LOOKED_AT)) | 1;
  let [largest, looked] = [0, 0];
  for (let at = 0; at < values.length; at += stride) {
    largest = Math.max(largest, Math.abs(values[at] ?? 0));
    looked += 1;
  }
  if (!(largest > 0) || !Number.isFinite(largest)) return 1;
  const BINS = 1024;
  const counts = new Uint32Array(BINS);
  for (let at = 0; at < values.length; at += stride) {
    const bin = Math.min(BINS - 1, Math.floor((Math.abs(values[at] ?? 0) / largest) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  let left = Math.floor((1 - share) * looked);
  for (let bin = BINS - 1; bin >= 0; bin -= 1) {
    left -= counts[bin] ?? 0;
    if (left < 0) return ((bin + 1) / BINS) * largest;
  }
  return largest;
}

/**
 * Paints units `from..to` of a layer below each other (28 pixels wide, 28 high each), signed
 * values as colours of `table`. In slices, so that a wide layer does not hold up the page.
 */
export function paintSigned(
  values: ArrayLike<number>,
  scale: number,
  table: Uint32Array,
  out: Uint32Array,
  from = 0,
  to = values.length,
): void {
  for (let at = from; at < to; at += 1) {
    out[at - from] = table[signedIndex((values[at] ?? 0) / scale)] ?? 0;
  }
}

/** The 256 pixels from paper to ink. */
export function inkTable(paper: Rgb, ink: Rgb): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, level) => pixel(mix(paper, ink, level / 255)));
}

/** An image as ink on paper; values from 0 to `white`. */
export function paintInk(
  values: ArrayLike<number>,
  white: number,
  table: Uint32Array,
  out: Uint32Array,
): void {
  for (let at = 0; at < out.length; at += 1) {
    const level = Math.round(Math.min(1, Math.max(0, (values[at] ?? 0) / white)) * 255);
    out[at] = table[level] ?? 0;
  }
}
