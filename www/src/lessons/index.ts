/** The lessons in their order; each is fetched when it is opened. */
import { LESSONS } from '../lessonState';
import type { Lesson, LessonName } from './types';

export interface Entry {
  name: LessonName;
  title: string;
  about: string;
  minutes: number;
  /** How many steps it has, told before it is fetched. */
  steps: number;
  load(): Promise<Lesson>;
}

const title = (name: LessonName): string =>
  LESSONS.find(({ value }) => value === name)?.label ?? name;

const entry = (
  name: LessonName,
  minutes: number,
  steps: number,
  about: string,
  load: () => Promise<Lesson>,
): Entry => ({ name, title: title(name), about, minutes, steps, load });

export const ENTRIES: readonly Entry[] = [
  entry(
    'fool',
    5,
    5,
    'A network that reads digits, and a change too small to bother you that makes it misread them.',
    () => import('./fool').then(({ FOOL }) => FOOL),
  ),
  entry(
    'inside',
    4,
    4,
    'Which neurons an attack moves, how far, and whether they are the same ones every time.',
    () => import('./inside').then(({ INSIDE }) => INSIDE),
  ),
  entry(
    'cut',
    4,
    4,
    'How much of a network can go before it forgets how to read, and what the attack makes of the rest.',
    () => import('./cut').then(({ CUT }) => CUT),
  ),
  entry(
    'illusion',
    6,
    5,
    'Cut the neurons that an attack moves most, and find out who is fooled by the result.',
    () => import('./illusion').then(({ ILLUSION }) => ILLUSION),
  ),
  entry(
    'enter',
    5,
    5,
    'The same idea put to pixels and single weights, where it works, and how far it carries.',
    () => import('./enter').then(({ ENTER }) => ENTER),
  ),
  entry(
    'deletion',
    6,
    4,
    'Four of five weights deleted, none changed, and most attacks fail. What is the catch?',
    () => import('./deletion').then(({ DELETION }) => DELETION),
  ),
  entry(
    'trust',
    6,
    5,
    'A network that looks robust and is not, and how to tell: stronger attacks, blind ones, proofs.',
    () => import('./trust').then(({ TRUST }) => TRUST),
  ),
];

export const entryOf = (name: string): Entry | undefined =>
  ENTRIES.find((entry) => entry.name === name);

export const after = (name: string): Entry | undefined =>
  ENTRIES[ENTRIES.findIndex((entry) => entry.name === name) + 1];
