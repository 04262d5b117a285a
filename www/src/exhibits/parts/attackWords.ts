/** An attack in words. */
import { isMinimal, methodLabel, normLabel, uses } from '../../engine/attacks';
import type { AttackSettings, Norm } from '../../engine/types';

/** A size with the unit that it has. */
export function sizeWords(norm: Norm, eps: number): string {
  return `${normLabel(norm)} ε ${eps}`;
}

/** The method and how long it tries, for example “PGD, 10 steps”. */
export function methodWords({ method, steps, restarts }: AttackSettings): string {
  const unit = method === 'square' ? 'queries' : 'steps';
  const tries = uses(method, 'restarts') && restarts > 1 ? `, ${restarts} restarts` : '';
  return `${methodLabel(method)}${uses(method, 'steps') ? `, ${steps} ${unit}` : ''}${tries}`;
}

/** The whole attack, for example “PGD, 10 steps, random start, L∞ ε 0.05, aimed at 3”. */
export function attackWords(settings: AttackSettings): string {
  const { method, norm, eps, start, target } = settings;
  const from = uses(method, 'start') && start === 'random' ? ', random start' : '';
  const size = isMinimal(method)
    ? `smallest ${normLabel(norm)} change, at most ${eps}`
    : sizeWords(norm, eps);
  const aim = target >= 0 ? `, aimed at ${target}` : '';
  return `${methodWords(settings)}${from}, ${size}${aim}`;
}
