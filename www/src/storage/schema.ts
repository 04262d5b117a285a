/**
 * What is kept on this device, and how the database came to hold it. A change of it is a migration
 * more at the end; those before it stay as they are, for whoever comes back after a long time.
 */

import type { Answer } from '../lessons/types';

export const NAME = 'secateurs';

/** A step of some history: the recipe's text, without what is measured. */
export interface StoredEntry {
  /** The history it belongs to. */
  document: string;
  /** Its name there. */
  number: number;
  text: string;
}

/** What a visitor had before a lesson, by numbers of entries. */
export interface StoredAside {
  entries: number[];
  at: number;
  target: number;
  /** Lessons measure otherwise. */
  measures: string;
  image: number;
  curve: 'amount' | 'size';
}

/** The history of one tab; its entries are records of their own. */
export interface StoredDocument {
  id: string;
  /** The page that writes it: another name each time that a page is loaded. */
  writer: string;
  /** When it was written, in milliseconds since 1970. */
  when: number;
  /** The link that the address held then, without `#`. */
  address: string;
  /** The line of undo and redo, by numbers of entries, and the place in it. */
  entries: number[];
  at: number;
  /** What was being made then, by its number, if anything was. */
  target: number | null;
  /** What all entries are measured by, as the text of a part of a recipe. */
  measures: string;
  /** What the visitor calls the networks of entries. */
  names: [number: number, name: string][];
  aside: StoredAside | null;
}

/** A prediction of a lesson's step, and what was measured. */
export interface StoredNote {
  lesson: string;
  step: string;
  predicted: Answer | null;
  measured: Answer | null;
  when: number;
}

/** How far a lesson is. */
export interface StoredCourse {
  lesson: string;
  step: number;
  furthest: number;
  done: boolean;
  when: number;
}

export type StoreName = 'documents' | 'entries' | 'notes' | 'courses';

/** Each from the version before it; the last one leads to the present. */
export const MIGRATIONS: readonly ((db: IDBDatabase) => void)[] = [
  // 1: the history.
  (db) => {
    db.createObjectStore('documents', { keyPath: 'id' });
    db.createObjectStore('entries', { keyPath: ['document', 'number'] });
  },
  // 2: predictions, which were kept in localStorage; what is still there is taken over whenever it
  // is found (`notes.ts`), since a browser that forbids the database may have allowed that.
  (db) => {
    db.createObjectStore('notes', { keyPath: ['lesson', 'step'] });
    db.createObjectStore('courses', { keyPath: 'lesson' });
  },
];

export const VERSION = MIGRATIONS.length;

/** Brings a database from a version before to the one after the last of these migrations. */
export function migrate(db: IDBDatabase, from: number, migrations = MIGRATIONS): void {
  for (const step of migrations.slice(from)) step(db);
}
