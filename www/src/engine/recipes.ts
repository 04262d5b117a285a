/** What can be done to a recipe, as functions from recipe to recipe. Nothing here has state. */
import { type Controls, emptyRecipe } from './defaults';
import { fitting, meant } from './meaning';
import type { LearnSettings, PruneSettings, Recipe, Step, TrainSettings } from './types';

type FileStep = Extract<Step, { step: 'file' }>;
type TrainStep = Extract<Step, { step: 'train' }>;
type PruneStep = Extract<Step, { step: 'prune' }>;
type LearnStep = Extract<Step, { step: 'learn' }>;

export const isCutting = (step: Step | undefined) =>
  step !== undefined && step.step !== 'train' && step.step !== 'file';

/** Whether two values of plain data are the same, whatever the order of their keys. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length && keys.every((key) => same(left[key], right[key]))
  );
}

/** The recipe up to and without its newest cuts: its bars and curve describe this network. */
export function baseOf(recipe: Recipe): Recipe {
  let end = recipe.steps.length;
  while (isCutting(recipe.steps[end - 1])) end--;
  return { ...recipe, steps: recipe.steps.slice(0, end) };
}

/** The network that the prune controls act on: a prune step on top is the one being adjusted. */
export function pruneBaseOf(recipe: Recipe): Recipe {
  return under(recipe, 'prune');
}

/** The same for a mask that is learned. */
export function learnBaseOf(recipe: Recipe): Recipe {
  return under(recipe, 'learn');
}

/** The recipe without its newest step, if that is of this kind. */
function under(recipe: Recipe, kind: Step['step']): Recipe {
  const onTop = recipe.steps.at(-1)?.step === kind;
  return onTop ? { ...recipe, steps: recipe.steps.slice(0, -1) } : recipe;
}

/** The network before the first cut after the last training from scratch. */
export function referenceOf(recipe: Recipe): Recipe {
  const start = lastScratch(recipe);
  const cut = recipe.steps.findIndex((step, i) => i > start && isCutting(step));
  return cut < 0 ? recipe : { ...recipe, steps: recipe.steps.slice(0, cut) };
}

export function withTraining(controls: Controls): Recipe {
  const step: TrainStep = { ...meant('train', controls.train), step: 'train', from: 'scratch' };
  return { ...emptyRecipe(controls), steps: [step] };
}

/** A network from a file, in place of one that is trained. */
export function withFile(controls: Controls, digest: string, hidden: number[]): Recipe {
  const step: FileStep = { step: 'file', digest };
  const empty = emptyRecipe(controls);
  return { ...empty, network: { ...empty.network, hidden }, steps: [step] };
}

export function withMoreTraining(recipe: Recipe, train: TrainSettings, epochs: number): Recipe {
  const step: TrainStep = { ...meant('train', train), step: 'train', from: 'current', epochs };
  return { ...recipe, steps: [...recipe.steps, step] };
}

export function withPrune(recipe: Recipe, prune: PruneSettings): Recipe {
  const base = pruneBaseOf(recipe);
  if (prune.amount === 0 && !base.steps.some(isCutting)) return base;
  const settings = fitting(meant('prune', prune), recipe.network.hidden);
  const step: PruneStep = { ...settings, step: 'prune' };
  return { ...base, steps: [...base.steps, step] };
}

/** Learns a mask; one learned just before is learned anew, not learned upon. */
export function withLearn(recipe: Recipe, learn: LearnSettings): Recipe {
  const base = learnBaseOf(recipe);
  const step: LearnStep = { ...meant('learn', learn), step: 'learn' };
  return { ...base, steps: [...base.steps, step] };
}

/**
 * Cut by hand. Hand cuts in a row are one step: the newest says which units are pruned, and which
 * pixels beside those that were pruned before.
 */
export function withCut(recipe: Recipe, units: number[][], pixels: number[] = []): Recipe {
  const below = under(recipe, 'cut').steps;
  const nothing = pixels.length === 0 && units.every((layer) => layer.length === 0);
  const cut = { step: 'cut', units, ...(pixels.length > 0 ? { pixels } : {}) } as const;
  // Without a cut below, a step that cuts nothing says nothing.
  const steps = nothing && !below.some(isCutting) ? below : [...below, cut];
  return { ...recipe, steps };
}

/** The pixels that the newest step cut by hand: those that can be restored. */
export function pixelsByHand(recipe: Recipe): number[] {
  const top = recipe.steps.at(-1);
  return top?.step === 'cut' ? (top.pixels ?? []) : [];
}

/** The mask after `units` of `layer` were pruned or restored; without `pruned` each changes over. */
export function toggled(
  mask: number[][],
  layer: number,
  units: number[],
  pruned?: boolean,
): number[][] {
  return mask.map((row, i) => (i === layer ? changedOver(row, units, pruned) : row));
}

/** Ascending indices after some were added or taken away; without `added` each changes over. */
export function changedOver(indices: number[], some: readonly number[], added?: boolean): number[] {
  const set = new Set(indices);
  for (const index of some) {
    if (added ?? !set.has(index)) set.add(index);
    else set.delete(index);
  }
  return [...set].sort((a, b) => a - b);
}

/** The recipe after none, one, two, … of its steps, so that undo can walk back along a link. */
export function prefixes(recipe: Recipe): Recipe[] {
  return Array.from({ length: recipe.steps.length + 1 }, (_, n) => ({
    ...recipe,
    steps: recipe.steps.slice(0, n),
  }));
}

/** Controls as the recipe's newest steps had them; what it does not say stays as it is. */
export function controlsOf(recipe: Recipe, controls: Controls): Controls {
  const { network, attack, measure, distortion } = recipe;
  const { data: _, ...rest } = controls;
  const next: Controls = { ...rest, network, attack, measure, distortion };
  if (recipe.data !== undefined) next.data = recipe.data;
  const train = recipe.steps[lastScratch(recipe)];
  const prune = recipe.steps.findLast((step) => step.step === 'prune');
  const learn = recipe.steps.findLast((step) => step.step === 'learn');
  if (train?.step === 'train') next.train = without(train);
  if (prune) next.prune = without(prune);
  if (learn) next.learn = without(learn);
  return next;
}

/** One sentence when settings are no longer those the network was trained with. */
export function settingsDiffer(
  recipe: Recipe,
  network: Recipe['network'],
  train: TrainSettings,
): string | null {
  const step = recipe.steps[lastScratch(recipe)];
  if (step?.step !== 'train') return null;
  const asTrained = meant('train', without(step));
  const settings = meant('train', { ...train, from: 'scratch' });
  if (same(recipe.network, network) && same(asTrained, settings)) return null;
  return 'This network was trained with other settings; train again to use the new ones.';
}

/** Index of the step that the network began with, a training from scratch or a file; or -1. */
export function lastScratch(recipe: Recipe): number {
  return recipe.steps.findLastIndex(
    (step) => step.step === 'file' || (step.step === 'train' && step.from === 'scratch'),
  );
}

function without<S extends Step>({ step: _, ...settings }: S): Omit<S, 'step'> {
  return settings;
}
