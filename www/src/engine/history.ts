/** Undo and redo: a line of whole recipes, and where in it the page is. */
import type { Recipe } from './types';

export interface History {
  entries: Recipe[];
  at: number;
}

const MOST = 200;

/** Adds an entry after the one shown; what was undone is forgotten. */
export function pushed({ entries, at }: History, recipe: Recipe): History {
  const kept = [...entries.slice(0, at + 1), recipe].slice(-MOST);
  return { entries: kept, at: kept.length - 1 };
}

/** One entry back (-1) or forward (+1); at an end, the same history. */
export function moved(history: History, by: -1 | 1): History {
  return movedTo(history, history.at + by);
}

/** At another entry; where there is none, the same history. */
export function movedTo(history: History, at: number): History {
  return at < 0 || at >= history.entries.length ? history : { ...history, at };
}

/**
 * The same line with other measures. What is measured is no part of a network's life, so changing
 * it makes no entry, and undoing a cut does not bring an old ε back.
 */
export function measuredBy(
  history: History,
  measures: Pick<Recipe, 'attack' | 'measure' | 'distortion'>,
): History {
  return { ...history, entries: history.entries.map((recipe) => ({ ...recipe, ...measures })) };
}
