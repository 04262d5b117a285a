/**
 * How far each lesson is and what was predicted in it, kept in this browser alone. Where storage
 * is forbidden, full or damaged, it lasts as long as the page.
 */
import { type Signal, signal } from '@preact/signals';
import type { Answer } from './types';

export const KEY = 'secateurs-lessons';
const VERSION = 1;

export interface Noted {
  /** Null where the visitor looked without predicting. */
  predicted: Answer | null;
  /** Null until the lab has measured it. */
  measured: Answer | null;
}

export interface Course {
  /** The step that was looked at last, from 1 on. */
  step: number;
  /** The furthest that was reached. */
  furthest: number;
  /** Its end was reached once. */
  done: boolean;
  /** By the step's id. */
  noted: Record<string, Noted>;
}

export interface Kept {
  version: number;
  lessons: Record<string, Course>;
}

export const FRESH: Course = { step: 1, furthest: 1, done: false, noted: {} };

/** Anything as what was kept; whatever is not understood is left out. */
export function read(text: string | null): Kept {
  const nothing: Kept = { version: VERSION, lessons: {} };
  let found: unknown;
  try {
    found = JSON.parse(text ?? 'null');
  } catch {
    return nothing;
  }
  if (!isObject(found) || found.version !== VERSION || !isObject(found.lessons)) return nothing;
  const lessons: Record<string, Course> = {};
  for (const [name, course] of Object.entries(found.lessons)) {
    if (!isObject(course)) continue;
    const noted: Record<string, Noted> = {};
    for (const [id, entry] of Object.entries(isObject(course.noted) ? course.noted : {})) {
      if (!isObject(entry)) continue;
      const { predicted = null, measured = null } = entry;
      if (isAnswer(predicted) && isAnswer(measured)) noted[id] = { predicted, measured };
    }
    const step = place(course.step);
    const furthest = Math.max(step, place(course.furthest));
    lessons[name] = { step, furthest, done: course.done === true, noted };
  }
  return { version: VERSION, lessons };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isDot = (value: unknown) =>
  Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part));

function isAnswer(value: unknown): value is Answer | null {
  if (value === null || typeof value === 'string' || Number.isFinite(value)) return true;
  return Array.isArray(value) && value.length > 0 && value.every(isDot);
}

const place = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 99 ? value : 1;

/** Whether the browser keeps it; a sentence says so where it does not. */
export const lasting: Signal<boolean> = signal(true);

function stored(): Kept {
  try {
    return read(localStorage.getItem(KEY));
  } catch {
    lasting.value = false;
    return read(null);
  }
}

export const kept: Signal<Kept> = signal(stored());

export const courseOf = (name: string): Course => kept.value.lessons[name] ?? FRESH;

function keep(next: Kept): void {
  kept.value = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
    lasting.value = true;
  } catch {
    lasting.value = false;
  }
}

function changed(name: string, change: Partial<Course>): void {
  const { version, lessons } = kept.peek();
  const course = { ...(lessons[name] ?? FRESH), ...change };
  keep({ version, lessons: { ...lessons, [name]: course } });
}

/** A step was entered; past the last one is the end. */
export function reached(name: string, step: number, end: boolean): void {
  const { furthest, done } = kept.peek().lessons[name] ?? FRESH;
  changed(name, { step, furthest: Math.max(furthest, step), done: done || end });
}

export function note(name: string, id: string, change: Partial<Noted>): void {
  const { noted } = kept.peek().lessons[name] ?? FRESH;
  const before = noted[id] ?? { predicted: null, measured: null };
  changed(name, { noted: { ...noted, [id]: { ...before, ...change } } });
}

/** Forgets every prediction, and with them how far each lesson was. */
export function forget(): void {
  kept.value = read(null);
  try {
    localStorage.removeItem(KEY);
  } catch {
    lasting.value = false;
  }
}
