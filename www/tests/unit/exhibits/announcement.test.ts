import { describe, expect, it } from 'vitest';
import { announcement } from '../../../src/exhibits/parts/announcement';

const measured = (correct: number) => ({ correct, total: 1000, low: 0, high: 1 });
const facts = (unitsPruned: number, sparsity = unitsPruned / 100, pixelsPruned = 0) => ({
  ...{ unitsPruned, sparsity, pixelsPruned },
});
const said = (now: ReturnType<typeof facts>, before: ReturnType<typeof facts> | null) =>
  announcement(now, before, measured(961), measured(302));

describe('announcement', () => {
  it('says what was done and what came of it', () => {
    const figures = 'clean 96.1 %, re-attacked 30.2 %.';
    expect(said(facts(0), null)).toBe(`Trained; ${figures}`);
    expect(said(facts(3), facts(0))).toBe(`3 units cut; ${figures}`);
    expect(said(facts(4), facts(3))).toBe(`1 unit cut; ${figures}`);
    expect(said(facts(0, 0.5), facts(0))).toBe(`50.0 % of the weights are cut; ${figures}`);
    expect(said(facts(0, 0.1, 78), facts(0))).toBe(`78 pixels cut; ${figures}`);
    expect(said(facts(1), facts(3))).toBe(`Brought back; ${figures}`);
    expect(said(facts(3), facts(3))).toBe(`Trained; ${figures}`);
  });
});
