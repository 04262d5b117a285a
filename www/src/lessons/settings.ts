/** The prune controls as a step wants them. */
import { chooseCriterion, chooseWhat, setControl } from '../actions';
import type { PruneSettings } from '../engine/types';

export function setPrune({ what, by, ...others }: Partial<PruneSettings>): void {
  if (what) chooseWhat(what);
  if (by) chooseCriterion(by);
  for (const [key, value] of Object.entries(others)) {
    setControl('prune', key as keyof PruneSettings, value);
  }
}
