/** A history that was kept, with what was done since. */
import type { History } from '../engine/history';
import { same } from '../engine/recipes';
import type { Recipe } from '../engine/types';
import { MOST_ENTRIES } from './records';

/**
 * The kept history at the entry that is on screen, with what was done since the page was loaded
 * anew. Null where what is on screen is no part of it: the two have nothing to do with each other.
 */
export function joined(kept: History, now: History): History | null {
  const at = (recipe: Recipe | undefined): number => {
    if (!recipe) return -1;
    const here = kept.entries[kept.at];
    if (here && sameNetwork(here, recipe)) return kept.at;
    return kept.entries.findLastIndex((entry) => sameNetwork(entry, recipe));
  };
  const anchor = now.entries.findLastIndex((entry) => entry.steps.length > 0 && at(entry) >= 0);
  if (anchor < 0) return null;
  const from = at(now.entries[anchor]);
  const since = now.entries.slice(anchor + 1);
  // Where nothing was done since, what had been undone can still be done again.
  const line = since.length === 0 ? kept.entries : [...kept.entries.slice(0, from + 1), ...since];
  const here = now.at > anchor ? from + now.at - anchor : at(now.entries[now.at]);
  if (here < 0) return null;
  const surplus = Math.max(0, line.length - MOST_ENTRIES);
  return { entries: line.slice(surplus), at: Math.max(0, here - surplus) };
}

/** Whether two recipes make one network; told apart at the first difference, unlike by keys. */
export function sameNetwork(a: Recipe, b: Recipe): boolean {
  return a.steps.length === b.steps.length && same(a.network, b.network) && same(a.steps, b.steps);
}
