import { describe, expect, it } from 'vitest';
import { wilson } from '../../../src/engine/tally';
import { verdict } from '../../../src/exhibits/parts/verdict';

const of = (correct: number, total = 1000) => ({
  correct,
  total,
  of: total,
  done: true,
  ...wilson(correct, total),
});

const uncut = (clean: number, adaptive: number) =>
  verdict({
    clean: of(clean),
    transfer: null,
    adaptive: of(adaptive),
    before: {},
    cut: false,
    eps: 0.05,
    size: 'at most ε 0.05 a pixel',
    aimed: true,
  });

describe('the verdict on a whole network', () => {
  it('says how much the attack leaves, no more than the intervals allow', () => {
    expect(uncut(940, 100)).toContain('defeats it on most of them');
    expect(uncut(940, 468)).toContain('about half');
    expect(uncut(940, 700)).toContain('keeps the larger part');
    expect(uncut(940, 938)).toContain('no measurable harm');
    expect(uncut(200, 100)).toContain('hardly reads digits');
  });

  it('says nothing of too few images', () => {
    const few = { clean: of(90, 100), transfer: null, adaptive: of(40, 100), before: {} };
    const how = { cut: false, eps: 0.05, size: '', aimed: true };
    expect(verdict({ ...few, ...how })).toBeNull();
  });
});
