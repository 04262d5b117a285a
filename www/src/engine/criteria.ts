/** The core's table of criteria, and what choosing what is pruned changes. */
import properties from '../generated/properties.json';
import type { PruneSettings } from './types';

export interface CriterionRow {
  value: PruneSettings['by'];
  label: string;
  /** What it can rank. */
  what: readonly PruneSettings['what'][];
  /** What it does, in one line. */
  about: string;
  cites: string;
}

const table = properties as unknown as { criteria?: CriterionRow[] };

export const CRITERIA: readonly CriterionRow[] = table.criteria ?? withoutTable();

export function criterionOf(by: PruneSettings['by']): CriterionRow {
  const found = CRITERIA.find(({ value }) => value === by);
  if (!found) throw new Error(`The core’s table has no criterion “${by}”.`);
  return found;
}

/** The criteria that can rank this. */
export const criteriaFor = (what: PruneSettings['what']): readonly CriterionRow[] =>
  CRITERIA.filter((row) => row.what.includes(what));

/** The settings with something else to prune; a criterion that cannot rank it gives way. */
export function withWhat(settings: PruneSettings, what: PruneSettings['what']): PruneSettings {
  const possible = criteriaFor(what);
  const by = possible.some(({ value }) => value === settings.by)
    ? settings.by
    : (possible[0]?.value ?? settings.by);
  return { ...settings, what, by };
}

/** Whether it compares images with attacked ones, … */
export const needsAttack = (by: PruneSettings['by']): boolean =>
  by.startsWith('distortion') || by === 'signal-to-distortion';

const BLIND: readonly PruneSettings['by'][] = [
  'magnitude',
  'incoming-l2',
  'outgoing-l1',
  'outgoing-l2',
  'random',
];

/** … or looks at images at all. */
export const needsImages = (by: PruneSettings['by']): boolean => !BLIND.includes(by);

function withoutTable(): CriterionRow[] {
  const rows = properties.groups.prune.find(({ key }) => key === 'by') as unknown as {
    options: { value: PruneSettings['by']; label: string }[];
  };
  return rows.options.map(({ value, label }) => ({
    value,
    label,
    what: ['units', 'weights', 'pixels'],
    about: label,
    cites: '',
  }));
}
