/**
 * Predictions and how far lessons are, each in a record of its own: two tabs that are open at once
 * write what changed in them, and of one record the newest stays.
 */
import { asked, type Database } from './database';
import { courseOf, noteOf } from './records';
import type { StoredCourse, StoredNote } from './schema';

export interface Noted {
  notes: StoredNote[];
  courses: StoredCourse[];
}

export class Notes {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All that can be understood; undefined where nothing can be read. */
  async read(): Promise<Noted | undefined> {
    const found = await this.#db.read(['notes', 'courses'], async (transaction) => {
      const [notes, courses] = ['notes', 'courses'].map((store) =>
        asked<unknown[]>(transaction.objectStore(store).getAll()),
      );
      return { notes: await notes, courses: await courses };
    });
    return (
      found && {
        notes: (found.notes ?? []).flatMap((one) => noteOf(one) ?? []),
        courses: (found.courses ?? []).flatMap((one) => courseOf(one) ?? []),
      }
    );
  }

  /** Writes these, unless there are newer ones; whether it worked. */
  async write({ notes, courses }: Noted): Promise<boolean> {
    const written = await this.#db.write(['notes', 'courses'], async (transaction) => {
      const [ofNotes, ofCourses] = [
        transaction.objectStore('notes'),
        transaction.objectStore('courses'),
      ];
      for (const note of notes) {
        const before = noteOf(await asked<unknown>(ofNotes.get([note.lesson, note.step])));
        if (!before || before.when <= note.when) ofNotes.put(note);
      }
      for (const course of courses) {
        const before = courseOf(await asked<unknown>(ofCourses.get(course.lesson)));
        ofCourses.put(before ? further(before, course) : course);
      }
      return true;
    });
    return written === true;
  }

  async clear(): Promise<boolean> {
    const cleared = await this.#db.write(['notes', 'courses'], (transaction) => {
      transaction.objectStore('notes').clear();
      transaction.objectStore('courses').clear();
      return true;
    });
    return cleared === true;
  }
}

/** One course as two tabs know it: nothing that was reached is lost. */
export function further(a: StoredCourse, b: StoredCourse): StoredCourse {
  const newest = a.when > b.when ? a : b;
  const furthest = Math.max(a.furthest, b.furthest);
  return { ...newest, furthest, done: a.done || b.done };
}
