import { describe, expect, it } from 'vitest';
import { BOX, centreOfMass, isEmpty, normalise } from '../../../src/drawing/normalise';
import type { Point, Stroke } from '../../../src/drawing/strokes';

const line = (...points: [number, number][]): Stroke => points.map(([x, y]) => ({ x, y }));

const arc = (x: number, y: number, radius: number, from: number, to: number): Stroke =>
  Array.from({ length: 25 }, (_, at) => {
    const turn = 2 * Math.PI * (from + ((to - from) * at) / 24);
    return { x: x + radius * Math.cos(turn), y: y + radius * Math.sin(turn) };
  });

/** Shapes that a hand draws. */
const SHAPES: Record<string, readonly Stroke[]> = {
  one: [line([0.5, 0.2], [0.5, 0.8])],
  dash: [line([0.1, 0.4], [0.9, 0.4])],
  seven: [line([0.2, 0.2], [0.8, 0.2], [0.4, 0.9])],
  zero: [arc(0.5, 0.5, 0.3, 0, 1)],
  six: [arc(0.5, 0.65, 0.2, 0, 1), line([0.3, 0.65], [0.35, 0.4], [0.55, 0.15])],
  four: [line([0.3, 0.1], [0.25, 0.5], [0.75, 0.5]), line([0.6, 0.2], [0.6, 0.95])],
  slash: [line([0, 1], [1, 0])],
};

const moved = (strokes: readonly Stroke[], by: (point: Point) => Point): Stroke[] =>
  strokes.map((stroke) => stroke.map(by));

function extent(pixels: Uint8Array): { width: number; height: number } {
  const inked = [...pixels.keys()].filter((at) => pixels[at]);
  const size = (places: number[]) => Math.max(...places) - Math.min(...places) + 1;
  return {
    width: size(inked.map((at) => at % 28)),
    height: size(inked.map((at) => Math.floor(at / 28))),
  };
}

describe('a drawing as MNIST would have it', () => {
  it.each(Object.entries(SHAPES))('centres the mass of a %s within half a pixel', (_, strokes) => {
    const { x, y } = centreOfMass(normalise(strokes), 28);
    expect(Math.abs(x - 14.5)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(y - 14.5)).toBeLessThanOrEqual(0.5);
  });

  it.each(Object.entries(SHAPES))('makes a %s 20 pixels long, and not longer', (_, strokes) => {
    const { width, height } = extent(normalise(strokes));
    expect(Math.max(width, height)).toBe(BOX);
  });

  it('keeps the aspect ratio', () => {
    // Of a line 0.6 long by 0.3, the pen's middle goes over 17.4 by 8.7 pixels.
    const { width, height } = extent(normalise([line([0.2, 0.2], [0.5, 0.8])]));
    expect([width, height]).toEqual([expect.closeTo(11.3, -0.3), 20]);
    expect(extent(normalise(SHAPES.zero ?? []))).toEqual({ width: 20, height: 20 });
  });

  it.each(Object.entries(SHAPES))(
    'gives a %s the same image wherever it is drawn',
    (_, strokes) => {
      const here = normalise(strokes);
      for (const [scale, x, y] of [
        [0.5, 0, 0],
        [0.25, 0.75, 0.5],
        [0.31, 0.13, 0.62],
      ] as const) {
        const there = normalise(
          moved(strokes, (point) => ({ x: x + scale * point.x, y: y + scale * point.y })),
        );
        // Rounding may take a sample at the very edge of the pen to its other side.
        const most = Math.max(...there.map((value, at) => Math.abs(value - (here[at] ?? 0))));
        expect(most).toBeLessThanOrEqual(8);
      }
    },
  );

  it('shades the edges and nothing else', () => {
    const upright = normalise(SHAPES.one ?? []);
    const row = [...upright.subarray(14 * 28, 15 * 28)].filter((value) => value > 0);
    // A pen of 2.6 pixels in the middle of the box: grey, full, full, grey.
    expect(row).toHaveLength(4);
    expect(row.reduce((sum, value) => sum + value / 255, 0)).toBeCloseTo(2.5, 0);
    expect(row.slice(1, 3)).toEqual([255, 255]);
    const slanted = normalise(SHAPES.slash ?? []);
    expect(slanted.filter((value) => value > 0 && value < 255).length).toBeGreaterThan(30);
  });

  it('leaves an empty drawing empty', () => {
    for (const nothing of [[], [[]]]) {
      expect(normalise(nothing)).toEqual(new Uint8Array(784));
      expect(isEmpty(normalise(nothing))).toBe(true);
    }
    expect(isEmpty(normalise(SHAPES.one ?? []))).toBe(false);
  });

  it('leaves a dot a dot', () => {
    const dot = normalise([[{ x: 0.9, y: 0.1 }]]);
    expect(extent(dot)).toEqual({ width: 4, height: 4 });
    expect(centreOfMass(dot, 28)).toEqual({ x: expect.closeTo(14, 0), y: expect.closeTo(14, 0) });
  });

  it('cuts off what a lopsided shape pushes over the edge, and still centres its mass', () => {
    const ell = normalise([line([0.1, 0.1], [0.1, 0.9], [0.9, 0.9])]);
    expect(isEmpty(ell)).toBe(false);
    const { x, y } = centreOfMass(ell, 28);
    expect(Math.hypot(x - 14.5, y - 14.5)).toBeLessThan(1);
  });
});
