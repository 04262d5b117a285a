/**
 * A drawing as an image of MNIST. “The original black and white (bilevel) images from NIST were
 * size normalized to fit in a 20x20 pixel box while preserving their aspect ratio. The resulting
 * images contain grey levels as a result of the anti-aliasing technique used by the normalization
 * algorithm. The images were centered in a 28x28 image by computing the center of mass of the
 * pixels, and translating the image so as to position this point at the center of the 28x28
 * field.” (LeCun, Cortes & Burges, “The MNIST database of handwritten digits”, after LeCun et al.
 * 1998, “Gradient-based learning applied to document recognition”, section III.A.)
 *
 * Two things the text leaves open are as the 60,000 training images have them: the centre of mass
 * of every one lies within half a pixel of the middle of pixel (14, 14), counted from 0, so images
 * were moved by whole pixels to there; and the ink of all is 20 pixels long on its longer side.
 */
import { PIXELS, SIDE } from '../plots/weightMap';
import type { Point, Stroke } from './strokes';

/** Side of the box that the ink is made to fit. */
export const BOX = 20;

/** The pixel that takes the centre of mass. */
const CENTRE = 14;

/**
 * Width of the pen in the image's pixels. The median image of MNIST is drawn so wide (ink by half
 * of its outline's length, 2.4, where a line of 2.6 has its ends counted in). A drawing is kept
 * as lines, so that a small one is not drawn with a thicker pen than a large one.
 */
const PEN = 2.6;

/** What is not longer than this share of the surface is a dot, and is not blown up to a digit. */
const DOT = 0.06;

/** Samples along a pixel's side: 64 in a pixel make its grey. */
const SAMPLES = 8;

const FINE = BOX * SAMPLES;

/** The 784 pixels of a drawing, ink 255; all 0 where nothing is drawn. */
export function normalise(strokes: readonly Stroke[]): Uint8Array {
  const points = strokes.flat();
  if (points.length === 0) return new Uint8Array(PIXELS);
  return centred(boxed(fitted(strokes, points)));
}

/** The 20 × 20 greys of the box, 0 to 1, in the field: their centre of mass at its centre. */
export function centred(grey: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(PIXELS);
  const centre = centreOfMass(grey, BOX);
  const [right, down] = [CENTRE - Math.floor(centre.x), CENTRE - Math.floor(centre.y)];
  for (let y = 0; y < BOX; y += 1) {
    for (let x = 0; x < BOX; x += 1) {
      const [toX, toY] = [x + right, y + down];
      // The ink of a very lopsided shape meets the edge of the field, as in MNIST.
      if (toX < 0 || toX >= SIDE || toY < 0 || toY >= SIDE) continue;
      out[toY * SIDE + toX] = Math.round(255 * (grey[y * BOX + x] ?? 0));
    }
  }
  return out;
}

/** Whether an image has any ink. */
export const isEmpty = (pixels: Uint8Array): boolean => !pixels.some((value) => value > 0);

/** The centre of mass of an image, in pixels from its corner; of none, its middle. */
export function centreOfMass(values: ArrayLike<number>, side: number): Point {
  let [mass, across, down] = [0, 0, 0];
  for (let at = 0; at < side * side; at += 1) {
    const value = values[at] ?? 0;
    mass += value;
    across += value * ((at % side) + 0.5);
    down += value * (Math.floor(at / side) + 0.5);
  }
  return mass > 0 ? { x: across / mass, y: down / mass } : { x: side / 2, y: side / 2 };
}

/** Strokes in samples of the box, their ink as long on its longer side as the box. */
function fitted(strokes: readonly Stroke[], points: readonly Point[]): Point[][] {
  let [left, top, right, bottom] = [1, 1, 0, 0];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const longest = Math.max(right - left, bottom - top, DOT);
  const scale = ((BOX - PEN) * SAMPLES) / longest;
  const place = (value: number, low: number, high: number) =>
    FINE / 2 + (value - (low + high) / 2) * scale;
  return strokes.map((stroke) =>
    stroke.map(({ x, y }) => ({ x: place(x, left, right), y: place(y, top, bottom) })),
  );
}

/** The grey of the box's pixels, 0 to 1: the share of each that the pen went over. */
function boxed(strokes: readonly (readonly Point[])[]): Float64Array {
  const ink = new Uint8Array(FINE * FINE);
  for (const stroke of strokes) {
    let from = stroke[0];
    for (const to of stroke) {
      if (from) drawLine(ink, from, to);
      from = to;
    }
  }
  const grey = new Float64Array(BOX * BOX);
  for (let at = 0; at < ink.length; at += 1) {
    if (!ink[at]) continue;
    const pixel = Math.floor(at / FINE / SAMPLES) * BOX + Math.floor((at % FINE) / SAMPLES);
    grey[pixel] = (grey[pixel] ?? 0) + 1 / (SAMPLES * SAMPLES);
  }
  return grey;
}

/** Marks the samples that a round pen goes over on its way from one point to another. */
function drawLine(ink: Uint8Array, from: Point, to: Point): void {
  const radius = (PEN * SAMPLES) / 2;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const first = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - radius));
  const last = (a: number, b: number) => Math.min(FINE - 1, Math.ceil(Math.max(a, b) + radius));
  const [left, right] = [first(from.x, to.x), last(from.x, to.x)];
  for (let y = first(from.y, to.y); y <= last(from.y, to.y); y += 1) {
    for (let x = left; x <= right; x += 1) {
      const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y];
      const along = length > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
      const [ax, ay] = [px - along * dx, py - along * dy];
      if (ax * ax + ay * ay <= radius * radius) ink[y * FINE + x] = 1;
    }
  }
}
