import { describe, expect, it, vi } from 'vitest';
import { asked } from '../../../src/storage/database';
import { Documents } from '../../../src/storage/documents';
import { Notes } from '../../../src/storage/notes';
import { MIGRATIONS, VERSION } from '../../../src/storage/schema';
import { SENTENCES } from '../../../src/storage/troubles';
import { filled, IDBFactory, opened } from './fakes';

const course = { lesson: 'fool', step: 2, furthest: 3, done: false, when: 5 };
const put = (transaction: IDBTransaction) => {
  transaction.objectStore('courses').put(course);
  return true;
};
const get = (transaction: IDBTransaction) =>
  asked<unknown>(transaction.objectStore('courses').get('fool'));

describe('the database', () => {
  it('keeps what is written, for whoever opens it next', async () => {
    const factory = new IDBFactory();
    const first = opened({ factory: () => factory });
    expect(await first.db.write('courses', put)).toBe(true);
    const second = opened({ factory: () => factory });
    expect(await second.db.read('courses', get)).toEqual(course);
    expect([...first.told, ...second.told]).toEqual([null, null]);
  });

  it('writes all of an operation or nothing', async () => {
    const factory = new IDBFactory();
    const { db, told } = opened({ factory: () => factory });
    const half = (transaction: IDBTransaction) => {
      put(transaction);
      throw new Error('half done');
    };
    expect(await db.write('courses', half)).toBeUndefined();
    expect(await db.read('courses', get)).toBeUndefined();
    expect(told).toEqual(['damaged', null]);
  });

  it('comes from the first version with everything that was kept', async () => {
    const factory = new IDBFactory();
    const old = opened({ factory: () => factory, migrations: MIGRATIONS.slice(0, 1) });
    const document = { id: 'a', entries: [1], at: 0, address: 'v=1', when: 7 };
    await old.db.write(['documents', 'entries'], (transaction) => {
      transaction.objectStore('documents').put(document);
      transaction.objectStore('entries').put({ document: 'a', number: 1, text: '{}' });
      return true;
    });
    // The old page steps aside for the new one.
    const { db, told } = opened({ factory: () => factory });
    expect(await new Notes(db).write({ notes: [], courses: [course] })).toBe(true);
    const found = await new Documents(db).read('a');
    expect(found?.document).toMatchObject(document);
    expect(found?.texts).toEqual(new Map([[1, '{}']]));
    expect(told).toEqual([null, null]);
    // It knows why it can write no more.
    expect(await old.db.write('documents', () => true)).toBeUndefined();
    expect(old.told).toEqual([null, 'newer']);
  });

  it('goes through every migration once, from whatever version', async () => {
    for (let from = 0; from < VERSION; from++) {
      const factory = new IDBFactory();
      const steps = MIGRATIONS.map((step) => vi.fn(step));
      if (from > 0) {
        await opened({ factory: () => factory, migrations: MIGRATIONS.slice(0, from) }).db.read(
          'documents',
          () => true,
        );
      }
      await opened({ factory: () => factory, migrations: steps }).db.read('courses', () => true);
      expect(steps.map((step) => step.mock.calls.length)).toEqual(
        MIGRATIONS.map((_, at) => (at < from ? 0 : 1)),
      );
    }
  });

  it('leaves a newer version alone', async () => {
    const factory = new IDBFactory();
    const more = [...MIGRATIONS, (db: IDBDatabase) => void db.createObjectStore('more')];
    const newer = opened({ factory: () => factory, migrations: more });
    await newer.db.write('courses', put);
    const { db, told } = opened({ factory: () => factory });
    expect(await db.read('courses', get)).toBeUndefined();
    expect(told).toEqual(['newer']);
    expect(await newer.db.read('courses', get)).toEqual(course);
  });

  it('is kept waiting by an old page that does not step aside, and goes on once it does', async () => {
    const factory = new IDBFactory();
    const request = factory.open('secateurs', 1);
    await new Promise((resolve) => {
      request.onupgradeneeded = () => MIGRATIONS[0]?.(request.result);
      request.onsuccess = resolve;
    });
    const { db, told } = opened({ factory: () => factory });
    expect(await db.write('courses', put)).toBeUndefined();
    expect(told).toEqual(['blocked']);
    request.result.close();
    await vi.waitFor(async () => expect(await db.write('courses', put)).toBe(true));
  });

  it.each([
    ['there is none', (): undefined => undefined, 'missing'],
    [
      'asking for it throws',
      (): IDBFactory => {
        throw new DOMException('no', 'SecurityError');
      },
      'refused',
    ],
    [
      'opening it throws',
      () =>
        ({
          open(): IDBOpenDBRequest {
            throw new DOMException('no', 'InvalidStateError');
          },
        }) as unknown as IDBFactory,
      'refused',
    ],
    ['nothing answers', () => ({ open: () => ({}) }) as unknown as IDBFactory, 'silent'],
  ] as const)('says in a word that %s', async (_, factory, trouble) => {
    const { db, told } = opened({ factory, limitMs: 20 });
    expect(await db.write('courses', put)).toBeUndefined();
    expect(await db.read('courses', get)).toBeUndefined();
    expect(told).toEqual([trouble, trouble]);
    expect(SENTENCES[trouble]).toMatch(
      /^Your history cannot be kept on this device \(.+\); it lasts/,
    );
  });

  it('is damaged where it lacks what its version has', async () => {
    const factory = new IDBFactory();
    const request = factory.open('secateurs', VERSION);
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    request.result.close();
    const { db, told } = opened({ factory: () => factory });
    expect(await db.read('courses', get)).toBeUndefined();
    expect(told).toEqual(['damaged']);
    // Whoever deletes it can begin anew.
    expect(await db.erase()).toBe(true);
    expect(await db.write('courses', put)).toBe(true);
  });

  it('is deleted while another tab has it open, which goes on with a new one', async () => {
    const factory = new IDBFactory();
    const first = opened({ factory: () => factory });
    const second = opened({ factory: () => factory });
    await first.db.write('courses', put);
    expect(await second.db.read('courses', get)).toEqual(course);
    expect(await second.db.erase()).toBe(true);
    expect(await first.db.read('courses', get)).toBeUndefined();
    expect(await first.db.write('courses', put)).toBe(true);
  });

  it('says when storage is full, and writes again once it is not', async () => {
    let full = true;
    const factory = filled(new IDBFactory(), () => full);
    const { db, told } = opened({ factory: () => factory });
    expect(await db.write('courses', put)).toBeUndefined();
    expect(await db.write('courses', put, async () => false)).toBeUndefined();
    full = false;
    expect(await db.write('courses', put)).toBe(true);
    expect(told).toEqual(['full', 'full', null]);
  });

  it('tries again where room could be made', async () => {
    let full = true;
    const factory = filled(new IDBFactory(), () => full);
    const { db, told } = opened({ factory: () => factory });
    const makeRoom = async () => {
      full = false;
      return true;
    };
    expect(await db.write('courses', put, makeRoom)).toBe(true);
    expect(told).toEqual([null]);
  });

  it('is made anew after somebody deleted it', async () => {
    const factory = new IDBFactory();
    const { db, told } = opened({ factory: () => factory });
    await db.write('courses', put);
    const request = factory.deleteDatabase('secateurs');
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    expect(await db.read('courses', get)).toBeUndefined();
    expect(await db.write('courses', put)).toBe(true);
    expect(told).toEqual([null, null, null]);
  });
});
