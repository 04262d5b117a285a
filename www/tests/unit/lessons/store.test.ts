import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Database } from '../../../src/storage/database';
import { Notes } from '../../../src/storage/notes';
import { forge, IDBFactory } from '../storage/fakes';

type Store = typeof import('../../../src/lessons/store');

const KEY = 'secateurs-lessons';
let factory: IDBFactory;
const inDatabase = () => new Notes(new Database({ factory: () => factory })).read();

/** Loads a page of a browser with this database, or none. */
async function load(indexedDB: IDBFactory | undefined = factory): Promise<Store> {
  vi.resetModules();
  vi.stubGlobal('indexedDB', indexedDB);
  const store = await import('../../../src/lessons/store');
  await store.loaded;
  return store;
}

/** Notes are written in the background. */
const written = () => vi.waitFor(async () => expect((await inDatabase())?.notes).not.toEqual([]));

beforeEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
  factory = new IDBFactory();
});

describe('what is kept of lessons', () => {
  it('is there again when the page is loaded anew', async () => {
    const before = await load();
    before.reached('fool', 3, false);
    before.note('fool', 'train', { predicted: 60 });
    before.note('fool', 'train', { measured: 95.9 });
    const curve = [
      [0, 90],
      [0.1, 10],
    ] as const;
    before.note('fool', 'sizes', { predicted: curve });
    await vi.waitFor(async () => expect((await inDatabase())?.notes).toHaveLength(2));
    const after = await load();
    expect(after.kept.value).toEqual(before.kept.value);
    expect(after.courseOf('fool')).toMatchObject({
      step: 3,
      furthest: 3,
      done: false,
      noted: {
        train: { predicted: 60, measured: 95.9 },
        sizes: { predicted: curve, measured: null },
      },
    });
    expect(localStorage.getItem(KEY)).toBeNull();
  });

  it('remembers the furthest step and the end, whatever is looked at again', async () => {
    const { reached, courseOf } = await load();
    reached('fool', 6, true);
    reached('fool', 2, false);
    expect(courseOf('fool')).toMatchObject({ step: 2, furthest: 6, done: true });
  });

  it('moves from where older versions of the page kept it', async () => {
    const noted = { train: { predicted: 60, measured: 95 } };
    const old = { version: 1, lessons: { fool: { step: 2, furthest: 4, done: true, noted } } };
    localStorage.setItem(KEY, JSON.stringify(old));
    const { courseOf } = await load();
    expect(courseOf('fool')).toMatchObject(old.lessons.fool);
    await vi.waitFor(() => expect(localStorage.getItem(KEY)).toBeNull());
    expect(await inDatabase()).toMatchObject({
      notes: [{ lesson: 'fool', step: 'train', predicted: 60, measured: 95 }],
      courses: [{ lesson: 'fool', step: 2, furthest: 4, done: true }],
    });
    // What is newer there is not undone by a page that was kept open for long.
    localStorage.setItem(KEY, JSON.stringify(old));
    const again = await load();
    again.note('fool', 'train', { predicted: 70 });
    await vi.waitFor(async () => expect((await inDatabase())?.notes[0]?.predicted).toBe(70));
    localStorage.setItem(KEY, JSON.stringify(old));
    expect((await load()).courseOf('fool').noted.train?.predicted).toBe(70);
  });

  it('is kept where only localStorage works, and moves once there is more', async () => {
    const refusing = {
      open() {
        throw new DOMException('no', 'SecurityError');
      },
    } as unknown as IDBFactory;
    const before = await load(refusing);
    before.note('cut', 'lot', { predicted: 40 });
    await vi.waitFor(() => expect(localStorage.getItem(KEY)).toContain('"predicted":40'));
    expect(before.lasting.value).toBe(true);
    expect((await load(refusing)).courseOf('cut').noted.lot?.predicted).toBe(40);
    expect((await load()).courseOf('cut').noted.lot?.predicted).toBe(40);
    await written();
    expect(localStorage.getItem(KEY)).toBeNull();
  });

  it('of two tabs is kept from both', async () => {
    const first = await load();
    const second = await load();
    first.note('fool', 'train', { predicted: 60 });
    first.reached('fool', 5, true);
    second.note('fool', 'image', { predicted: 'three' });
    second.note('cut', 'lot', { predicted: 40 });
    await vi.waitFor(async () => expect((await inDatabase())?.notes).toHaveLength(3));
    const third = await load();
    expect(Object.keys(third.courseOf('fool').noted).sort()).toEqual(['image', 'train']);
    expect(third.courseOf('fool')).toMatchObject({ furthest: 5, done: true });
    expect(third.courseOf('cut').noted.lot?.predicted).toBe(40);
    // The first one learns of it when it is looked at again.
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(first.courseOf('cut').noted.lot?.predicted).toBe(40));
  });

  it('is forgotten when that is asked for', async () => {
    const before = await load();
    before.note('cut', 'lot', { predicted: 40 });
    await written();
    expect(await before.forget()).toBe(true);
    expect(before.courseOf('cut').noted).toEqual({});
    expect((await load()).kept.value.lessons).toEqual({});
  });

  it('leaves out what it does not understand, and keeps the rest', async () => {
    const before = await load();
    before.note('fool', 'train', { predicted: 60 });
    await written();
    await forge(factory, 'notes', { lesson: 'fool', step: 'image', predicted: { evil: true } });
    await forge(factory, 'courses', { lesson: 'cut', step: 'far', furthest: 1e9 });
    const { kept } = await load();
    expect(Object.keys(kept.value.lessons.fool?.noted ?? {})).toEqual(['train']);
    expect(kept.value.lessons.cut).toMatchObject({ step: 1, furthest: 1 });
  });

  it('lasts as long as the page where everything is forbidden, and says so', async () => {
    const forbidden = () => {
      throw new DOMException('forbidden', 'SecurityError');
    };
    const { note, courseOf, lasting } = await load({ open: forbidden } as unknown as IDBFactory);
    vi.stubGlobal('localStorage', { setItem: forbidden, removeItem: forbidden });
    note('fool', 'train', { predicted: 12 });
    expect(courseOf('fool').noted.train?.predicted).toBe(12);
    expect(lasting.value).toBe(false);
  });
});

describe('what older versions kept', () => {
  it('is read as far as it is understood', async () => {
    const { read } = await load();
    const text = JSON.stringify({
      version: 1,
      lessons: {
        fool: {
          step: -4,
          furthest: 'far',
          noted: {
            train: { predicted: 60, measured: 95 },
            image: { predicted: { evil: true } },
            noise: 'no',
            sizes: { predicted: [[0, 1], [0]], measured: null },
          },
        },
        cut: 7,
      },
    });
    expect(read(text).lessons).toEqual({
      fool: {
        step: 1,
        furthest: 1,
        done: false,
        when: 0,
        noted: { train: { predicted: 60, measured: 95, when: 0 } },
      },
    });
  });

  it.each([null, '', '{', '[]', '7', 'null', '{"version":2,"lessons":{}}', '{"version":1}'])(
    'is nothing in %j',
    async (text) => {
      const { read } = await load();
      expect(read(text)).toEqual({ version: 1, lessons: {} });
    },
  );
});
