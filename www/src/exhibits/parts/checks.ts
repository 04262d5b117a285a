/** The checks for masked gradients, as the core judges them, for the page to show. */
import { works } from '../../engine/sizes';
import type { AlarmKind, Check, Norm } from '../../engine/types';

export interface Shown {
  kind: AlarmKind;
  /** `idle`: does not apply, or says nothing at this size. */
  state: 'passed' | 'tripped' | 'waiting' | 'idle';
  sentence: string;
  /** The numbers, or why there are none. */
  evidence: string;
}

interface Known {
  /** What the core found so far. */
  found: readonly Check[] | null;
  norm: Norm;
  /** Whether anything is cut: only then are there old images. */
  cut: boolean;
}

/** What is looked for, before anything was found. */
const QUESTIONS: Record<AlarmKind, string> = {
  gradients: 'Are there gradients to follow?',
  'one-step': 'Does one large step fool more than many small ones?',
  'black-box': 'Does an attack that sees no gradients fool more?',
  transfer: 'Do old adversarial images fool more than new ones?',
  'more-steps': 'Do ten times the steps fool more?',
  'large-eps': 'Does it see where every image can be turned plain grey?',
  noise: 'Does random noise of the same size fool as much?',
};

const KINDS = Object.keys(QUESTIONS) as AlarmKind[];

export function checksOf({ found, norm, cut }: Known): Shown[] {
  return KINDS.map((kind): Shown => {
    const sentence = QUESTIONS[kind];
    if (kind === 'transfer' && !cut) {
      return {
        kind,
        state: 'idle',
        sentence,
        evidence: 'Nothing is cut: there are no old images.',
      };
    }
    if (kind === 'black-box' && !works('square', norm)) {
      const evidence = 'The black-box attack here, Square, is not defined for this norm.';
      return { kind, state: 'idle', sentence, evidence };
    }
    const check = found?.find((each) => each.kind === kind);
    if (!check || (check.state === 'unknown' && check.evidence === '')) {
      return { kind, state: 'waiting', sentence, evidence: 'Not measured yet.' };
    }
    const state = check.state === 'unknown' ? 'idle' : check.state;
    return { kind, state, sentence: check.sentence, evidence: check.evidence };
  });
}

/** All checks in a line. */
export function summary(checks: readonly Shown[]): { loud: boolean; words: string } {
  const among = (state: Shown['state']) => checks.filter((check) => check.state === state).length;
  const of = checks.length - among('idle');
  const [passed, tripped] = [among('passed'), among('tripped')];
  if (tripped > 0) {
    const warn = tripped === 1 ? 'warns' : 'warn';
    return { loud: true, words: `may flatter: ${tripped} of ${of} masking checks ${warn}` };
  }
  const so = passed < of ? 'done' : 'passed';
  return { loud: false, words: `${passed} of ${of} masking checks ${so}` };
}
