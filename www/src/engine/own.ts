/**
 * What the visitor has while a lesson is open: put aside when it begins, brought back when it is
 * left. What a lesson does meanwhile goes onto the history like any other change.
 */
import { batch } from '@preact/signals';
import { controls, curveShown, history, imageIndex, recipe, subject } from '../state';
import { Core } from './core';
import { type Controls, defaultControls } from './defaults';
import type { History } from './history';
import { keyOf } from './keys';
import { controlsOf, same } from './recipes';
import type { Session } from './session';
import type { ParsedLink, Recipe } from './types';

export interface Own {
  history: History;
  /** Where the visitor was going: what was under way is begun again. */
  target: Recipe;
  controls: Controls;
  image: number;
  subject: 'test' | 'drawing';
  curve: 'amount' | 'size';
}

export function own(session: Session): Own {
  return {
    history: history.peek(),
    target: session.target,
    controls: controls.peek(),
    image: imageIndex.peek(),
    subject: subject.peek(),
    curve: curveShown.peek(),
  };
}

/** Brings back what the visitor had, undo and redo included. */
export function bringBack(session: Session, had: Own): void {
  session.cancel();
  batch(() => {
    history.value = had.history;
    session.goTo(had.history.at);
    controls.value = had.controls;
    imageIndex.value = had.image;
    subject.value = had.subject;
    curveShown.value = had.curve;
    session.measuresChanged();
  });
  if (!same(had.target, recipe.peek())) session.propose(had.target, true);
}

/** Goes on with a history that was kept on this device. */
export function takeUp(session: Session, line: History): void {
  batch(() => {
    const shown = keyOf(recipe.peek());
    history.value = line;
    if (recipe.peek().steps.length === 0) controls.value = controlsBefore(line);
    // What is on screen stays there, and what was said of it.
    if (keyOf(recipe.peek()) === shown) return;
    session.goTo(line.at);
    session.measuresChanged();
  });
}

/**
 * The controls where all was undone: no link told them, so the step that comes next does. What the
 * visitor has chosen since the page was loaded anew stays.
 */
function controlsBefore({ entries, at }: History): Controls {
  const [now, usual] = [controls.peek(), defaultControls()];
  const next = entries.find(({ steps }, index) => index > at && steps.length > 0);
  const chosen = Object.entries(now).filter(
    ([group, values]) => !same(values, usual[group as keyof Controls]),
  );
  return { ...controlsOf(next ?? recipe.peek(), now), ...Object.fromEntries(chosen) };
}

/** Makes the network of a recipe, with every control as it was made. */
export function make(session: Session, recipe: Recipe): void {
  session.preview.end();
  batch(() => {
    if (recipe.steps.length === 0) session.reset();
    controls.value = controlsOf(recipe, defaultControls());
    session.measuresChanged();
    if (recipe.steps.length > 0) session.propose(recipe, true);
  });
}

/** Whether a recipe is on screen, or on its way there. */
export function isAt(session: Session, wanted: Recipe): boolean {
  return same(session.target, wanted);
}

/** Reads a link in the worker that knows how. */
export function parsed(session: Session, link: string): Promise<ParsedLink> {
  return new Core(session).ask('parseLink', [link]);
}
