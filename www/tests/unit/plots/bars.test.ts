import { describe, expect, it } from 'vitest';
import { barsBetween, barsOf, brushed, sparkline } from '../../../src/plots/bars';
import { cutMark, places, ranked } from '../../../src/plots/ranking';

describe('bars on their way', () => {
  const bars = (values: number[]) => barsOf(values, ranked(values), 1, 40, 100);

  it('go from where each unit stood to where it stands, in the new order', () => {
    const [from, to] = [bars([1, 0.5, 0.25, 0]), bars([0, 0.25, 0.5, 1])];
    expect(barsBetween(from, to, 0).map(({ unit }) => unit)).toEqual([3, 2, 1, 0]);
    expect(new Set(barsBetween(from, to, 0))).toEqual(new Set(from));
    expect(barsBetween(from, to, 1)).toEqual(to);
    const half = barsBetween(from, to, 0.5);
    expect(half.find(({ unit }) => unit === 0)).toMatchObject({ x: 15, y: 50, height: 50 });
  });
});

describe('ranked bars', () => {
  const values = [0.2, 0.5, 0, 0.5];

  it('puts the most distorted first and equal ones in their own order', () => {
    expect(ranked(values)).toEqual([1, 3, 0, 2]);
    expect(places(ranked(values))).toEqual([2, 0, 3, 1]);
  });

  it('stands every bar on the floor', () => {
    expect(barsOf(values, ranked(values), 0.5, 40, 100)).toMatchInlineSnapshot(`
      [
        {
          "height": 100,
          "unit": 1,
          "width": 9,
          "x": 0,
          "y": 0,
        },
        {
          "height": 100,
          "unit": 3,
          "width": 9,
          "x": 10,
          "y": 0,
        },
        {
          "height": 40,
          "unit": 0,
          "width": 9,
          "x": 20,
          "y": 60,
        },
        {
          "height": 0,
          "unit": 2,
          "width": 9,
          "x": 30,
          "y": 100,
        },
      ]
    `);
    for (const bar of barsOf(values, ranked(values), 0, 40, 100)) expect(bar.height).toBe(0);
  });

  it('brushes whole bars in either direction and never leaves the plot', () => {
    expect(brushed(0, 15, 40, 4)).toEqual([0, 1]);
    expect(brushed(39, 11, 40, 4)).toEqual([1, 3]);
    expect(brushed(-50, 500, 40, 4)).toEqual([0, 3]);
  });

  it('marks a cut only where it takes the first units and no other', () => {
    const order = ranked(values);
    expect(cutMark(order, new Set([1, 3]))).toBe(2);
    expect(cutMark(order, new Set([3]))).toBeNull();
    expect(cutMark(order, new Set())).toBe(0);
  });
});

describe('the loss line', () => {
  it('needs two values and stays inside its box', () => {
    expect(sparkline([1], 100, 20)).toBe('');
    expect(sparkline([2, 1, 0.5], 100, 20)).toBe('M0 0L50 10L100 15');
    expect(sparkline([0, 0], 100, 20)).toBe('M0 20L100 20');
  });

  it('means what falls on one pixel', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => (at % 2 ? 1 : 3));
    const line = sparkline(many, 50, 20);
    expect(line.split('L')).toHaveLength(50);
    expect(line.startsWith('M0 0')).toBe(true);
  });
});
