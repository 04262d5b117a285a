import { describe, expect, it } from 'vitest';
import { Documents, MOST_DOCUMENTS, type Written } from '../../../src/storage/documents';
import { filled, forge, IDBFactory, opened } from './fakes';

const none = async () => new Set<string>();

function written(id: string, more: Partial<Written['document']> = {}): Written {
  const document = {
    id,
    writer: 'w',
    when: 1,
    address: '',
    entries: [1, 2],
    at: 1,
    target: null,
    measures: '{}',
    names: [],
    aside: null,
    ...more,
  };
  const texts = new Map([
    [1, '{"one":1}'],
    [2, '{"two":2}'],
  ]);
  return { document, texts, fresh: [1, 2], gone: [] };
}

function kept(factory = new IDBFactory()) {
  const { db, told } = opened({ factory: () => factory });
  return { db, factory, told, documents: new Documents(db) };
}

describe('histories in the database', () => {
  it('are written entry by entry, and read again', async () => {
    const { documents } = kept();
    expect(await documents.save(written('a'), false, none)).toBe('saved');
    const next = written('a', { entries: [1, 3], at: 0 });
    next.texts = new Map([
      [1, '{"one":1}'],
      [3, '{"three":3}'],
    ]);
    await documents.save({ ...next, fresh: [3], gone: [2] }, false, none);
    const found = await documents.read('a');
    expect(found?.document).toEqual(next.document);
    expect(found?.texts).toEqual(next.texts);
  });

  it('are not overwritten by another tab that holds the same one', async () => {
    const { factory, documents: first } = kept();
    const { documents: second } = kept(factory);
    await first.save(written('a'), false, none);
    expect(await second.take('a', 'other')).toBe(true);
    expect(await first.save(written('a', { at: 0 }), false, none)).toBe('taken');
    expect((await first.read('a'))?.document).toMatchObject({ at: 1, writer: 'other' });
    expect(await second.take('b', 'other')).toBe(false);
  });

  it('are written whole where the database lost them', async () => {
    const { db, documents } = kept();
    await documents.save(written('a'), false, none);
    await db.erase();
    expect(await documents.save({ ...written('a'), fresh: [] }, false, none)).toBe('saved');
    expect((await documents.read('a'))?.texts.size).toBe(2);
  });

  it('are read as far as they can be understood', async () => {
    const { factory, documents } = kept();
    await documents.save(written('a'), false, none);
    await forge(factory, 'entries', { document: 'a', number: 2, text: { evil: true } });
    await forge(factory, 'documents', { id: 'b', entries: 'none' });
    await forge(factory, 'documents', { id: 'c', entries: [1] });
    expect((await documents.read('a'))?.texts).toEqual(new Map([[1, '{"one":1}']]));
    expect(await documents.read('b')).toBeNull();
    expect((await documents.read('c'))?.texts.size).toBe(0);
    expect((await documents.list()).map(({ id }) => id)).toEqual(['a', 'c']);
  });

  it('are few: the oldest goes, but none that is open', async () => {
    const { documents } = kept();
    for (let when = 0; when < MOST_DOCUMENTS + 3; when++) {
      await documents.save(written(`d${when}`, { when }), false, none);
    }
    await documents.bound(new Set(['d0', 'd22']));
    const left = (await documents.list()).map(({ id }) => id);
    expect(left).toHaveLength(MOST_DOCUMENTS);
    expect(left).toContain('d0');
    expect(left).not.toContain('d1');
    expect((await documents.read('d1'))?.texts).toBeUndefined();
  });

  it('make room where storage is full, the oldest first, and never those that are open', async () => {
    let room = 3;
    const factory = filled(new IDBFactory(), () => room-- <= 0);
    const { documents, told } = kept(factory);
    await documents.save(written('old', { when: 1 }), false, none);
    room = 3;
    await documents.save(written('open', { when: 0 }), false, none);
    // The next one fits once something is deleted.
    room = 0;
    const remove = documents.remove.bind(documents);
    const removed: string[] = [];
    documents.remove = async (id) => {
      removed.push(id);
      room = 3;
      return remove(id);
    };
    const open = async () => new Set(['open']);
    expect(await documents.save(written('new', { when: 5 }), false, open)).toBe('saved');
    expect(removed).toEqual(['old']);
    room = 0;
    documents.remove = async () => false;
    expect(await documents.save(written('more'), false, open)).toBeUndefined();
    expect(told.at(-1)).toBe('full');
    expect((await documents.list()).map(({ id }) => id)).toEqual(['new', 'open']);
  });

  it('are deleted with all their entries', async () => {
    const { documents } = kept();
    await documents.save(written('a'), false, none);
    await documents.save(written('ab'), false, none);
    expect(await documents.remove('a')).toBe(true);
    expect(await documents.read('a')).toBeNull();
    expect((await documents.read('ab'))?.texts.size).toBe(2);
  });
});
