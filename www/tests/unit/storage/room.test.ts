import { afterEach, describe, expect, it, vi } from 'vitest';
import { filled, IDBFactory } from './fakes';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function load(indexedDB: IDBFactory | undefined) {
  vi.stubGlobal('indexedDB', indexedDB);
  const { notices } = await import('../../../src/state');
  const { notes } = await import('../../../src/storage/room');
  const { dismissNotice } = await import('../../../src/engine/notices');
  const said = () => notices.value.map(({ sentence }) => sentence);
  return { notes, notices, said, dismissNotice };
}

const course = { lesson: 'cut', step: 1, furthest: 1, done: false, when: 1 };
const some = { notes: [], courses: [course] };

describe('the sentence that nothing can be kept', () => {
  it('is said once, however often it is tried, and not again once it was put away', async () => {
    const { notes, notices, said, dismissNotice } = await load(undefined);
    expect(await notes.write(some)).toBe(false);
    expect(await notes.read()).toBeUndefined();
    expect(said()).toHaveLength(1);
    expect(said()[0]).toMatch(/^Your history cannot be kept on this device/);
    dismissNotice(notices.value[0]?.id ?? 0);
    expect(await notes.write(some)).toBe(false);
    expect(said()).toEqual([]);
  });

  it('is taken back when something can be written again, and said when it cannot', async () => {
    let full = true;
    const { notes, said } = await load(filled(new IDBFactory(), () => full));
    await notes.write(some);
    expect(said()[0]).toContain('storage is full');
    // That something can be read says nothing of it.
    expect(await notes.read()).toEqual({ notes: [], courses: [] });
    expect(said()).toHaveLength(1);
    full = false;
    expect(await notes.write(some)).toBe(true);
    expect(said()).toEqual([]);
    full = true;
    await notes.write(some);
    expect(said()).toHaveLength(1);
  });
});
