/** A task in words. */
import { methodOf, normOf } from '../engine/attacks';
import type { TaskSettings } from '../engine/types';
import { count } from '../plots/measured';
import type { Condition, Misfit } from './task';

/** Every sentence whole, with numbers as place-holders. */
const GOALS: Record<TaskSettings['maximise'], string> = {
  adaptive: 'Make re-attacked accuracy as high as you can.',
  certified: 'Make certified accuracy as high as you can.',
  clean: 'Make clean accuracy as high as you can.',
};

export const SCORES: Record<TaskSettings['maximise'], string> = {
  adaptive: 'Score: re-attacked',
  certified: 'Score: certified',
  clean: 'Score: clean',
};

const CONDITIONS: Record<Condition['key'], (limit: number) => string> = {
  clean: (limit) => `clean at least ${limit} %`,
  adaptive: (limit) => `re-attacked at least ${limit} %`,
  certified: (limit) => `certified at least ${limit} %`,
  weights: (limit) => `at most ${limit} % of the weights left`,
  units: (limit) => `at most ${limit} % of the hidden units left`,
  pixels: (limit) => `at most ${limit} % of the pixels left`,
};

export const goalWords = ({ maximise }: TaskSettings): string => GOALS[maximise];

export const conditionWords = ({ key, limit }: Pick<Condition, 'key' | 'limit'>): string =>
  CONDITIONS[key](limit);

/** How the score is measured. */
export function measuredWords({ method, norm, eps, steps, images }: TaskSettings): string {
  const { label, uses } = methodOf(method);
  const size = `${normOf(norm).label} ε ${eps}`;
  return uses.includes('steps')
    ? `Measured by ${label} with ${count(steps)} steps at ${size}, on ${count(images)} test images.`
    : `Measured by ${label} at ${size}, on ${count(images)} test images.`;
}

/** Why a network's figures do not count. */
export function misfitWords(misfit: Misfit, task: TaskSettings): string {
  if (misfit === 'images') {
    return `This does not count: the task’s score is of ${count(task.images)} test images.`;
  }
  if (misfit === 'eps') return `This does not count: the task’s attack has ε ${task.eps}.`;
  return 'This does not count: the attack is set otherwise than in the task.';
}
