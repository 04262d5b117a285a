import { describe, expect, it } from 'vitest';
import { courseOf, documentOf, entryOf, MOST_ENTRIES, noteOf } from '../../../src/storage/records';

const document = {
  id: 'a',
  writer: 'w',
  when: 7,
  address: 'v=1&train',
  entries: [1, 2, 3],
  at: 1,
  target: 3,
  measures: '{}',
  names: [[1, 'mine']],
  aside: { entries: [1], at: 0, target: 2, measures: '{}', image: 4, curve: 'size' },
};

describe('records of histories', () => {
  it('come back as they were written', () => {
    expect(documentOf(document)).toEqual(document);
    expect(entryOf({ document: 'a', number: 1, text: '{}' })).toEqual({
      document: 'a',
      number: 1,
      text: '{}',
    });
  });

  it.each([
    null,
    7,
    'a',
    [],
    {},
    { ...document, id: '' },
    { ...document, id: { toString: 'evil' } },
    { ...document, id: 'x'.repeat(100) },
    { ...document, entries: [] },
    { ...document, entries: 'all' },
    { ...document, entries: ['1', -1, 0.5, Number.NaN, {}] },
  ])('%j is none', (found) => {
    expect(documentOf(found)).toBeNull();
  });

  it('are complete and valid where parts of them are not', () => {
    const found = documentOf({
      id: 'a',
      writer: 7,
      when: 1e300,
      address: 'x'.repeat(100_000),
      entries: [1, 'two', 3, 4],
      at: 2,
      target: -1,
      measures: {},
      names: [[1, 'mine'], [2], 'no', [3, ' '], [4, 'x'.repeat(25)]],
      aside: { entries: [], at: 0 },
    });
    expect(found).toEqual({
      id: 'a',
      writer: '',
      when: 0,
      address: '',
      entries: [1, 3, 4],
      // The entry that was on screen, not the number of its place.
      at: 1,
      target: null,
      measures: '{}',
      names: [[1, 'mine']],
      aside: null,
    });
  });

  it('do not lie in the future, and have no more entries than the history', () => {
    const entries = Array.from({ length: 300 }, (_, number) => number);
    const found = documentOf({ ...document, when: Date.now() + 1e9, entries, at: 250 });
    expect(found?.when).toBeLessThanOrEqual(Date.now());
    expect(found?.entries).toHaveLength(MOST_ENTRIES);
    expect(found?.entries[found.at]).toBe(250);
    expect(documentOf({ ...document, at: 99 })?.at).toBe(2);
  });

  it('keep before a lesson what is left of it', () => {
    const aside = { entries: [5, null, 6], at: 2, image: 1e9, curve: 'evil' };
    expect(documentOf({ ...document, aside })?.aside).toEqual({
      entries: [5, 6],
      at: 1,
      target: 6,
      measures: '{}',
      image: 0,
      curve: 'amount',
    });
  });

  it.each([
    null,
    {},
    { document: 'a', number: -1, text: '' },
    { document: 'a', number: 1, text: 7 },
  ])('%j is no entry', (found) => {
    expect(entryOf(found)).toBeNull();
  });
});

describe('records of lessons', () => {
  it('are answers that can be shown, or nothing', () => {
    const note = { lesson: 'fool', step: 'train', predicted: 60, measured: null, when: 3 };
    expect(noteOf(note)).toEqual(note);
    expect(noteOf({ ...note, predicted: [[0, 1]] })?.predicted).toEqual([[0, 1]]);
    for (const predicted of [{}, [], [[0]], [[0, 'x']], Number.NaN, 'x'.repeat(100), true]) {
      expect(noteOf({ ...note, predicted })).toBeNull();
    }
    expect(noteOf({ ...note, step: 7 })).toBeNull();
  });

  it('are courses with steps that exist', () => {
    expect(courseOf({ lesson: 'cut', step: -4, furthest: 'far', done: 'yes' })).toEqual({
      lesson: 'cut',
      step: 1,
      furthest: 1,
      done: false,
      when: 0,
    });
    expect(courseOf({ step: 1 })).toBeNull();
  });
});
