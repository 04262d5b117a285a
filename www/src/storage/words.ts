/** A history that was kept, in a few words. */

import type { Recipe, Step } from '../engine/types';
import { optionLabel } from '../exhibits/parts/properties';
import { count } from '../plots/measured';

const DAY_MS = 86_400_000;
const TRAINED = 'trained';

/** What a network is, for whoever made it: “784-128-64-10, 20 % of hidden units cut”. */
export function historyWords({ network, steps }: Recipe): string {
  const shape = [784, ...network.hidden, 10].join('-');
  const beginning = first(steps);
  const newest = steps.findLast(isCut);
  if (!newest) return `${shape}, ${beginning}`;
  // What is cut was trained before.
  return [shape, ...(beginning === TRAINED ? [] : [beginning]), cut(newest)].join(', ');
}

const isCut = ({ step }: Step): boolean => step === 'prune' || step === 'learn' || step === 'cut';

/** How it came by its weights. */
function first(steps: readonly Step[]): string {
  const newest = steps.findLast(({ step }) => step === 'train' || step === 'file');
  if (newest?.step === 'file') return 'from a file';
  if (newest?.step !== 'train' || newest.against === 'none') return TRAINED;
  return `trained against ${optionLabel('train', 'against', newest.against)}`;
}

/** The newest cut. */
function cut(step: Step): string {
  if (step.step === 'prune' || step.step === 'learn') {
    return `${step.amount} % of ${optionLabel(step.step, 'what', step.what)} cut`;
  }
  const units = step.step === 'cut' ? step.units.reduce((sum, layer) => sum + layer.length, 0) : 0;
  if (units === 0) return 'pixels cut by hand';
  return units === 1 ? '1 unit cut by hand' : `${count(units)} units cut by hand`;
}

/** How long ago, by days as the visitor counts them. */
export function whenWords(when: number, now = Date.now()): string {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(now) - midnight(when)) / DAY_MS);
  if (days <= 0) return 'today';
  if (days === 1) return 'yesterday';
  return `${days} days ago`;
}
