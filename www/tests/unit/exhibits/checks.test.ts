import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/engine/types';
import { checksOf, summary } from '../../../src/exhibits/parts/checks';

const WHOLE: Evidence = {
  eps: 0.05,
  norm: 'linf',
  images: 512,
  clean: 498,
  adaptive: 205,
  oneStep: 260,
  iterative: 205,
  moreSteps: 203,
  blackBox: 390,
  whiteBox: 205,
  transfer: 300,
  large: { eps: 0.5, correct: 0 },
  noise: 496,
  gradients: { correct: 498, zero: 0, vanishing: 3 },
};
const known = { evidence: WHOLE, alarms: [], norm: 'linf', cut: true } as const;

describe('the checks', () => {
  it('pass with their evidence in numbers', () => {
    const all = checksOf(known);
    expect(all.map(({ state }) => state)).toEqual(Array(7).fill('passed'));
    expect(all.map(({ words }) => words)).toMatchInlineSnapshot(`
      [
        "Of 498 images read right, 0 have a gradient of exactly zero and 3 a vanishing one.",
        "One step leaves 260 of 512 images read right, many 205.",
        "PGD leaves 205 of 512 images read right, with ten times its steps 203.",
        "Square, 300 queries, leaves 390 of 512 images read right, PGD 205.",
        "The old set leaves 300 of 512 images read right, a new one 205.",
        "At ε 0.5, 0 of 512 images are still read right.",
        "Noise leaves 496 of 512 images read right, the attack 205.",
      ]
    `);
    expect(summary(all)).toEqual({ loud: false, words: '7 of 7 masking checks passed' });
  });

  it('say what the core says where one warns, and are loud about it', () => {
    const alarm = {
      kind: 'noise',
      sentence: 'Noise does as much.',
      evidence: '12 of 12.',
    } as const;
    const all = checksOf({ ...known, alarms: [alarm] });
    expect(all.find(({ kind }) => kind === 'noise')).toEqual({
      kind: 'noise',
      title: 'Noise does as much.',
      state: 'tripped',
      words: '12 of 12.',
    });
    expect(summary(all)).toEqual({
      loud: true,
      words: 'may flatter: 1 of 7 masking checks warns',
    });
  });

  it('say what is not measured yet, and never that it passed', () => {
    const { moreSteps: _, large: __, ...some } = WHOLE;
    const all = checksOf({ ...known, evidence: some });
    const waiting = all.filter(({ state }) => state === 'waiting').map(({ kind }) => kind);
    expect(waiting).toEqual(['more-steps', 'large-eps']);
    expect(summary(all)).toEqual({ loud: false, words: '5 of 7 masking checks done' });
    const none = checksOf({ evidence: null, alarms: null, norm: 'linf', cut: true });
    expect(none.every(({ state }) => state === 'waiting')).toBe(true);
    // Evidence that the core has not looked at proves nothing.
    expect(checksOf({ ...known, alarms: null }).some(({ state }) => state === 'passed')).toBe(
      false,
    );
  });

  it('leave out what does not apply', () => {
    const all = checksOf({ ...known, norm: 'l1', cut: false });
    const idle = all.filter(({ state }) => state === 'idle').map(({ kind }) => kind);
    expect(idle).toEqual(['black-box', 'transfer']);
    expect(summary(all).words).toBe('5 of 5 masking checks passed');
  });
});
