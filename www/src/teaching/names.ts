/** Everything that a link can hide or lock, by name, with what the page calls it. */
import { GROUPS, type Group } from '../engine/defaults';
import table from '../generated/properties.json';

export interface Named {
  name: string;
  label: string;
}

export interface Controlled {
  group: Group;
  label: string;
  controls: Named[];
}

type Row = { key: string; label: string; options?: { value: string; label: string }[] };
const groups = table.groups as unknown as Record<string, Row[]>;

/** Parts of the page, in its order. */
export const PARTS: readonly Named[] = (
  groups.view?.find(({ key }) => key === 'hide')?.options ?? []
).map(({ value, label }) => ({ name: value, label }));

/** Parts that hold nothing to be moved, so that locking them would say nothing. */
export const STILL: ReadonlySet<string> = new Set(['outcome', 'about']);

const LABELS: Record<Group, string> = {
  network: 'Controls of the network',
  train: 'Controls of training',
  prune: 'Controls of pruning',
  learn: 'Controls of learned masks',
  attack: 'Controls of the attack',
  measure: 'Controls of the figures',
  distortion: 'Controls of distortion',
};

/** Single controls, by the group that they belong to. */
export const CONTROLS: readonly Controlled[] = GROUPS.map((group) => ({
  group,
  label: LABELS[group],
  controls: (groups[group] ?? []).map(({ key, label }) => ({ name: `${group}.${key}`, label })),
}));

/** A list with a name more, or less; in the page's order. */
export function toggledName(names: readonly string[], name: string): string[] {
  const chosen = new Set(names);
  if (!chosen.delete(name)) chosen.add(name);
  const known = [...PARTS, ...CONTROLS.flatMap(({ controls }) => controls)];
  return known.flatMap((each) => (chosen.has(each.name) ? [each.name] : []));
}
