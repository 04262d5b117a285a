/** Attacks and sizes that figures are compared at. */
import { methodOf, normOf } from './attacks';
import type { AttackMethod, AttackSettings, Norm } from './types';

export const normLabel = (norm: Norm): string => normOf(norm).label;

export const works = (method: AttackMethod, norm: Norm): boolean =>
  methodOf(method).norms.includes(norm);

/** An attack with all else as usual. */
export function usual(method: AttackMethod, norm: Norm, eps: number): AttackSettings {
  const common = { steps: 1, step: 0, restarts: 1, start: 'random' } as const;
  return { ...common, ...methodOf(method).defaults, method, norm, eps, target: -1 };
}

/** Sizes worth a mark on an axis; the last one is where a security curve ends. */
export function marksOf(norm: Norm): readonly { value: number; label: string }[] {
  const { marks, shown } = normOf(norm);
  return marks.length > 0 ? marks : [{ value: shown, label: `${shown}` }];
}

/** The largest size of a security curve. */
export const reach = (norm: Norm): number =>
  Math.max(...marksOf(norm).map((mark) => mark.value), 0);

/** Thirtieths of the reach, closer together where small networks lose their accuracy. */
const THIRTIETHS = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30];

/** The sizes of a security curve, ascending from 0. */
export function sizesOf(norm: Norm): number[] {
  const end = reach(norm);
  // Rounded, so that a third of 0.3 is 0.1 and not its neighbour.
  return THIRTIETHS.map((part) => Number(((end * part) / 30).toPrecision(6)));
}

/**
 * A size at which every image can be made one plain grey, so that no network can tell the digits
 * apart: half of a pixel's range in each of 784 pixels.
 */
export const plainGrey = (norm: Norm): number => ({ linf: 0.5, l2: 14, l1: 392 })[norm];
