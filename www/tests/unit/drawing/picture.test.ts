import { describe, expect, test } from 'vitest';
import { centreOfMass } from '../../../src/drawing/normalise';
import {
  boxOf,
  digitOf,
  type Greys,
  greysOf,
  inkOf,
  paperOf,
  usualChoices,
} from '../../../src/drawing/picture';

/** A picture of light paper with a dark bar. */
function bar(width: number, height: number, left: number, top: number): Greys {
  const values = new Float32Array(width * height).fill(0.9);
  for (let y = top; y < top + 40; y += 1) {
    for (let x = left; x < left + 8; x += 1) values[y * width + x] = 0.15;
  }
  return { width, height, values };
}

const lit = (pixels: Uint8Array) =>
  [...pixels].flatMap((value, at) => (value > 127 ? [[at % 28, Math.floor(at / 28)]] : []));

describe('a picture as a digit', () => {
  test('greys are luma, on white paper where the picture is clear', () => {
    const bytes = [255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 255];
    const { values } = greysOf(bytes, 3, 1);
    expect([...values].map((value) => Number(value.toFixed(3)))).toEqual([0.299, 1, 0]);
  });

  test('dark ink on light paper is turned over, whatever its place and size', () => {
    for (const [left, top] of [
      [5, 5],
      [100, 60],
    ] as const) {
      const picture = bar(120, 110, left, top);
      expect(paperOf(picture)).toBeCloseTo(0.9);
      const choices = usualChoices(picture);
      expect(choices).toEqual({ invert: true, whole: false });
      expect(boxOf(inkOf(picture, choices))).toEqual({ left, top, width: 8, height: 40 });
      const digit = digitOf(picture, choices);
      const places = lit(digit);
      const [rows, columns] = [places.map(([, y]) => y), places.map(([x]) => x)];
      // 20 pixels high, as MNIST's digits, and of the bar's own proportions.
      expect(Math.max(...(rows as number[])) - Math.min(...(rows as number[])) + 1).toBe(20);
      expect(Math.max(...(columns as number[])) - Math.min(...(columns as number[])) + 1).toBe(4);
      const centre = centreOfMass(digit, 28);
      expect(Math.abs(centre.x - 14.5)).toBeLessThan(0.51);
      expect(Math.abs(centre.y - 14.5)).toBeLessThan(0.51);
      expect(Math.max(...digit)).toBe(255);
    }
  });

  test('light ink on dark paper is left so', () => {
    const dark = bar(120, 110, 30, 30);
    const light = { ...dark, values: dark.values.map((value) => 1 - value) };
    expect(usualChoices(light).invert).toBe(false);
    const [a, b] = [digitOf(light, usualChoices(light)), digitOf(dark, usualChoices(dark))];
    expect(a).toEqual(b);
  });

  test('an image of MNIST’s own kind is left as it is', () => {
    const values = Float32Array.from({ length: 784 }, (_, at) =>
      Math.floor(at / 28) > 5 && at % 28 > 7 && at % 28 < 20 ? ((at * 37) % 256) / 255 : 0,
    );
    const own = { width: 28, height: 28, values };
    const choices = usualChoices(own);
    expect(choices).toEqual({ invert: false, whole: true });
    expect([...digitOf(own, choices)]).toEqual([...values].map((value) => Math.round(255 * value)));
  });

  test('a blank picture is an empty image, not noise', () => {
    const values = Float32Array.from({ length: 2500 }, () => 0.8);
    const blank = { width: 50, height: 50, values };
    expect(Math.max(...digitOf(blank, usualChoices(blank)))).toBe(0);
  });

  test('the whole picture keeps its proportions', () => {
    const picture = bar(120, 60, 56, 10);
    const digit = digitOf(picture, { invert: true, whole: true });
    // 120 × 60 in 28 × 28: seven rows above and below are no picture.
    expect(lit(digit).every(([, y]) => (y ?? 0) >= 7 && (y ?? 0) < 21)).toBe(true);
    expect(lit(digit).length).toBeGreaterThan(8);
  });
});
