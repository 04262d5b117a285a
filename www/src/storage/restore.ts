/** What was found in the database becomes a history again, as far as the core finds it valid. */
import { Refused } from '../engine/client';
import { defaultControls } from '../engine/defaults';
import { type History, measuredBy } from '../engine/history';
import type { Own } from '../engine/own';
import { controlsOf } from '../engine/recipes';
import type { Recipe } from '../engine/types';
import type { Found } from './documents';
import type { StoredAside } from './schema';

/** The core's door: a recipe for its text, or a refusal. */
export type Check = (json: string) => Promise<Recipe>;

export interface Restored {
  line: History;
  /** What was being made when the page was left. */
  target: Recipe | null;
  address: string;
  names: readonly [Recipe, string][];
  aside: Own | null;
  /** Entries that could not be understood. */
  dropped: number;
}

/** Null where nothing of it is left. */
export async function restored({ document, texts }: Found, check: Check): Promise<Restored | null> {
  const measures = (await measuresIn(document.measures, check)) ?? {};
  const checked = await Promise.all(
    [...texts].map(
      async ([number, text]) => [number, await recipeIn(text, measures, check)] as const,
    ),
  );
  const recipes = new Map(checked);
  const recipe = (number: number | null) =>
    number === null ? null : (recipes.get(number) ?? null);
  const lineOf = ({ entries, at }: { entries: readonly number[]; at: number }): History | null => {
    const found = entries.map(recipe);
    const kept = found.filter((entry) => entry !== null);
    const upTo = found.slice(0, at + 1).filter((entry) => entry !== null).length;
    return kept.length === 0 ? null : { entries: kept, at: Math.max(0, upTo - 1) };
  };
  const line = lineOf(document);
  if (!line) return null;
  const { aside } = document;
  const otherwise = aside && (await measuresIn(aside.measures, check));
  return {
    line,
    target: recipe(document.target),
    address: document.address,
    names: document.names.flatMap(([number, name]) => {
      const named = recipe(number);
      return named ? [[named, name] as [Recipe, string]] : [];
    }),
    aside: aside && asideOf(aside, lineOf(aside), recipe(aside.target), otherwise),
    dropped: document.entries.length - line.entries.length,
  };
}

function asideOf(
  { image, curve }: StoredAside,
  line: History | null,
  target: Recipe | null,
  measures: Measures | null,
): Own | null {
  const shown = target ?? line?.entries[line.at];
  if (!line || !shown) return null;
  const { attack, measure, distortion } = measures ?? shown;
  const at = { ...shown, attack, measure, distortion };
  const history = measuredBy(line, { attack, measure, distortion });
  const controls = controlsOf(at, defaultControls());
  return { history, target: at, controls, image, subject: 'test', curve };
}

/** A text of JSON as the object that it should be. */
function objectIn(text: string): object | null {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? found : null;
  } catch {
    return null;
  }
}

type Measures = Pick<Recipe, 'attack' | 'measure' | 'distortion'>;

async function measuresIn(text: string, check: Check): Promise<Measures | null> {
  const found = objectIn(text);
  const recipe = found && (await asked(check, { ...found, steps: [] }));
  if (!recipe) return null;
  const { attack, measure, distortion } = recipe;
  return { attack, measure, distortion };
}

function recipeIn(text: string, measures: object, check: Check): Promise<Recipe | null> {
  const found = objectIn(text);
  return found ? asked(check, { ...found, ...measures }) : Promise.resolve(null);
}

/** Null where the core refuses it; a worker that cannot answer says nothing of it, and throws. */
async function asked(check: Check, recipe: object): Promise<Recipe | null> {
  try {
    return await check(JSON.stringify(recipe));
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
