import { describe, expect, it } from 'vitest';
import type { Measured } from '../../../src/plots/measured';
import {
  MOST_CRITERIA,
  mark,
  RANDOM,
  type RaceEntry,
  racePanel,
  racePoints,
  raceRows,
  WHOLE,
} from '../../../src/plots/race';

const of = (correct: number): Measured => ({
  correct,
  total: 100,
  low: correct / 100 - 0.05,
  high: correct / 100 + 0.05,
});

function entry(
  by: string,
  amount: number,
  correct: number | null,
  draw = 0,
): RaceEntry & { seed: number; draw: number } {
  const measured = correct === null ? null : of(correct);
  const link = `v=1&${by}${amount}${draw}`;
  return { by, amount, link, clean: measured, transfer: null, adaptive: measured, seed: 0, draw };
}

const entries = [
  entry(WHOLE, 0, 97),
  entry('magnitude', 20, 80),
  entry('magnitude', 10, 90),
  entry('taylor', 10, null),
  ...[60, 70, 50].map((correct, draw) => entry(RANDOM, 10, correct, draw)),
  entry(RANDOM, 20, 40),
];

describe('the race of criteria', () => {
  it('begins every curve at the network before the cut', () => {
    const points = racePoints(entries, 'magnitude', 'clean');
    expect(points.map(({ amount, value }) => [amount, value])).toEqual([
      [0, 0.97],
      [10, 0.9],
      [20, 0.8],
    ]);
    expect(points[1]?.networks).toBe(1);
    expect(points[1]?.low).toBeCloseTo(0.85);
    expect(points[1]?.high).toBeCloseTo(0.95);
    expect(points[1]?.link).toContain('magnitude10');
  });

  it('has no curve where nothing of the criterion has come', () => {
    expect(racePoints(entries, 'taylor', 'clean')).toEqual([]);
    expect(racePoints(entries, 'magnitude', 'transfer')).toEqual([]);
  });

  it('takes the band from the lowest to the highest random order', () => {
    const [, ten] = racePoints(entries, RANDOM, 'clean');
    expect(ten).toMatchObject({ value: 0.6, low: 0.5, high: 0.7, networks: 3 });
    const panel = racePanel(entries, [], 'clean', 400, 260);
    const numbers = panel.band.match(/[\d.]+/g)?.map(Number) ?? [];
    for (const share of [0.5, 0.7])
      expect(numbers).toContain(Math.round(panel.y(share) * 100) / 100);
    // Of one network alone there is no lowest and no highest.
    expect(numbers).not.toContain(Math.round(panel.y(0.35) * 100) / 100);
  });

  it('draws curves inside the frame, and names those that are there', () => {
    const criteria = ['magnitude', 'taylor'].map((by) => ({ by, label: by }));
    const { lines, labels, box } = racePanel(entries, criteria, 'clean', 400, 260);
    expect(labels.map(({ label }) => label).sort()).toEqual(['magnitude', 'random']);
    for (const { x, y } of lines.flatMap(({ dots }) => dots)) {
      expect(x).toBeGreaterThanOrEqual(box.x);
      expect(x).toBeLessThanOrEqual(box.x + box.width);
      expect(y).toBeGreaterThanOrEqual(box.y);
      expect(y).toBeLessThanOrEqual(box.y + box.height);
    }
  });

  it('has a mark of its own for every criterion', () => {
    const marks = Array.from({ length: MOST_CRITERIA }, (_, place) => mark(place));
    expect(new Set(marks).size).toBe(MOST_CRITERIA);
  });

  it('is a table, one row a network', () => {
    const rows = raceRows(entries, (by) => by.toUpperCase());
    expect(rows).toHaveLength(entries.length + 1);
    expect(rows[2]?.slice(0, 7)).toEqual(['MAGNITUDE', '20', '0', '', '80.0', '75.0', '85.0']);
    expect(rows[5]?.slice(0, 4)).toEqual(['RANDOM', '10', '0', '0']);
  });
});
