/** The core's tables of attacks and norms, and what choosing one of them changes. */
import properties from '../generated/properties.json';
import type { Controls } from './defaults';
import type { AttackMethod, AttackSettings } from './types';

export type Norm = AttackSettings['norm'];

export interface MethodRow {
  value: AttackMethod;
  label: string;
  /** Under which heading of the chooser it stands. */
  group: string;
  /** What it does, in one line. */
  about: string;
  cites: string;
  norms: readonly Norm[];
  /** Whether it can be made to aim at one digit. */
  targets: boolean;
  /** Whether it looks for the smallest perturbation, instead of the worst of a given size. */
  minimal: boolean;
  /** The settings that mean something to it. */
  uses: readonly (keyof AttackSettings)[];
  stepsLabel: string;
  mostSteps: number;
  defaults: Partial<AttackSettings>;
}

export interface NormRow {
  value: Norm;
  label: string;
  help: string;
  /** Largest size allowed, largest one a slider shows, and a slider's step. */
  max: number;
  shown: number;
  step: number;
  /** Usual sizes of the attack that is looked at, and of the one the figures are measured with. */
  attack: number;
  measure: number;
  marks: readonly { value: number; label: string }[];
}

const tables = properties as unknown as { methods: MethodRow[]; norms: NormRow[] };

export const METHODS: readonly MethodRow[] = tables.methods;
export const NORMS: readonly NormRow[] = tables.norms;

function row<R extends { value: string }>(rows: readonly R[], value: string): R {
  const found = rows.find((entry) => entry.value === value);
  if (!found) throw new Error(`The core’s table has no “${value}”.`);
  return found;
}

export const methodOf = (method: AttackMethod): MethodRow => row(METHODS, method);
export const normOf = (norm: Norm): NormRow => row(NORMS, norm);

/** Methods under their headings, in the table's order. */
export function methodGroups(
  methods: readonly MethodRow[] = METHODS,
): { group: string; methods: MethodRow[] }[] {
  const groups: { group: string; methods: MethodRow[] }[] = [];
  for (const method of methods) {
    const known = groups.find(({ group }) => group === method.group);
    if (known) known.methods.push(method);
    else groups.push({ group: method.group, methods: [method] });
  }
  return groups;
}

/** Whether it takes hundreds of looks at an image, or thousands. */
export const isSlow = (method: AttackMethod): boolean =>
  ['strongest', 'minimal', 'black-box'].includes(methodOf(method).group);

type Measured = Pick<Controls, 'attack' | 'measure'>;

/** The attack with another method: its usual settings, and the norm if it knows it. */
export function withMethod({ attack, measure }: Measured, method: AttackMethod): Measured {
  const { norms, targets, defaults } = methodOf(method);
  const next: AttackSettings = {
    ...attack,
    ...defaults,
    method,
    target: targets ? attack.target : -1,
  };
  const norm = norms.includes(attack.norm) ? attack.norm : norms[0];
  const same = { attack: { ...next, norm: attack.norm }, measure };
  return norm === undefined || norm === attack.norm ? same : withNorm(same, norm);
}

/** The attack in another norm; a size in one means nothing in another. */
export function withNorm({ attack, measure }: Measured, norm: Norm): Measured {
  const usual = normOf(norm);
  return {
    attack: { ...attack, norm, eps: usual.attack },
    measure: { ...measure, eps: usual.measure },
  };
}

/** Whether an attack can have a setting at this value. */
function allows({ attack: { method, norm } }: Measured, name: string, value: number | string) {
  const { norms, targets, mostSteps, uses } = methodOf(method);
  const { max } = normOf(norm);
  switch (name) {
    case 'attack.norm':
      return norms.some((known) => known === value);
    case 'attack.target':
      return targets || value === -1;
    case 'attack.eps':
    case 'measure.eps':
      return Number(value) <= max;
    case 'attack.step':
      return !uses.includes('step') || Number(value) <= max;
    case 'attack.steps':
      return !uses.includes('steps') || Number(value) <= mostSteps;
    default:
      return true;
  }
}

/** Of each setting that a link may lock, why an attack cannot be had. */
const REFUSED: Record<string, (value: number | string) => string> = {
  'attack.norm': () =>
    'This link locks the norm, and this attack does not know it: the attack stays as it is.',
  'attack.target': (value) =>
    `This link locks the attack’s goal, the digit ${value}, and this attack cannot aim: it stays as it is.`,
  'attack.steps': (value) =>
    `This link locks the attack’s steps at ${value}, more than this attack may take: it stays as it is.`,
  'attack.eps': (value) =>
    `This link locks the attack’s size at ${value}, which is too large in this norm: the attack stays as it is.`,
  'attack.step': (value) =>
    `This link locks the attack’s step size at ${value}, which is too large in this norm: the attack stays as it is.`,
  'measure.eps': (value) =>
    `This link locks the size that figures are measured at, ${value}, which is too large in this norm: the attack stays as it is.`,
};

/** The new attack with whatever is locked as it was before, or a sentence where it cannot be so. */
export function keeping(
  locked: ReadonlySet<string>,
  before: Measured,
  { attack, measure }: Measured,
): Measured | string {
  const next = { attack: { ...attack }, measure: { ...measure } };
  for (const group of ['attack', 'measure'] as const) {
    for (const [key, value] of Object.entries(before[group])) {
      const name = `${group}.${key}`;
      // The method is what is chosen here.
      if (!locked.has(name) || name === 'attack.method') continue;
      (next[group] as Record<string, unknown>)[key] = value;
    }
  }
  for (const [name, refused] of Object.entries(REFUSED)) {
    const [group, key = ''] = name.split('.');
    const settings = group === 'measure' ? before.measure : before.attack;
    const value = (settings as unknown as Record<string, number | string>)[key];
    if (value === undefined || !locked.has(name)) continue;
    if (!allows(next, name, value)) return refused(value);
  }
  return next;
}

/** The size of a perturbation, in as many digits as its norm deserves. */
export function size(norm: number): string {
  return norm >= 10 ? norm.toFixed(1) : norm >= 1 ? norm.toFixed(2) : norm.toFixed(3);
}
