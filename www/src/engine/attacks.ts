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

/** The size of a perturbation, in as many digits as its norm deserves. */
export function size(norm: number): string {
  return norm >= 10 ? norm.toFixed(1) : norm >= 1 ? norm.toFixed(2) : norm.toFixed(3);
}
