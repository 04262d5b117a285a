import { describe, expect, it } from 'vitest';
import { usual } from '../../../src/engine/sizes';
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

const attack = usual('pgd', 'linf', 0.05);
const known = {
  found: found('passed', 'Of 512 images 7.'),
  rival: { attack, correct: 163, beats: false },
  adaptive: 165,
  images: 512,
  norm: 'linf',
  cut: true,
} as const;

describe('the checks', () => {
  it('say what the core says, with its numbers', () => {
    const all = checksOf(known);
    expect(all.map(({ kind }) => kind)).toEqual(['stronger', ...KINDS]);
    expect(all[1]).toEqual({
      kind: 'gradients',
      state: 'passed',
      sentence: 'On gradients.',
      evidence: 'Of 512 images 7.',
    });
    expect(summary(all, known)).toEqual({ level: 'quiet', words: '8 of 8 checks passed' });
  });

  it('are loud where one of them warns, and only there', () => {
    const warned = known.found.map((check) =>
      check.kind === 'noise' ? { ...check, state: 'tripped' as const } : check,
    );
    const all = checksOf({ ...known, found: warned });
    const tripped = all.filter(({ state }) => state === 'tripped');
    expect(tripped.map(({ kind }) => kind)).toEqual(['noise']);
    expect(summary(all, known)).toEqual({
      level: 'loud',
      words: 'may flatter: 1 of 8 checks warns',
    });
  });

  it('warn where another attack contradicts the figure', () => {
    const beaten = { attack, correct: 100, beats: true };
    const all = checksOf({ ...known, rival: beaten });
    const [first] = all;
    expect(summary(all, { ...known, rival: beaten }).level).toBe('loud');
    const little = { ...known, rival: { attack, correct: 145, beats: true } };
    expect(summary(checksOf(little), little)).toEqual({
      level: 'mild',
      words: 'stronger attack: 3.9 points lower',
    });
    expect(first).toEqual({
      kind: 'stronger',
      state: 'tripped',
      sentence: 'Another attack fools more: the figure is too high.',
      evidence:
        'Of 512 images 100 withstand PGD, 10 steps, random start, L∞ ε 0.05, and 165 this attack.',
    });
  });

  it('say how much lower another attack comes, even where that may be chance', () => {
    const lower = { ...known, rival: { attack, correct: 154, beats: false } };
    expect(summary(checksOf(lower), lower)).toEqual({
      level: 'quiet',
      words: '8 of 8 checks passed; worst case −2.1',
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
    expect(summary(all, known)).toEqual({ level: 'quiet', words: '7 of 8 checks done' });
    const none = checksOf({ ...known, found: null, rival: null });
    expect(none.every(({ state }) => state === 'waiting')).toBe(true);
  });

  it('leave out what does not apply, or says nothing at this size', () => {
    const l1 = checksOf({ ...known, norm: 'l1', cut: false });
    const idle = l1.filter(({ state }) => state === 'idle').map(({ kind }) => kind);
    expect(idle).toEqual(['black-box', 'transfer']);
    expect(summary(l1, known).words).toBe('6 of 6 checks passed');
    const vague = checksOf({ ...known, found: found('unknown', 'Of 512 images 500.') });
    expect(vague.slice(1).every(({ state }) => state === 'idle')).toBe(true);
  });
});
