/**
 * How far each lesson is and what was predicted in it, kept in this browser alone: in the page's
 * database, or where a browser forbids that, in localStorage, as older versions of the page did.
 * Where both are forbidden, full or damaged, it lasts as long as the page.
 */
import { type Signal, signal } from '@preact/signals';
import { further, type Noted as Records } from '../storage/notes';
import { courseOf as courseIn, noteOf } from '../storage/records';
import { notes } from '../storage/room';
import type { StoredCourse, StoredNote } from '../storage/schema';
import type { Answer } from './types';

export const KEY = 'secateurs-lessons';
const VERSION = 1;

export interface Noted {
  /** Null where the visitor looked without predicting. */
  predicted: Answer | null;
  /** Null until the lab has measured it. */
  measured: Answer | null;
  /** When it was noted, in milliseconds since 1970; 0 where older versions did not say. */
  when: number;
}

export interface Course {
  /** The step that was looked at last, from 1 on. */
  step: number;
  /** The furthest that was reached. */
  furthest: number;
  /** Its end was reached once. */
  done: boolean;
  when: number;
  /** By the step's id. */
  noted: Record<string, Noted>;
}

export interface Kept {
  version: number;
  lessons: Record<string, Course>;
}

export const FRESH: Course = { step: 1, furthest: 1, done: false, when: 0, noted: {} };

/** Anything as what was kept; whatever is not understood is left out. */
export function read(text: string | null): Kept {
  let found: unknown;
  try {
    found = JSON.parse(text ?? 'null');
  } catch {
    return gathered({ notes: [], courses: [] });
  }
  const { version, lessons } = fields(found);
  const all = version === VERSION ? Object.entries(fields(lessons)) : [];
  return gathered({
    courses: all.flatMap(([lesson, course]) => courseIn(withName({ lesson }, course)) ?? []),
    notes: all.flatMap(([lesson, course]) =>
      Object.entries(fields(fields(course).noted)).flatMap(
        ([step, note]) => noteOf(withName({ lesson, step }, note)) ?? [],
      ),
    ),
  });
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fields = (value: unknown): Record<string, unknown> => (isFields(value) ? value : {});

/** A part of an object as a record, under its name in there. */
const withName = (name: object, value: unknown): unknown =>
  isFields(value) ? { ...value, ...name } : null;

/** Records as the lessons that they are of. */
function gathered({ notes, courses }: Records): Kept {
  const lessons: Record<string, Course> = {};
  for (const { lesson, ...course } of courses) lessons[lesson] = { ...course, noted: {} };
  for (const { lesson, step, ...noted } of notes) {
    const course = lessons[lesson] ?? FRESH;
    lessons[lesson] = { ...course, noted: { ...course.noted, [step]: noted } };
  }
  return { version: VERSION, lessons };
}

function recordsOf({ lessons }: Kept): Records {
  const all = Object.entries(lessons);
  return {
    courses: all.map(([lesson, { noted: _, ...course }]) => ({ lesson, ...course })),
    notes: all.flatMap(([lesson, { noted }]) =>
      Object.entries(noted).map(([step, note]) => ({ lesson, step, ...note })),
    ),
  };
}

/** Of every record the newest. */
function merged(a: Records, b: Records): Records {
  const notes = new Map<string, StoredNote>();
  const courses = new Map<string, StoredCourse>();
  for (const note of [...a.notes, ...b.notes]) {
    const key = JSON.stringify([note.lesson, note.step]);
    const before = notes.get(key);
    if (!before || before.when <= note.when) notes.set(key, note);
  }
  for (const course of [...a.courses, ...b.courses]) {
    const before = courses.get(course.lesson);
    courses.set(course.lesson, before ? further(before, course) : course);
  }
  return { notes: [...notes.values()], courses: [...courses.values()] };
}

/** Whether the browser keeps it; a sentence says so where it does not. */
export const lasting: Signal<boolean> = signal(true);

/** The database can be read. */
let works = false;

function stored(): Kept {
  try {
    return read(localStorage.getItem(KEY));
  } catch {
    lasting.value = false;
    return read(null);
  }
}

export const kept: Signal<Kept> = signal(stored());

/**
 * Takes up what the database has, and moves into it what only localStorage had: from an older
 * version of the page, or from a time when the database was not to be had.
 */
export async function load(): Promise<void> {
  const found = await notes.read();
  works = found !== undefined;
  if (!found) return;
  lasting.value = true;
  const here = recordsOf(kept.peek());
  kept.value = gathered(merged(found, here));
  if (here.notes.length + here.courses.length > 0 && (await notes.write(here))) removeLocal();
}

/** Kept once that is done, or has taken as long as a visitor would wait. */
export const loaded: Promise<void> = Promise.race([
  load(),
  new Promise<void>((resolve) => setTimeout(resolve, 1500)),
]);

// What was predicted in another tab meanwhile.
document.addEventListener('visibilitychange', async () => {
  const found = works && document.visibilityState === 'visible' ? await notes.read() : undefined;
  if (found) kept.value = gathered(found);
});

export const courseOf = (name: string): Course => kept.value.lessons[name] ?? FRESH;

function keepLocal(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept.peek()));
    lasting.value = true;
  } catch {
    lasting.value = false;
  }
}

function removeLocal(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Then there is nothing in it.
  }
}

/** Changes a course, and keeps the records of it that are others now. */
async function changed(name: string, course: Course, step?: string): Promise<void> {
  const { version, lessons } = kept.peek();
  kept.value = { version, lessons: { ...lessons, [name]: course } };
  const { courses, notes: all } = recordsOf({ version, lessons: { [name]: course } });
  const some = all.filter((note) => note.step === step);
  if (!works || !(await notes.write({ courses, notes: some }))) keepLocal();
}

/** A step was entered; past the last one is the end. */
export function reached(name: string, step: number, end: boolean): void {
  const before = kept.peek().lessons[name] ?? FRESH;
  const furthest = Math.max(before.furthest, step);
  const done = before.done || end;
  void changed(name, { ...before, step, furthest, done, when: Date.now() });
}

export function note(name: string, id: string, change: Partial<Omit<Noted, 'when'>>): void {
  const course = kept.peek().lessons[name] ?? FRESH;
  const before = course.noted[id] ?? { predicted: null, measured: null };
  const now = { ...before, ...change, when: Date.now() };
  void changed(name, { ...course, noted: { ...course.noted, [id]: now } }, id);
}

/** Forgets every prediction, and with them how far each lesson was. */
export async function forget(): Promise<boolean> {
  kept.value = read(null);
  removeLocal();
  return !works || (await notes.clear());
}
