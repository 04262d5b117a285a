/** What the equation shows: what the attack came to, or a place on the way there. */
import { computed } from '@preact/signals';
import type { AttackSettings } from '../../engine/types';
import { PIXELS } from '../../plots/weightMap';
import { frame, image, subject, trajectory } from '../../state';
import { read } from './reading';

const DIGITS = 10;

export interface Shown {
  label: number;
  /** Pixels from 0 to 1. */
  image: readonly number[];
  adversarial: ArrayLike<number>;
  clean: Reading;
  attacked: Reading;
  /** In the attack's own norm. */
  norm: number;
  /** The step looked at; null for the outcome. */
  step: number | null;
  /** The attack it came from. */
  by: AttackSettings;
}

export interface Reading {
  digit: number;
  /** Of the ten digits. */
  probabilities: readonly number[];
}

const reading = (probabilities: readonly number[]): Reading => ({
  digit: read(probabilities),
  probabilities,
});

/** Null where nothing is attacked (yet). */
export const shown = computed<Shown | null>(() => {
  const attacked = image.value;
  if (!attacked || (attacked.index === -1) !== (subject.value === 'drawing')) return null;
  const { label, image: original, adversarial, norm } = attacked;
  const outcome = {
    label,
    image: original,
    adversarial,
    clean: reading(attacked.clean),
    attacked: reading(attacked.attacked),
    norm,
    step: null,
    by: attacked.by,
  };
  const [way, at] = [trajectory.value, frame.value];
  const digit = at === null ? undefined : way?.read[at];
  if (!way || at === null || digit === undefined) return outcome;
  return {
    ...outcome,
    adversarial: way.pixels.subarray(at * PIXELS, (at + 1) * PIXELS),
    attacked: { digit, probabilities: way.probabilities.slice(at * DIGITS, (at + 1) * DIGITS) },
    norm: way.norms[at] ?? 0,
    step: way.steps[at] ?? at,
    by: way.by,
  };
});
