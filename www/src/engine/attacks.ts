/** What the core's table says of attacks and norms, as the measures need it. */
import properties from '../generated/properties.json';
import type { AttackMethod, AttackSettings, Norm } from './types';

interface MethodRow {
  value: string;
  label: string;
  norms: string[];
  targets: boolean;
  minimal: boolean;
  uses: string[];
  defaults: { steps: number; restarts: number; start: string; step: number };
}

interface NormRow {
  value: string;
  label: string;
  max: number;
  shown: number;
  marks: { value: number; label: string }[];
}

const methods = properties.methods as unknown as MethodRow[];
const norms = properties.norms as unknown as NormRow[];

function row<T extends { value: string }>(rows: readonly T[], value: string, what: string): T {
  const found = rows.find((each) => each.value === value);
  if (!found) throw new Error(`The property table has no ${what} ${value}.`);
  return found;
}

export const normLabel = (norm: Norm): string => row(norms, norm, 'norm').label;

export const methodLabel = (method: AttackMethod): string => row(methods, method, 'method').label;

/** Whether a method looks for the smallest perturbation instead of one of a given size. */
export const isMinimal = (method: AttackMethod): boolean => row(methods, method, 'method').minimal;

/** Whether a method can be told what the network is to read. */
export const takesTarget = (method: AttackMethod): boolean =>
  row(methods, method, 'method').targets;

/** Whether a method uses a parameter, such as `steps`. */
export const uses = (method: AttackMethod, parameter: string): boolean =>
  row(methods, method, 'method').uses.includes(parameter);

export const works = (method: AttackMethod, norm: Norm): boolean =>
  row(methods, method, 'method').norms.includes(norm);

/** An attack with all else as usual. */
export function usual(method: AttackMethod, norm: Norm, eps: number): AttackSettings {
  const defaults = row(methods, method, 'method').defaults as Pick<
    AttackSettings,
    'steps' | 'restarts' | 'start' | 'step'
  >;
  return { method, norm, eps, ...defaults, target: -1 };
}

/** Sizes worth a mark on an axis; the last one is where a security curve ends. */
export function marksOf(norm: Norm): { value: number; label: string }[] {
  const { marks, shown } = row(norms, norm, 'norm');
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
