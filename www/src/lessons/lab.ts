/** What the steps of lessons read off the lab, and how they have something done there. */
import { engineRunning } from '../actions';
import { isAt, make, parsed } from '../engine/own';
import { same } from '../engine/recipes';
import type { ParsedLink, PruneSettings, Step as RecipeStep } from '../engine/types';
import { figures, network, preview, recipe, training } from '../state';
import recipes from './recipes.json';
import type { RecipeName } from './types';

const known = new Map<RecipeName, ParsedLink>();

async function linkOf(name: RecipeName): Promise<ParsedLink | null> {
  const session = engineRunning()?.session;
  if (!session) return null;
  const link = known.get(name) ?? (await parsed(session, recipes[name]));
  known.set(name, link);
  return link;
}

/** Puts the network of a recipe on screen, unless it is there or on its way. */
export async function bring(name: RecipeName): Promise<void> {
  const link = await linkOf(name);
  const session = engineRunning()?.session;
  if (link && session && !isAt(session, link.recipe)) make(session, link.recipe);
}

/** Whether the network of a recipe is on screen, measured as the recipe says. */
export async function isOn(name: RecipeName): Promise<boolean> {
  const link = await linkOf(name);
  const session = engineRunning()?.session;
  return link !== null && session !== undefined && isAt(session, link.recipe);
}

/** Whether what is on screen grew from the network of a recipe, and is measured like it. */
export async function grewFrom(name: RecipeName): Promise<boolean> {
  const link = await linkOf(name);
  const target = engineRunning()?.session.target;
  if (!link || !target) return false;
  const { network: settings, measure, steps } = link.recipe;
  return (
    same(target.network, settings) &&
    same(target.measure, measure) &&
    (steps.length === 0 || same(target.steps[0], steps[0]))
  );
}

/** Nothing is being trained, cut or previewed, so that the figures are of what was done. */
export const still = (): boolean => training.value.phase === 'idle' && preview.value === null;

export const steps = (): readonly RecipeStep[] => recipe.value.steps;
export const newest = (): RecipeStep | undefined => recipe.value.steps.at(-1);

/** There is a network trained from scratch on clean images, and nothing was done to it since. */
export function isWhole(): boolean {
  const [first, ...others] = steps();
  return (
    network.value !== null &&
    first?.step === 'train' &&
    first.against === 'none' &&
    others.length === 0
  );
}

/** The newest step is a cut like this, of at least so many per cent. */
export function isCut(settings: Partial<PruneSettings>, least: number): boolean {
  const top = newest();
  if (top?.step !== 'prune' || top.amount < least || network.value === null) return false;
  const wanted = Object.entries(settings) as [keyof PruneSettings, unknown][];
  return wanted.every(([key, value]) => `${top[key]}` === `${value}`);
}

/** An accuracy in per cent with one decimal, once it is measured to its end. */
export function measured(name: 'clean' | 'transfer' | 'adaptive' | 'certified'): number | null {
  const figure = figures.value[name];
  if (!figure?.done || figure.total === 0 || !still()) return null;
  return tenths((100 * figure.correct) / figure.total);
}

/** The same of the network before its first cut. */
export function before(name: 'clean' | 'transfer' | 'adaptive' | 'certified'): number | null {
  const share = figures.value.before[name];
  return share === undefined ? null : tenths(100 * share);
}

export const tenths = (value: number): number => Math.round(10 * value) / 10;
