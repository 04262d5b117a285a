/**
 * Which settings mean something beside the others. Controls that mean nothing are not shown, and a
 * step holds them at their defaults, so that they can neither change nor name a network.
 */
import { criterionOf, needsAttack, needsImages } from './criteria';
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
    // A fine-tuning has the steps that a training usually has.
    steps: scored,
    images: needsImages(by),
    on: needsImages(by),
    rounds: schedule !== 'once',
    when: tuned && schedule !== 'once',
    tuning: tuned,
  };
}

function learnMeans({ what, on }: LearnSettings): Meant {
  const attacked = on !== 'clean';
  return {
    // Probabilities are learned of units only, …
    mask: what === 'units',
    eps: attacked,
    steps: on === 'pgd',
    // … and distortion is of attacked images.
    suppress: attacked,
  };
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
  return meant('prune', { ...settings, schedule: 'once', tune: 0, rewind: 'no' });
}

const isSearch = (by: PruneSettings['by']) => criterionOf(by).needs === 'search';

/** Whether a pruning does more than the cut that a preview shows, or takes as long as a training. */
export const isLong = ({ by, schedule, tune, rewind }: PruneSettings): boolean =>
  schedule !== 'once' || tune > 0 || rewind !== 'no' || isSearch(by);

/** Whether it can be shown while a slider moves. */
export const canPreview = ({ by }: PruneSettings): boolean => !isSearch(by);

/** How many layers have something of this kind, with these units in the hidden ones. */
export const layersOf = (what: PruneSettings['what'], hidden: readonly number[]): number =>
  // The output layer has weights, but no units that could be cut.
  hidden.length + (what === 'weights' ? 1 : 0);

/** The settings without the layers that a network does not have; where none is left, with all. */
export function fitting(settings: PruneSettings, hidden: readonly number[]): PruneSettings {
  const most = layersOf(settings.what, hidden);
  const layers = settings.layers.filter((layer) => layer <= most);
  return { ...settings, layers: layers.length > 0 ? layers : [0] };
}

/** What a training against an attack uses where none is chosen. */
const USUAL = 'fgsm';

/** The settings of a training, with an attack to train against. */
export function attacked(train: TrainSettings): TrainSettings {
  return train.against === 'none' ? { ...train, against: USUAL } : train;
}
