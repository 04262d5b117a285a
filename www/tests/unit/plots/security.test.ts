import { describe, expect, it } from 'vitest';
import { heightAt } from '../../../src/plots/labels';
import { type Size, securityGeometry, securityRows, TRUTH } from '../../../src/plots/security';

const measured = (share: number, total = 1000) => ({
  correct: Math.round(share * total),
  total,
  low: Math.max(0, share - 0.03),
  high: Math.min(1, share + 0.03),
});

const sizes = (rows: [number, number, number | null][]): Size[] =>
  rows.map(([eps, adaptive, certified]) => ({
    eps,
    adaptive: measured(adaptive),
    certified: certified === null ? null : measured(certified),
  }));

/** A network that was trained to be robust: a wide band. */
const WIDE = sizes([
  [0, 0.97, 0.97],
  [0.03, 0.94, 0.6],
  [0.1, 0.9, 0.1],
  [0.2, 0.6, 0],
  [0.3, 0.2, 0],
]);
/** An ordinary one: both curves fall at once. */
const NARROW = sizes([
  [0, 0.97, 0.97],
  [0.01, 0.93, 0.4],
  [0.02, 0.8, 0.05],
  [0.03, 0.62, 0],
  [0.05, 0.3, 0],
  [0.1, 0.01, 0],
  [0.3, 0, 0],
]);
const MARKS = [
  { value: 0.1, label: '0.1' },
  { value: 0.3, label: 'literature 0.3' },
];

describe('the sandwich', () => {
  it('draws the same picture for the same figures', () => {
    const drawn = securityGeometry(WIDE, MARKS, 0.3, 300, 240, 0.05);
    expect(drawn.lines.map(({ key, path }) => [key, path])).toMatchInlineSnapshot(`
      [
        [
          "adaptive",
          "M32,33.34L57.4,38.68L116.67,45.8L201.33,99.2L286,170.4",
        ],
        [
          "certified",
          "M32,33.34L57.4,99.2L116.67,188.2L201.33,206L286,206",
        ],
      ]
    `);
    expect(drawn.truth).toMatchInlineSnapshot(
      `"M32,33.34L57.4,38.68L116.67,45.8L201.33,99.2L286,170.4L286,206L201.33,206L116.67,188.2L57.4,99.2L32,33.34Z"`,
    );
    expect(drawn.intervals.map(({ path }) => path)).toMatchInlineSnapshot(`
      [
        "M32,28L57.4,33.34L116.67,40.46L201.33,93.86L286,165.06L286,175.74L201.33,104.54L116.67,51.14L57.4,44.02L32,38.68Z",
        "M32,28L57.4,93.86L116.67,182.86L201.33,200.66L286,200.66L286,206L201.33,206L116.67,193.54L57.4,104.54L32,38.68Z",
      ]
    `);
    expect(drawn.truthLabel).toMatchInlineSnapshot(`
      {
        "box": {
          "height": 13,
          "width": 145.2,
          "x": 116,
          "y": 161.37,
        },
        "leader": null,
        "lines": [
          "the truth lies in here",
        ],
        "x": 116,
        "y": 171.37,
      }
    `);
    expect(drawn.ticks.x).toMatchInlineSnapshot(`
      [
        {
          "anchor": "middle",
          "label": "0",
          "marked": false,
          "x": 32,
        },
        {
          "anchor": "middle",
          "label": "0.1",
          "marked": true,
          "x": 116.67,
        },
        {
          "anchor": "end",
          "label": "literature 0.3",
          "marked": true,
          "x": 298,
        },
      ]
    `);
  });

  it('names the band inside it where there is room', () => {
    const { truthLabel, lines } = securityGeometry(WIDE, MARKS, 0.3, 300, 240, 0.05);
    expect(truthLabel?.lines.join(' ')).toBe(TRUTH);
    expect(truthLabel?.leader).toBeNull();
    const box = truthLabel?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    for (let x = box.x; x <= box.x + box.width; x += 2) {
      expect(heightAt(lines[0]?.dots ?? [], x)).toBeLessThan(box.y);
      expect(heightAt(lines[1]?.dots ?? [], x)).toBeGreaterThan(box.y + box.height);
    }
  });

  it('names a narrow band beside it, clear of both curves, with a line that leads there', () => {
    const { truthLabel, lines, box, labels } = securityGeometry(NARROW, MARKS, 0.3, 272, 220, 0.05);
    const to = truthLabel?.leader?.to ?? { x: 0, y: 0 };
    const [upper = [], lower = []] = lines.map(({ dots }) => dots);
    expect(heightAt(upper, to.x)).toBeLessThan(to.y);
    expect(heightAt(lower, to.x)).toBeGreaterThan(to.y);
    const name = truthLabel?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(name.x + name.width).toBeLessThanOrEqual(box.x + box.width);
    for (let x = name.x; x <= name.x + name.width; x += 2) {
      expect(heightAt(upper, x)).toBeGreaterThan(name.y + name.height);
    }
    for (const { box: other } of labels) {
      const apart =
        other.x >= name.x + name.width ||
        name.x >= other.x + other.width ||
        other.y >= name.y + name.height ||
        name.y >= other.y + other.height;
      expect(apart).toBe(true);
    }
  });

  it('marks the sizes that are talked about, and lets no two names collide', () => {
    for (const width of [220, 272, 358, 700]) {
      const { ticks } = securityGeometry(NARROW, MARKS, 0.3, width, 240, null);
      const labels = ticks.x.map(({ label }) => label);
      expect(labels).toContain('0.1');
      expect(labels.at(-1)).toBe('literature 0.3');
      const spans = ticks.x.map(({ x, label, anchor }) => {
        const size = label.length * 6;
        return anchor === 'end' ? [x - size, x] : [x - size / 2, x + size / 2];
      });
      spans.slice(1).forEach(([from], at) => {
        expect(from).toBeGreaterThan(spans[at]?.[1] ?? 0);
      });
      expect(Math.max(...spans.map(([, to]) => to ?? 0))).toBeLessThanOrEqual(width);
    }
  });

  it('draws the upper curve alone where nothing can be proven', () => {
    const above = sizes([
      [0, 0.97, null],
      [3, 0.1, null],
    ]);
    const { truth, truthLabel, lines, labels } = securityGeometry(above, [], 3, 300, 240, 1);
    expect([truth, truthLabel]).toEqual(['', null]);
    expect(lines[1]?.path).toBe('');
    expect(labels.map(({ key }) => key)).toEqual(['adaptive']);
    expect(securityGeometry([], [], 0.3, 0, 0, null).labels).toEqual([]);
  });

  it('writes its figures as a table', () => {
    const half = [{ ...WIDE[1], certified: null } as Size, WIDE[0] as Size];
    expect(securityRows(half, 'L∞')).toMatchInlineSnapshot(`
      [
        [
          "size ε, L∞",
          "re-attacked accuracy, %",
          "re-attacked low, %",
          "re-attacked high, %",
          "re-attacked test images",
          "certified accuracy, %",
          "certified low, %",
          "certified high, %",
          "certified test images",
        ],
        [
          "0",
          "97.0",
          "94.0",
          "100.0",
          "1000",
          "97.0",
          "94.0",
          "100.0",
          "1000",
        ],
        [
          "0.03",
          "94.0",
          "91.0",
          "97.0",
          "1000",
          "",
          "",
          "",
          "",
        ],
      ]
    `);
  });
});
