/** What a lesson is: words beside the live lab, questions put before answers, and their answers. */
import type { Cover } from '../lessonState';
import type { Place } from './places';
import type recipes from './recipes.json';

export type RecipeName = keyof typeof recipes;

export type LessonName = 'fool' | 'inside' | 'cut' | 'illusion' | 'enter' | 'deletion' | 'trust';

/** A point of a curve, on the axes of the plot it is about. */
export type Dot = readonly [x: number, y: number];

/** What was predicted or measured: a choice, a number, a curve. */
export type Answer = string | number | readonly Dot[];

/**
 * Sentences for how far apart they are; `{predicted}` and `{measured}` stand for the figures. A
 * prediction within `near` of what was measured is close.
 */
export interface Said {
  near: string;
  /** More was predicted than measured. */
  above: string;
  /** Less was predicted than measured. */
  below: string;
}

interface Asking<A extends Answer> {
  ask: string;
  /** Covered in the lab until it is answered. */
  covers: readonly Cover[];
  /** What the lab measured; null as long as it has not. */
  outcome(): A | null;
  /** What was measured, in the reveal: “re-attacked at ε 0.1”. */
  name: string;
  /** The colour that it has in the lab. */
  series: 'clean' | 'transfer' | 'adaptive' | 'certified' | 'other';
}

export interface Choose extends Asking<string> {
  kind: 'choose';
  options: readonly { value: string; label: string }[];
  said: { right: string; wrong: string };
}

export interface SetNumber extends Asking<number> {
  kind: 'number';
  /** Where the slider stands at first. */
  from: number;
  /** Known before, drawn as a mark: “before the cut”. */
  mark?: { label: string; value(): number | null };
  /** What was measured in an earlier step, drawn beside it. */
  beside?: { label: string; step: string };
  near: number;
  said: Said;
}

export interface DrawCurve extends Asking<readonly Dot[]> {
  kind: 'curve';
  /** Where on the horizontal axis something is predicted. */
  at: readonly number[];
  axis: string;
  /** What the vertical axis counts. */
  of: string;
  near: number;
  said: Said;
}

export type Prediction = Choose | SetNumber | DrawCurve;

/** Something to do in the lab, which the page can do as well. */
export interface Task {
  says: string;
  button: string;
  done(): boolean;
  help(): void;
}

export interface Step {
  /** Its name among what is kept. */
  id: string;
  title: string;
  words: readonly string[];
  /**
   * The network that the step is about: it is made, unless what is on screen grew from it and
   * `fits`.
   */
  begins: RecipeName;
  fits?(): boolean;
  /** What else is set when the step is entered. */
  enter?(): void;
  look: Place;
  /** Covered for as long as the step is on, because a later one asks for it. */
  hides?: readonly Cover[];
  predict?: Prediction;
  task?: Task;
  /** What is said once the outcome is known. */
  after?: readonly string[];
}

export interface Lesson {
  name: LessonName;
  steps: readonly Step[];
  /** The open question that it ends with. */
  question: readonly string[];
}
