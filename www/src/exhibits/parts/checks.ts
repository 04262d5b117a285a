/** The checks of the re-attacked figure: whether others find more, and the core's for masking. */
import { works } from '../../engine/sizes';
import type { AlarmKind, Check, Norm } from '../../engine/types';
import { count } from '../../plots/measured';
import type { Rival } from '../../state';
import { attackWords } from './attackWords';

export interface Shown {
  kind: AlarmKind | 'stronger';
  /** `idle`: does not apply, or says nothing at this size. */
  state: 'passed' | 'tripped' | 'waiting' | 'idle';
  sentence: string;
  /** The numbers, or why there are none. */
  evidence: string;
}

interface Known {
  /** What the core found so far. */
  found: readonly Check[] | null;
  /** The strongest other attack, and the images it was tried on. */
  rival: Rival | null;
  adaptive: number;
  images: number;
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

function stronger({ rival, adaptive, images }: Known): Shown {
  const kind = 'stronger';
  if (!rival) {
    const sentence = 'Does another attack fool more?';
    return { kind, state: 'waiting', sentence, evidence: 'Not measured yet.' };
  }
  const { attack, correct, beats } = rival;
  const evidence = `Of ${count(images)} images ${count(correct)} withstand ${attackWords(attack)}, and ${count(adaptive)} this attack.`;
  return beats
    ? {
        kind,
        state: 'tripped',
        sentence: 'Another attack fools more: the figure is too high.',
        evidence,
      }
    : {
        kind,
        state: 'passed',
        sentence: 'Other attacks that were tried fool hardly more.',
        evidence,
      };
}

export function checksOf(known: Known): Shown[] {
  const { found, norm, cut } = known;
  const masking = KINDS.map((kind): Shown => {
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
  return [stronger(known), ...masking];
}

/** From so many points on, a stronger attack makes another figure of it. */
const POINTS = 5;
/** Below so many points a stronger attack says nothing new. */
const LEAST = 0.5;

/** All checks in a line, and how loudly it is to be said. */
export function summary(
  checks: readonly Shown[],
  { rival, adaptive, images }: Pick<Known, 'rival' | 'adaptive' | 'images'>,
): { level: 'quiet' | 'mild' | 'loud'; words: string } {
  const among = (state: Shown['state']) => checks.filter((check) => check.state === state).length;
  const of = checks.length - among('idle');
  const [passed, tripped] = [among('passed'), among('tripped')];
  const points = rival ? (100 * (adaptive - rival.correct)) / images : 0;
  if (tripped === 1 && rival?.beats && points < POINTS) {
    return { level: 'mild', words: `stronger attack: ${points.toFixed(1)} points lower` };
  }
  if (tripped > 0) {
    const warn = tripped === 1 ? 'warns' : 'warn';
    return { level: 'loud', words: `may flatter: ${tripped} of ${of} checks ${warn}` };
  }
  const so = passed < of ? 'done' : 'passed';
  // Within what chance allows, but lower all the same: whoever takes the figure away should know.
  const lower = points >= LEAST ? `; worst case −${points.toFixed(1)}` : '';
  return { level: 'quiet', words: `${passed} of ${of} checks ${so}${lower}` };
}
