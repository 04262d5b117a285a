/** The checks for masked gradients in words, each with its evidence in numbers. */
import { works } from '../../engine/sizes';
import type { Alarm, Evidence, Norm } from '../../engine/types';
import { count } from '../../plots/measured';

export interface Check {
  kind: Alarm['kind'];
  /** What a figure to be trusted has. */
  title: string;
  state: 'passed' | 'tripped' | 'waiting' | 'idle';
  /** What was found, in numbers; or why nothing was. */
  words: string;
}

interface Known {
  evidence: Evidence | null;
  alarms: readonly Alarm[] | null;
  norm: Norm;
  /** Whether anything is cut: only then are there old images. */
  cut: boolean;
}

const TITLES: readonly [Alarm['kind'], string][] = [
  ['gradients', 'The network has gradients to follow'],
  ['one-step', 'Many small steps find more than one large step'],
  ['more-steps', 'Ten times the steps find hardly more'],
  ['black-box', 'Attacks that see no gradient find less'],
  ['transfer', 'New adversarial images fool more than old ones'],
  ['large-eps', 'A change that can make every image grey fools it'],
  ['noise', 'Noise of the same size fools less'],
];

/** The numbers behind a check; undefined where they are not all there. */
function numbers(kind: Alarm['kind'], found: Evidence): string | undefined {
  const { images, adaptive, oneStep, iterative, moreSteps, blackBox, transfer, large } = found;
  const of = `of ${count(images)} images`;
  const two = (a: number | undefined, first: string, b: number | undefined, second: string) =>
    a === undefined || b === undefined
      ? undefined
      : `${first} leaves ${count(a)} ${of} read right, ${second} ${count(b)}.`;
  switch (kind) {
    case 'gradients': {
      const counts = found.gradients;
      if (!counts) return undefined;
      const { correct, zero, vanishing } = counts;
      return `Of ${count(correct)} images read right, ${count(zero)} have a gradient of exactly zero and ${count(vanishing)} a vanishing one.`;
    }
    case 'one-step':
      return two(oneStep, 'One step', iterative, 'many');
    case 'more-steps':
      return two(iterative, 'PGD', moreSteps, 'with ten times its steps');
    case 'black-box':
      return two(blackBox, 'Square, 300 queries,', found.whiteBox ?? adaptive, 'PGD');
    case 'transfer':
      return two(transfer, 'The old set', adaptive, 'a new one');
    case 'large-eps':
      return large && `At ε ${large.eps}, ${count(large.correct)} ${of} are still read right.`;
    case 'noise':
      return two(found.noise, 'Noise', adaptive, 'the attack');
  }
}

export function checksOf({ evidence, alarms, norm, cut }: Known): Check[] {
  return TITLES.map(([kind, title]): Check => {
    if (kind === 'transfer' && !cut) {
      return { kind, title, state: 'idle', words: 'Nothing is cut, so there are no old images.' };
    }
    if (kind === 'black-box' && !works('square', norm)) {
      const words = 'The black-box attack here (Square) is not defined for this norm.';
      return { kind, title, state: 'idle', words };
    }
    const words = evidence ? numbers(kind, evidence) : undefined;
    const alarm = alarms?.find((each) => each.kind === kind);
    if (alarm) {
      return { kind, title: alarm.sentence, state: 'tripped', words: alarm.evidence };
    }
    if (words === undefined || !alarms) {
      return { kind, title, state: 'waiting', words: 'Not measured yet.' };
    }
    return { kind, title, state: 'passed', words };
  });
}

/** All checks in a line. */
export function summary(checks: readonly Check[]): { loud: boolean; words: string } {
  const among = (state: Check['state']) => checks.filter((check) => check.state === state).length;
  const of = checks.length - among('idle');
  const [passed, tripped] = [among('passed'), among('tripped')];
  if (tripped > 0) {
    const warn = tripped === 1 ? 'warns' : 'warn';
    return { loud: true, words: `may flatter: ${tripped} of ${of} masking checks ${warn}` };
  }
  const so = passed < of ? 'done' : 'passed';
  return { loud: false, words: `${passed} of ${of} masking checks ${so}` };
}
