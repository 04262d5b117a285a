import { describe, expect, it } from 'vitest';
import type { AlarmKind, Check } from '../../../src/engine/types';
import { checksOf, summary } from '../../../src/exhibits/parts/checks';

const KINDS: AlarmKind[] = [
  'gradients',
  'one-step',
  'black-box',
  'transfer',
  'more-steps',
  'large-eps',
  'noise',
];

const found = (state: Check['state'], evidence: string): Check[] =>
  KINDS.map((kind) => ({ kind, state, sentence: `On ${kind}.`, evidence }));

const known = { found: found('passed', 'Of 512 images 7.'), norm: 'linf', cut: true } as const;

describe('the checks', () => {
  it('say what the core says, with its numbers', () => {
    const all = checksOf(known);
    expect(all.map(({ kind }) => kind)).toEqual(KINDS);
    expect(all[0]).toEqual({
      kind: 'gradients',
      state: 'passed',
      sentence: 'On gradients.',
      evidence: 'Of 512 images 7.',
    });
    expect(summary(all)).toEqual({ loud: false, words: '7 of 7 masking checks passed' });
  });

  it('are loud where one of them warns, and only there', () => {
    const warned = known.found.map((check) =>
      check.kind === 'noise' ? { ...check, state: 'tripped' as const } : check,
    );
    const all = checksOf({ ...known, found: warned });
    const tripped = all.filter(({ state }) => state === 'tripped');
    expect(tripped.map(({ kind }) => kind)).toEqual(['noise']);
    expect(summary(all)).toEqual({
      loud: true,
      words: 'may flatter: 1 of 7 masking checks warns',
    });
  });

  it('say what is not measured yet, and never that it passed', () => {
    const some = known.found.map((check) =>
      check.kind === 'more-steps' ? { ...check, state: 'unknown' as const, evidence: '' } : check,
    );
    const all = checksOf({ ...known, found: some });
    const waiting = all.filter(({ state }) => state === 'waiting');
    expect(waiting.map(({ kind, evidence }) => [kind, evidence])).toEqual([
      ['more-steps', 'Not measured yet.'],
    ]);
    expect(summary(all)).toEqual({ loud: false, words: '6 of 7 masking checks done' });
    const none = checksOf({ ...known, found: null });
    expect(none.every(({ state }) => state === 'waiting')).toBe(true);
  });

  it('leave out what does not apply, or says nothing at this size', () => {
    const l1 = checksOf({ ...known, norm: 'l1', cut: false });
    const idle = l1.filter(({ state }) => state === 'idle').map(({ kind }) => kind);
    expect(idle).toEqual(['black-box', 'transfer']);
    expect(summary(l1).words).toBe('5 of 5 masking checks passed');
    const vague = checksOf({ ...known, found: found('unknown', 'Of 512 images 500.') });
    expect(vague.every(({ state }) => state === 'idle')).toBe(true);
  });
});
