import { describe, expect, it } from 'vitest';
import { type Arm, findingGeometry, findingGroups, findingRows } from '../../../src/plots/finding';

const asked = { transfer: true, adaptive: [0.1, 0.05], certified: [0.01] };
const at = (eps: number, correct: number) => ({ eps, count: { correct, total: 1000 } });

function outcome(clean: number, adaptive: number): Arm['outcome'] {
  return {
    sparsity: 0.8,
    clean: { correct: clean, total: 1000 },
    transfer: [at(0.05, 900), at(0.1, 800)],
    adaptive: [at(0.05, adaptive), at(0.1, 100)],
    certified: [at(0.01, 50)],
  };
}

const waiting: Arm[] = ['whole', 'cut', 'whole', 'cut'].map((label) => ({
  label,
  asked,
  outcome: null,
}));
const partly = waiting.map((arm, at) => (at < 3 ? { ...arm, outcome: outcome(960, 400) } : arm));
const figures = [
  { label: 'cut', measure: 'clean', value: 95.5, low: 94, high: 97, unit: '%' },
  { label: 'cut', measure: 'adaptive', eps: 0.05, value: 41, low: 30, high: 110, unit: '%' },
];

describe('the figures of a finding', () => {
  it('have their places before anything is measured', () => {
    const groups = findingGroups(waiting, []);
    expect(groups.map(({ label }) => label)).toEqual(['whole', 'cut']);
    expect(groups[0]?.rows.map(({ label }) => label)).toEqual([
      'clean',
      'ε 0.01',
      'ε 0.05',
      'ε 0.1',
    ]);
    expect(groups[0]?.rows[2]?.dots.map(({ tone }) => tone)).toEqual(['transfer', 'adaptive']);
    const before = findingGeometry(groups, 600);
    const after = findingGeometry(findingGroups(partly, figures), 600);
    expect(after.height).toBe(before.height);
    expect(after.groups.map(({ y }) => y)).toEqual(before.groups.map(({ y }) => y));
  });

  it('are means of what has come, and have an interval only from the core', () => {
    const two = partly.map((arm, at) => (at === 2 ? { ...arm, outcome: outcome(940, 500) } : arm));
    const [whole, cut] = findingGroups(two, figures);
    expect(whole?.rows[0]?.dots[0]).toMatchObject({ value: 95, seeds: [96, 94], interval: null });
    expect(cut?.rows[0]?.dots[0]).toMatchObject({
      value: 95.5,
      seeds: [96],
      interval: { low: 94, high: 97 },
    });
    expect(whole?.note).toBe('80.0 % of weights zero');
  });

  it('stay within the plot and apart from each other', () => {
    const drawn = findingGeometry(findingGroups(partly, figures), 600);
    for (const { rows } of drawn.groups) {
      for (const { dots } of rows) {
        for (const { x, to, number } of dots) {
          for (const place of [x, to]) {
            if (place !== null) expect(place).toBeLessThanOrEqual(drawn.right);
          }
          expect(number.x).toBeGreaterThan(drawn.right);
          expect(number.x).toBeLessThanOrEqual(600);
        }
        expect(new Set(dots.map(({ y }) => y)).size).toBe(dots.length);
      }
    }
  });

  it('tell likeness beside its chance level, and correlations on the same scale', () => {
    const alike = { overlap: 0.5, spearman: -0.2 };
    const kinds = ['halves', 'attacks', 'sizes', 'digits', 'images', 'noise', 'activation'];
    const arm = {
      label: 'whole',
      asked: { similarity: true },
      outcome: {
        ...outcome(960, 400),
        sparsity: 0,
        similarity: { chance: 0.055, ...Object.fromEntries(kinds.map((kind) => [kind, alike])) },
      },
    } as Arm;
    const known = {
      label: 'whole',
      measure: 'Spearman, digits',
      value: 0.3,
      low: 0.1,
      high: 0.6,
      unit: '',
    };
    const groups = findingGroups([arm], [known]);
    const [group] = groups;
    expect(group?.rows).toHaveLength(1 + kinds.length);
    const digits = group?.rows.find(({ label }) => label === 'digits');
    expect(digits?.dots).toMatchObject([
      { tone: 'overlap', value: 50, interval: null },
      { tone: 'spearman', value: 30, interval: { low: 10, high: 60 } },
    ]);
    expect(group?.note).toBe('by chance an overlap of 5.5 %');
    const drawn = findingGeometry(groups, 600);
    const [first] = drawn.groups[0]?.rows[1]?.dots.slice(1) ?? [];
    // Below nought it is drawn at the edge, and its number is told.
    expect(first?.x).toBe(drawn.left);
    expect(first?.number.text).toBe('−20.0');
    expect(drawn.axis).toBe('% →');
    expect(findingGeometry(groups, 358).heads.at(-1)?.x).toBeLessThanOrEqual(358);
  });

  it('leave room for dots on a phone', () => {
    const drawn = findingGeometry(findingGroups(partly, figures), 358);
    expect(drawn.right - drawn.left).toBeGreaterThanOrEqual(60);
    expect(drawn.heads.at(-1)?.x).toBeLessThanOrEqual(358);
  });

  it('are a table', () => {
    const rows = findingRows(findingGroups(partly, figures));
    expect(rows).toHaveLength(1 + 2 * 6);
    expect(rows).toContainEqual(['cut', 're-attacked, ε 0.05', '41.0', '30.0', '110.0', '1']);
    expect(rows).toContainEqual(['whole', 'clean', '96.0', '', '', '2']);
  });
});
