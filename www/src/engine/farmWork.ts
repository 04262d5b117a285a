/** How much work a trial is, and what of it several trials share. */

import type { Trial } from './farmRun';
import { keyOf, networkKey } from './keys';
import { lastScratch } from './recipes';
import type { PruneSettings, Recipe, Step } from './types';

/** Names everything that a trial's result depends on. */
export function trialKey({ recipe, asked }: Trial): string {
  return keyOf({ recipe, asked });
}

/** The recipe up to its last training from scratch, which many trials have in common. */
export function prefixOf(recipe: Recipe): Recipe {
  return { ...recipe, steps: recipe.steps.slice(0, lastScratch(recipe) + 1) };
}

export function prefixKey(recipe: Recipe): string {
  return networkKey(prefixOf(recipe));
}

/** A training image forwards, backwards and into the weights is one piece of work, … */
const ATTACKED = 0.6;
/** … an image forwards alone a part of one, … */
const READ = 0.3;
/** … and to prove one takes about as long as ten. */
const PROVEN = 10;
/** Distortions of so many measures are compared. */
const COMPARED = 6;
const TEST_IMAGES = 10_000;
const TRAIN_IMAGES = 60_000;

/** How often a batch is attacked before it is learned from. */
function attacked(how: string, steps: number): number {
  if (how === 'none' || how === 'clean') return 0;
  return how === 'fgsm' ? 1 : steps;
}

function pruneWork({ by, images, steps, schedule, rounds, tune, when, tuning }: PruneSettings) {
  const times = schedule === 'once' ? 1 : rounds;
  const scored = by.includes('distortion') ? images * steps * ATTACKED : images * READ;
  const tunings = when === 'each' ? times : 1;
  const tuned = tune * TRAIN_IMAGES * (1 + ATTACKED * attacked(tuning, steps));
  return times * scored + tunings * tuned;
}

function stepWork(step: Step): number {
  switch (step.step) {
    case 'train':
      return step.epochs * step.images * (1 + ATTACKED * attacked(step.against, step.steps));
    case 'learn':
      return step.epochs * step.images * (1 + ATTACKED * attacked(step.on, step.steps));
    case 'prune':
      return pruneWork(step);
    case 'file':
    case 'cut':
      return 0;
  }
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

/** Rough, and in units of its own: only shares of it are ever looked at. */
export function workOf({ recipe, asked }: Trial): { prefix: number; own: number } {
  const scratch = lastScratch(recipe) + 1;
  const before = recipe.steps.slice(Math.max(0, scratch - 1), scratch);
  const { distortion } = recipe;
  const { images } = recipe.measure;
  const { adaptive = [], certified = [], transfer } = asked;
  const attacks = adaptive.length * (transfer ? 2 : 1);
  const measured =
    READ * TEST_IMAGES +
    attacks * images * recipe.attack.steps * recipe.attack.restarts * ATTACKED +
    (certified.length > 0 ? PROVEN * images : 0) +
    (asked.similarity ? COMPARED * distortion.images * distortion.steps * ATTACKED : 0);
  return {
    prefix: sum(before.map(stepWork)),
    own: sum(recipe.steps.slice(scratch).map(stepWork)) + measured,
  };
}
