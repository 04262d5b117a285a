import { describe, expect, it } from 'vitest';
import { csv, curveGeometry, curveRows, type Point } from '../../../src/plots/curve';
import { heightAt, placeLabels } from '../../../src/plots/labels';

const measured = (share: number, total = 1000) => ({
  correct: Math.round(share * total),
  total,
  low: Math.max(0, share - 0.03),
  high: Math.min(1, share + 0.03),
});
const POINTS: Point[] = [
  [0, 0.976, 0.37, 0.37],
  [10, 0.866, 0.491, 0.343],
  [30, 0.64, 0.415, 0.2],
  [60, 0.22, 0.16, 0.06],
  [95, 0.09, 0.09, 0.07],
].map(([amount = 0, clean = 0, transfer = 0, adaptive = 0]) => ({
  amount,
  clean: measured(clean, 10_000),
  transfer: measured(transfer, 10_000),
  adaptive: measured(adaptive),
}));

describe('the curve', () => {
  it('draws the same picture for the same figures', () => {
    const { lines, band, labels } = curveGeometry(POINTS, 300, 240, 10);
    expect(lines.map(({ key, path }) => [key, path])).toMatchInlineSnapshot(`
      [
        [
          "clean",
          "M32,32.27L57.4,51.85L108.2,92.08L184.4,166.84L273.3,189.98",
        ],
        [
          "transfer",
          "M32,140.14L57.4,118.6L108.2,132.13L184.4,177.52L273.3,189.98",
        ],
        [
          "adaptive",
          "M32,140.14L57.4,144.95L108.2,170.4L184.4,195.32L273.3,193.54",
        ],
      ]
    `);
    expect(band).toMatchInlineSnapshot(
      `"M32,134.8L57.4,139.61L108.2,165.06L184.4,189.98L273.3,188.2L273.3,198.88L184.4,200.66L108.2,175.74L57.4,150.29L32,145.48Z"`,
    );
    expect(labels.map(({ key, x, y }) => [key, x, Math.round(y)])).toMatchInlineSnapshot(`
      [
        [
          "clean",
          78,
          61,
        ],
        [
          "transfer",
          264,
          182,
        ],
        [
          "adaptive",
          90,
          203,
        ],
      ]
    `);
  });

  it('labels every line without hiding a line or another label', () => {
    const { lines, labels, box } = curveGeometry(POINTS, 300, 240, 10);
    expect(labels).toHaveLength(3);
    for (const label of labels) {
      expect(label.box.y).toBeGreaterThanOrEqual(box.y);
      for (const other of labels) {
        if (other === label) continue;
        const apart =
          label.box.y + label.box.height <= other.box.y ||
          other.box.y + other.box.height <= label.box.y ||
          label.box.x + label.box.width <= other.box.x ||
          other.box.x + other.box.width <= label.box.x;
        expect(apart).toBe(true);
      }
      for (const line of lines) {
        for (let x = label.box.x; x < label.box.x + label.box.width; x += 4) {
          const y = heightAt(line.dots, x);
          if (y === null) continue;
          expect(y < label.box.y || y > label.box.y + label.box.height).toBe(true);
        }
      }
    }
  });

  it('leaves out what is not measured', () => {
    const half = POINTS.map((point) => ({ ...point, adaptive: null }));
    const { lines, band, labels } = curveGeometry(half, 300, 240, null);
    expect(lines.find(({ key }) => key === 'adaptive')?.path).toBe('');
    expect(band).toBe('');
    expect(labels.map(({ key }) => key)).toEqual(['clean', 'transfer']);
    expect(curveGeometry([], 0, 0, null).labels).toEqual([]);
  });

  it('writes its figures as a table and as CSV', () => {
    const rows = curveRows(POINTS.slice(0, 2), 'units');
    expect(csv(rows)).toMatchInlineSnapshot(`
      ""units cut, %","clean accuracy, %","clean low, %","clean high, %",clean test images,"old adversarial accuracy, %","old adversarial low, %","old adversarial high, %",old adversarial test images,"re-attacked accuracy, %","re-attacked low, %","re-attacked high, %",re-attacked test images
      0,97.6,94.6,100.0,10000,37.0,34.0,40.0,10000,37.0,34.0,40.0,1000
      10,86.6,83.6,89.6,10000,49.1,46.1,52.1,10000,34.3,31.3,37.3,1000
      "
    `);
    expect(csv([['a "b"', 'c,d']])).toBe('"a ""b""","c,d"\r\n');
  });

  it('places a single label even where there is no room', () => {
    const flat = {
      key: 'x',
      label: 'flat',
      dots: [
        { x: 0, y: 5 },
        { x: 60, y: 5 },
      ],
    };
    expect(placeLabels([flat], { x: 0, y: 0, width: 60, height: 10 })).toHaveLength(1);
  });
});
