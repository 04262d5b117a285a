/** An attack in words. */
import { methodOf } from '../../engine/attacks';
import { normLabel } from '../../engine/sizes';
import type { AttackSettings } from '../../engine/types';

/** The method and how long it tries, for example “PGD, 10 steps”. */
export function methodWords({ method, steps, restarts }: AttackSettings): string {
  const { label, uses, stepsLabel } = methodOf(method);
  const long = uses.includes('steps') ? `, ${steps} ${stepsLabel.toLowerCase()}` : '';
  const often = uses.includes('restarts') && restarts > 1 ? `, ${restarts} restarts` : '';
  return `${label}${long}${often}`;
}

/** The whole attack, for example “PGD, 10 steps, random start, L∞ ε 0.05, aimed at 3”. */
export function attackWords(settings: AttackSettings): string {
  const { method, norm, eps, start, target } = settings;
  const { uses, minimal } = methodOf(method);
  const from = uses.includes('start') && start === 'random' ? ', random start' : '';
  const size = minimal
    ? `smallest ${normLabel(norm)} change, at most ${eps}`
    : `${normLabel(norm)} ε ${eps}`;
  const aim = target >= 0 ? `, aimed at ${target}` : '';
  return `${methodWords(settings)}${from}, ${size}${aim}`;
}
