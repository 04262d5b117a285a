/**
 * Which lesson is open, and what it keeps covered until the visitor has said what they expect.
 * Everything else of a lesson is fetched when one is opened; see `lessons/`.
 */
import { type Signal, signal } from '@preact/signals';
import type { Own } from './engine/own';
import properties from './generated/properties.json';

/** The open lesson, by its name in links, and its step from 1 on. */
export const lesson: Signal<{ name: string; step: number } | null> = signal(null);

/** What the visitor had before it, and has again when it is left. */
export const aside: Signal<Own | null> = signal(null);

/** The list of lessons is open. */
export const listed: Signal<boolean> = signal(false);

/** What a lesson can cover. */
export type Cover =
  | 'clean'
  | 'transfer'
  | 'adaptive'
  | 'certified'
  /** The curve against the share cut, … */
  | 'amount'
  /** … and against the attack's size. */
  | 'size'
  /** What the attacked images are read as. */
  | 'reading'
  | 'distortion'
  | 'similarity'
  | 'mixture';

export const covered: Signal<ReadonlySet<Cover>> = signal(new Set());

/** What a covered figure says instead. */
export const COVERED = 'covered: the lesson comes to it';

/** Every lesson in the order of the list, by its name in links, with its title. */
export const LESSONS: readonly { value: string; label: string }[] = (
  properties.groups.view.find((row) => row.key === 'lesson')?.options ?? []
).filter(({ value }) => value !== 'none');
