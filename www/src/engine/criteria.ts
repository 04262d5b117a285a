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
  /** What has to be measured before. */
  needs: 'nothing' | 'outputs' | 'gradients' | 'attack' | 'search';
  /** What goes first, and what in reverse order. */
  usual: string;
  reverse: string;
}

export const CRITERIA = properties.criteria as readonly CriterionRow[];

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
  return withCriterion({ ...settings, what }, by);
}

/** Images that a search is begun with: it attacks them anew for every unit that it tries. */
const SEARCHED = 200;
export const MOST_SEARCHED = 1000;

/** The settings with another criterion, on no more images than it can take. */
export function withCriterion(settings: PruneSettings, by: PruneSettings['by']): PruneSettings {
  const many = criterionOf(by).needs === 'search' && settings.images > MOST_SEARCHED;
  return { ...settings, by, images: many ? SEARCHED : settings.images };
}

/** Whether it attacks images, … */
export const needsAttack = (by: PruneSettings['by']): boolean =>
  ['attack', 'search'].includes(criterionOf(by).needs);

/** … or looks at images at all. */
export const needsImages = (by: PruneSettings['by']): boolean =>
  criterionOf(by).needs !== 'nothing';
