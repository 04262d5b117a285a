/** The core's table of properties, as the controls read it. */

import type { Controls, Group } from '../../engine/defaults';
import table from '../../generated/properties.json';

export interface Property {
  key: string;
  label: string;
  unit: string;
  help: string;
  kind: 'whole' | 'real' | 'choice' | 'flag' | 'list';
  default: unknown;
  min?: number;
  max?: number;
  /** Largest value a slider shows; a typed value may go on to `max`. */
  shown?: number;
  step?: number;
  /** Longest list. */
  longest?: number;
  options?: { value: string; label: string }[];
  marks?: { value: number; label: string }[];
}

const groups = table.groups as unknown as Record<Group, Property[]>;

/** Everything that the core says about a group, in its order. */
export const propertiesOf = (group: Group): readonly Property[] => groups[group];

/** What the core says about one control. */
export function property<G extends Group>(group: G, key: keyof Controls[G] & string): Property {
  const found = groups[group].find((entry) => entry.key === key);
  if (!found) throw new Error(`The property table has no ${group}.${key}.`);
  return found;
}

/** The label of a choice's value, as the controls write it. */
export function optionLabel<G extends Group>(
  group: G,
  key: keyof Controls[G] & string,
  value: string,
): string {
  const options = property(group, key).options ?? [];
  return options.find((option) => option.value === value)?.label ?? value;
}
