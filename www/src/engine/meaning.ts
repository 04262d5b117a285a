/**
 * Which settings mean something beside the others. Controls that mean nothing are not shown, and a
 * step holds them at their defaults, so that they can neither change nor name a network.
 */
import { needsAttack, needsImages } from './criteria';
import { type Controls, defaultControls } from './defaults';
import type { LearnSettings, PruneSettings, TrainSettings } from './types';

const DEFAULTS = defaultControls();

type Meant = { [key: string]: boolean };

/** What of a training means nothing as the rest is set. */
function trainMeans({ optimiser, against }: TrainSettings): Meant {
  const attacked = against !== 'none';
  return {
    // Adam has no momentum.
    momentum: optimiser === 'sgd',
    eps: attacked,
    steps: against === 'pgd' || against === 'trades',
    ramp: attacked,
    beta: against === 'trades',
  };
}

function pruneMeans({ what, by, schedule, tune, tuning }: PruneSettings): Meant {
  const scored = needsAttack(by);
  const tuned = tune > 0;
  return {
    order: by !== 'random',
    scope: what !== 'pixels',
    layers: what !== 'pixels',
    empty: what === 'units',
    draw: by === 'random',
    method: scored,
    eps: scored || (tuned && tuning !== 'clean'),
    steps: scored || (tuned && tuning === 'pgd'),
    images: needsImages(by),
    on: needsImages(by),
    rounds: schedule !== 'once',
    when: tuned && schedule !== 'once',
    tuning: tuned,
    rewind: tuned,
  };
}

function learnMeans({ on, suppress }: LearnSettings): Meant {
  return { eps: on !== 'clean' || suppress > 0, steps: on === 'pgd' };
}

function means<G extends 'train' | 'prune' | 'learn'>(group: G, settings: Controls[G]): Meant {
  if (group === 'train') return trainMeans(settings as TrainSettings);
  if (group === 'prune') return pruneMeans(settings as PruneSettings);
  return learnMeans(settings as LearnSettings);
}

/** The keys that mean something. */
export function meaningful<G extends 'train' | 'prune' | 'learn'>(
  group: G,
  settings: Controls[G],
): (key: keyof Controls[G] & string) => boolean {
  const known = means(group, settings);
  return (key) => known[key] ?? true;
}

/** The same settings with everything that means nothing at its default. */
export function meant<G extends 'train' | 'prune' | 'learn'>(
  group: G,
  settings: Controls[G],
): Controls[G] {
  const next = { ...settings } as Record<string, unknown>;
  for (const [key, holds] of Object.entries(means(group, settings))) {
    if (!holds) next[key] = (DEFAULTS[group] as unknown as Record<string, unknown>)[key];
  }
  return next as unknown as Controls[G];
}

/** The cut alone, at once and without any training: what a preview and the curve show. */
export function oneShot(settings: PruneSettings): PruneSettings {
  return meant('prune', { ...settings, schedule: 'once', tune: 0 });
}

/** Whether a pruning takes as long as a training. */
export const isLong = ({ by, schedule, tune }: PruneSettings): boolean =>
  schedule !== 'once' || tune > 0 || by === 'greedy';

/** Whether it can be shown while a slider moves. */
export const canPreview = ({ by }: PruneSettings): boolean => by !== 'greedy';

/** What a training against an attack uses where none is chosen. */
const USUAL = 'fgsm';

/** The settings of a training, with an attack to train against. */
export function attacked(train: TrainSettings): TrainSettings {
  return train.against === 'none' ? { ...train, against: USUAL } : train;
}
