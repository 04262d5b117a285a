/**
 * What is read from the database is as untrusted as a stranger's file: an older or newer page, an
 * extension or a failing disk may have written it. Record by record it becomes something complete
 * and valid, or nothing; recipes are checked by the core besides (`restore.ts`).
 */
import type { Answer, Dot } from '../lessons/types';
import type { StoredAside, StoredCourse, StoredDocument, StoredEntry, StoredNote } from './schema';

/** As many as the history has. */
export const MOST_ENTRIES = 200;
/** Of all the texts of one history, in characters. */
export const MOST_TEXT = 1 << 20;
export const LONGEST_NAME = 24;
const LONGEST_ID = 64;
const LONGEST_ADDRESS = 16 << 10;
/** A recipe's measures take a few hundred. */
const LONGEST_MEASURES = 8 << 10;
/** Of a lesson. */
const MOST_STEPS = 99;
const MOST_IMAGES = 10_000;

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A moment that lies behind us; a clock that was wrong must not keep a record for ever. */
const momentOf = (value: unknown): number => (isCount(value) ? Math.min(value, Date.now()) : 0);

/** A line of entries and the place in it, without what is no entry; null where none is left. */
function lineOf(list: unknown, at: unknown): { entries: number[]; at: number } | null {
  const all = listOf(list);
  const place = isCount(at) && at < all.length ? at : all.length - 1;
  const upTo = all.slice(0, place + 1).filter(isCount).length;
  const found = all.filter(isCount);
  const entries = found.slice(-MOST_ENTRIES);
  if (entries.length === 0) return null;
  return { entries, at: Math.max(0, upTo - 1 - (found.length - entries.length)) };
}

export function documentOf(found: unknown): StoredDocument | null {
  if (!isFields(found) || !isText(found.id, LONGEST_ID) || found.id === '') return null;
  const line = lineOf(found.entries, found.at);
  if (!line) return null;
  return {
    ...line,
    id: found.id,
    writer: isText(found.writer, LONGEST_ID) ? found.writer : '',
    when: momentOf(found.when),
    address: isText(found.address, LONGEST_ADDRESS) ? found.address : '',
    target: isCount(found.target) ? found.target : null,
    measures: measuresOf(found),
    names: listOf(found.names).filter(isNamed).slice(0, MOST_ENTRIES),
    aside: asideOf(found.aside),
  };
}

const measuresOf = ({ measures }: Fields): string =>
  isText(measures, LONGEST_MEASURES) ? measures : '{}';

function isNamed(value: unknown): value is [number, string] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  return isCount(value[0]) && isText(value[1], LONGEST_NAME) && value[1].trim() !== '';
}

function asideOf(found: unknown): StoredAside | null {
  if (!isFields(found)) return null;
  const line = lineOf(found.entries, found.at);
  if (!line) return null;
  const { entries, at } = line;
  return {
    ...line,
    target: isCount(found.target) ? found.target : (entries[at] ?? 0),
    measures: measuresOf(found),
    image: isCount(found.image) && found.image < MOST_IMAGES ? found.image : 0,
    curve: found.curve === 'size' ? 'size' : 'amount',
  };
}

export function entryOf(found: unknown): StoredEntry | null {
  if (!isFields(found) || !isText(found.document, LONGEST_ID)) return null;
  if (!isCount(found.number) || !isText(found.text, MOST_TEXT)) return null;
  return { document: found.document, number: found.number, text: found.text };
}

/** A number, a choice, a curve's dots, or null: what can be predicted, and measured. */
export function isAnswer(value: unknown): value is Answer | null {
  if (value === null || isText(value, LONGEST_ID) || Number.isFinite(value)) return true;
  return Array.isArray(value) && value.length > 0 && value.length < 1000 && value.every(isDot);
}

const isDot = (value: unknown): value is Dot =>
  Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part));

export function noteOf(found: unknown): StoredNote | null {
  if (!isFields(found)) return null;
  const { lesson, step, predicted = null, measured = null, when } = found;
  if (!isText(lesson, LONGEST_ID) || !isText(step, LONGEST_ID)) return null;
  if (!isAnswer(predicted) || !isAnswer(measured)) return null;
  return { lesson, step, predicted, measured, when: momentOf(when) };
}

export function courseOf(found: unknown): StoredCourse | null {
  if (!isFields(found) || !isText(found.lesson, LONGEST_ID)) return null;
  const step = stepOf(found.step);
  const furthest = Math.max(step, stepOf(found.furthest));
  const done = found.done === true;
  return { lesson: found.lesson, step, furthest, done, when: momentOf(found.when) };
}

const stepOf = (value: unknown): number =>
  isCount(value) && value >= 1 && value <= MOST_STEPS ? value : 1;
