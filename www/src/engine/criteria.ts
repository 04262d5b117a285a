/** Which criteria can choose among what, as the core's table has it. */
import properties from '../generated/properties.json';
import type { PruneSettings } from './types';

interface Option {
  value: string;
  label: string;
}

const table: {
  groups: { prune: { key: string; options?: Option[] }[] };
  criteria?: { name: string; what: PruneSettings['what'][] }[];
} = properties as never;

export function criteriaFor(what: PruneSettings['what']): Option[] {
  const options = table.groups.prune.find(({ key }) => key === 'by')?.options ?? [];
  const known = table.criteria;
  if (!known) return options;
  const allowed = new Set(known.filter((each) => each.what.includes(what)).map(({ name }) => name));
  return options.filter(({ value }) => allowed.has(value));
}
