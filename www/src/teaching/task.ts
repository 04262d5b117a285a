/** Whether a network does what a task asks, and what it scores. Nothing here has state. */
import { methodOf } from '../engine/attacks';
import type { Controls } from '../engine/defaults';
import { same } from '../engine/recipes';
import type { AttackSettings, Recipe, TaskSettings } from '../engine/types';
import type { Measured } from '../plots/measured';

export type Accuracy = TaskSettings['maximise'];

/** An accuracy as far as it is measured. */
export interface Accurate extends Measured {
  done: boolean;
}

/** What a task looks at, of the network on screen or of one that was tried aside. */
export interface Tried {
  recipe: Recipe;
  /** Shares that are cut, 0 to 1. */
  cut: { weights: number; units: number; pixels: number };
  accuracies: Record<Accuracy, Accurate | null>;
}

export interface Condition {
  key: 'clean' | 'adaptive' | 'certified' | 'weights' | 'units' | 'pixels';
  /** Per cent: at least so much accuracy, at most so much left. */
  limit: number;
  /** Per cent; null while nothing is measured. */
  value: number | null;
  /** Null while it is not yet known. */
  met: boolean | null;
}

export interface Standing {
  conditions: Condition[];
  /** The measures are those of the task. */
  fits: Misfit | null;
  /** The accuracy that counts; null while it is not measured to its end. */
  score: Accurate | null;
  /** All conditions are known to be met, the measures fit, and the score is complete. */
  counts: boolean;
}

/** What is measured otherwise than the task says. */
export type Misfit = 'attack' | 'eps' | 'images';

/** The attack that a task names; what it does not name is as usual for the method. */
export function attackOf({ method, norm, eps, steps }: TaskSettings): AttackSettings {
  const { defaults } = methodOf(method);
  const usual = { step: 0, start: 'random' as const, restarts: 1, target: -1, ...defaults };
  return { ...usual, method, norm, eps, steps };
}

/** What of a recipe's measures is not what the task says. */
export function misfit(task: TaskSettings, { attack, measure }: Recipe): Misfit | null {
  if (measure.images !== task.images) return 'images';
  if (measure.eps !== task.eps) return 'eps';
  return same({ ...attack, eps: task.eps }, attackOf(task)) ? null : 'attack';
}

/**
 * The measures that the task names, for the controls. The size that single images are attacked at
 * is no measure, and stays what it is where it means the same.
 */
export function measuresOf(task: TaskSettings, { attack }: Pick<Recipe, 'attack'>) {
  const eps = attack.norm === task.norm ? attack.eps : task.eps;
  const measure = { eps: task.eps, images: task.images };
  return { attack: { ...attackOf(task), eps }, measure };
}

/** A task to begin with, measured as the controls say; of the attack what a task can name. */
export function taskOf({ attack, measure }: Pick<Controls, 'attack' | 'measure'>): TaskSettings {
  return {
    maximise: 'adaptive',
    clean: 95,
    adaptive: 0,
    certified: 0,
    weights: 50,
    units: 100,
    pixels: 100,
    method: attack.method,
    norm: attack.norm,
    eps: measure.eps,
    steps: attack.steps,
    images: measure.images,
  };
}

/** Room for the last bit of a share that is told in per cent. */
const SLACK = 1e-9;

export function standing(task: TaskSettings, tried: Tried): Standing {
  const fits = misfit(task, tried.recipe);
  const least = (key: Accuracy): Condition[] => {
    if (task[key] <= 0) return [];
    const figure = tried.accuracies[key];
    const value = figure && figure.total > 0 ? (100 * figure.correct) / figure.total : null;
    const known = value !== null && figure?.done && (key === 'clean' || fits === null);
    return [{ key, limit: task[key], value, met: known ? value >= task[key] - SLACK : null }];
  };
  const most = (key: 'weights' | 'units' | 'pixels'): Condition[] => {
    if (task[key] >= 100) return [];
    const value = 100 * (1 - tried.cut[key]);
    return [{ key, limit: task[key], value, met: value <= task[key] + SLACK }];
  };
  const conditions = [
    ...least('clean'),
    ...least('adaptive'),
    ...least('certified'),
    ...most('weights'),
    ...most('units'),
    ...most('pixels'),
  ];
  const figure = tried.accuracies[task.maximise];
  const score = fits === null && figure?.done && figure.total === task.images ? figure : null;
  const counts = score !== null && conditions.every(({ met }) => met === true);
  return { conditions, fits, score, counts };
}

/** What becomes of a score that a link claims. */
export type Confirmation = 'measuring' | 'confirmed' | 'differs';

export function confirmation(claimed: number, { score, counts, fits, conditions }: Standing) {
  if (fits !== null) return 'differs' satisfies Confirmation;
  const open = score === null || conditions.some(({ met }) => met === null);
  if (open) return 'measuring' satisfies Confirmation;
  return (counts && score.correct === claimed ? 'confirmed' : 'differs') satisfies Confirmation;
}
