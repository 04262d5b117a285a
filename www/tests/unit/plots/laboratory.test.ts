import { describe, expect, it } from 'vitest';
import { agreementGeometry, agreementRows, figure } from '../../../src/plots/agreement';
import { filterRows, inOrder, partsOf } from '../../../src/plots/filters';
import {
  cutPath,
  outline,
  pixelCounts,
  pixelRows,
  relativeShares,
} from '../../../src/plots/pixelMap';
import { scatterGeometry } from '../../../src/plots/scatter';
import {
  columnsBy,
  digitRuns,
  fullColour,
  paintCells,
  profileGeometry,
  rowOf,
} from '../../../src/plots/units';

const agreed = (kind: string, jaccard: number, spearman: number) => ({
  kind,
  measures: 3,
  jaccard,
  jaccardLeast: jaccard - 0.1,
  jaccardMost: jaccard + 0.1,
  spearman,
  spearmanLeast: spearman - 0.2,
  spearmanMost: Math.min(1, spearman + 0.1),
  concordance: 0.5,
});

describe('the units', () => {
  it('stand from the most distorted to the least, equal ones in their own order', () => {
    expect(columnsBy([0.2, 0.5, 0.2, 0.9])).toEqual([3, 1, 0, 2]);
    expect([...rowOf(Float64Array.from([1, 2, 3, 4, 5, 6]), 1, 3)]).toEqual([4, 5, 6]);
  });

  it('have a mean in a band that never falls below zero', () => {
    const drawn = profileGeometry([0.5, 1], [0.75, 0.5], [1, 0], 100, 60);
    // 1.5 is at the top, so 1 is a third down; a unit is 50 wide.
    expect(drawn.path).toBe('M0,20L50,20L50,40L100,40');
    expect(drawn.band).toBe('M0,0L50,0L50,10L100,10L100,60L50,60L50,40L0,40Z');
    expect(drawn.ticks[0]).toEqual({ y: 60, label: '0.0' });
    expect(profileGeometry([], [], [], 100, 60).path).toBe('');
  });

  it('are painted in their order, full colour for all but the largest', () => {
    const cells = Float32Array.from([0, 1, 0.5, 4]);
    expect(fullColour(Array.from({ length: 200 }, (_, at) => at / 100))).toBeCloseTo(1.98);
    expect(fullColour([0, 0])).toBe(1);
    const out = new Uint32Array(4);
    paintCells(cells, [1, 0], 1, [255, 255, 255], [0, 0, 0], out);
    const [white, black] = [0xffffffff, 0xff000000];
    expect([out[0], out[1], out[2]]).toEqual([black, white, black]);
    expect(out[3]).not.toBe(white);
    expect(out[3]).not.toBe(black);
  });

  it('know where each digit begins', () => {
    expect(digitRuns([0, 0, 2, 2, 2, 9])).toEqual([
      { digit: 0, from: 0, count: 2 },
      { digit: 2, from: 2, count: 3 },
      { digit: 9, from: 5, count: 1 },
    ]);
  });
});

describe('the agreement', () => {
  const all = [agreed('halves', 0.86, 0.98), agreed('digits', 0.1, 0.1)];

  it('puts dots where the figures are, on a desktop and a phone', () => {
    for (const width of [300, 358, 700, 1000]) {
      const { rows, jaccard, spearman, stacked } = agreementGeometry(all, 0.05, width);
      expect(stacked).toBe(width < 620);
      expect(rows[0]?.jaccard.x).toBeCloseTo(jaccard.x(0.86), 1);
      expect(rows[1]?.spearman.from).toBeCloseTo(spearman.x(-0.1), 1);
      expect(spearman.ticks[0]).toBe(-0.25);
      expect(spearman.right).toBeLessThanOrEqual(width - 50);
      for (const { jaccard: mark } of rows) expect(mark.textX).toBeGreaterThan(0);
    }
    // A number that would leave its scale stands on the other side.
    const [first, second] = agreementGeometry(all, 0.05, 1000).rows;
    expect([first?.jaccard.textAnchor, second?.jaccard.textAnchor]).toEqual(['end', 'start']);
  });

  it('leaves out what is not defined', () => {
    const none = { ...agreed('images', Number.NaN, Number.NaN), concordance: Number.NaN };
    const { rows, jaccard } = agreementGeometry([none], Number.NaN, 800);
    expect(rows[0]?.jaccard).toMatchObject({ x: null, text: '–' });
    expect([rows[0]?.text, jaccard.chance]).toEqual(['–', null]);
  });

  it('is a table, too', () => {
    const [heads, first] = agreementRows(all, (kind) => `the ${kind}`, 0.055);
    expect(heads).toHaveLength(10);
    expect(first?.slice(0, 3)).toEqual(['the halves', '3', '0.8600']);
    expect(first?.[5]).toBe('0.0550');
  });

  it('writes coefficients as people do', () => {
    expect([0.856, 1, -0.166, 0, -0.001].map(figure)).toEqual([
      '.86',
      '1.00',
      '−.17',
      '.00',
      '.00',
    ]);
  });
});

describe('a scatter', () => {
  const dots = { x: [0, 1, Number.NaN, 2], y: [0, 0.5, 1, 1] };

  it('stands side by side where there is room', () => {
    const wide = scatterGeometry([dots, dots, dots], 900, 'each', 30);
    expect(new Set(wide.panels.map(({ top }) => top)).size).toBe(1);
    const narrow = scatterGeometry([dots, dots, dots], 320, 'each', 30);
    expect(new Set(narrow.panels.map(({ left }) => left)).size).toBe(1);
    for (const { right } of [...wide.panels, ...narrow.panels]) expect(right).toBeLessThan(900);
    expect(narrow.panels[0]?.right).toBeLessThanOrEqual(320);
  });

  it('shows nought unless all dots are far from it', () => {
    const far = { x: [50, 60, 70], y: [0.1, 0.2, 0.3] };
    const [panel] = scatterGeometry([far], 300, 'each').panels;
    expect(panel?.xTicks[0]?.label).toBe('50');
    // All written with as many decimals.
    expect(panel?.yTicks.map(({ label }) => label)).toEqual(['0.0', '0.1', '0.2', '0.3']);
    expect(scatterGeometry([{ x: [0], y: [0] }], 300, 'each').panels[0]?.dots).toHaveLength(1);
  });

  it('leaves out dots without a place, and puts the others where they are', () => {
    const [panel] = scatterGeometry([dots], 300, 'unit').panels;
    expect(panel?.dots.map(({ at }) => at)).toEqual([0, 1, 3]);
    expect(panel?.dots[0]).toMatchObject({ x: panel?.left, y: panel?.bottom });
    expect(panel?.place(1, 1)).toEqual({ x: panel?.right, y: panel?.top });
    expect(panel?.xTicks.map(({ label }) => label)).toEqual(['0', '25', '50', '75', '100']);
  });
});

describe('filters', () => {
  const part = { short: 0.5, rare: 0.4 };
  const nothing = { short: Number.NaN, rare: Number.NaN };
  const filter = (unit: number, cosine: number, before = part) => ({
    unit,
    before,
    after: part,
    residual: part,
    beta: 2,
    cosine,
  });

  it('are lined up by what is left of them', () => {
    const all = [filter(0, 0.9), filter(1, -0.95), filter(2, 0.1), filter(3, 0, nothing)];
    const units = (order: Parameters<typeof inOrder>[1]) => inOrder(all, order).map((f) => f.unit);
    expect(units('changed')).toEqual([2, 0, 1, 3]);
    expect(units('kept')).toEqual([1, 0, 2, 3]);
    expect(units('unit')).toEqual([0, 1, 2, 3]);
  });

  it('are the sum of their parts', () => {
    const before = Float32Array.from({ length: 2 * 784 }, (_, at) => at % 7);
    const after = Float32Array.from({ length: 2 * 784 }, (_, at) => at % 3);
    const { whole, along, residual } = partsOf(before, after, filter(1, 0.5));
    expect(whole[3]).toBe(before[787]);
    expect(along[3]).toBe(2 * (after[787] ?? 0));
    whole.forEach((value, at) => {
      expect((along[at] ?? 0) + (residual[at] ?? 0)).toBeCloseTo(value);
    });
  });

  it('are a table, too', () => {
    const [heads, first, second] = filterRows([filter(0, 0.5), filter(1, 0, nothing)]);
    expect(first).toHaveLength(heads?.length ?? 0);
    expect(first?.slice(0, 4)).toEqual(['0', '0.5000', '2.0000', '0.2500']);
    expect(second?.[4]).toBe('');
  });
});

describe('the pixels', () => {
  const mean = Float32Array.from({ length: 784 }, (_, at) => (at < 56 ? 0 : at < 84 ? 0.005 : 0.5));
  const readers = Uint32Array.from({ length: 784 }, (_, at) => (at < 28 || at === 783 ? 0 : 4));

  it('are counted by how often they are lit', () => {
    const counts = pixelCounts(mean, readers, 4);
    expect(counts).toMatchObject({ cut: 29, black: 56, blackCut: 28, rare: 84, rareCut: 28 });
    expect(counts.inkCut).toBeCloseTo(0.5 / (28 * 0.005 + 700 * 0.5));
    expect(counts.read).toBeCloseTo(755 / 784);
    expect(pixelCounts(mean, new Uint32Array(784), 0).read).toBe(0);
  });

  it('are hatched row by row, and the mask has an outline', () => {
    expect(cutPath(readers, 10)).toBe('M0 0h280v10h-280zM270 270h10v10h-10z');
    const edge = outline(readers, 10);
    expect(edge.match(/M/g)).toHaveLength(28 + 2);
    expect(edge).toContain('M270 270h10');
    expect(edge).toContain('M270 270v10');
    expect(outline(new Uint32Array(784).fill(1), 10)).toBe('');
  });

  it('show ratios on a scale of ratios', () => {
    const relative = new Float32Array(784);
    relative.set([Number.NaN, Number.POSITIVE_INFINITY, 1, 0.01, 100, 10]);
    const shares = relativeShares(relative);
    expect([...shares.slice(0, 5)]).toEqual([0, 1, 0.5, 0, 1]);
    expect(shares[5]).toBeCloseTo(0.75);
  });

  it('are a table, too', () => {
    const rows = pixelRows(mean, readers, new Float32Array(784).fill(Number.POSITIVE_INFINITY));
    expect(rows).toHaveLength(785);
    expect(rows[784]).toEqual(['28', '28', '0.50000', '0', '']);
  });
});
