import { describe, expect, it } from 'vitest';
import { newName, Tab } from '../../../src/storage/tab';
import { Locks } from './fakes';

/** What a tab remembers; a duplicate of it begins with the same. */
function memory(from: Record<string, string> = {}): Storage {
  const kept = { ...from };
  return {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      kept[key] = value;
    },
  } as unknown as Storage;
}

describe('a tab', () => {
  it('finds its history when its page is loaded anew', async () => {
    const [locks, storage] = [new Locks(), memory()];
    const before = locks.tab();
    const tab = new Tab({ locks: before.locks, storage: () => storage, letGoMs: 50 });
    expect(await tab.claim('a')).toBe(true);
    expect(tab.holds('a')).toBe(true);
    tab.remember('a');
    // The page that was left lets go a moment later.
    setTimeout(before.close, 10);
    const after = new Tab({ locks: locks.tab().locks, storage: () => storage, letGoMs: 50 });
    expect(after.remembered).toBe('a');
    expect(await after.claim('a')).toBe(true);
  });

  it('that was duplicated does not take the history of the first', async () => {
    const locks = new Locks();
    const storage = memory();
    const first = new Tab({ locks: locks.tab().locks, storage: () => storage });
    await first.claim('a');
    const copy = memory({ 'secateurs-history': 'a' });
    const second = new Tab({ locks: locks.tab().locks, storage: () => copy, letGoMs: 20 });
    expect(second.remembered).toBe('a');
    expect(await second.others()).toEqual(new Set(['a']));
    expect(await second.claim('a')).toBe(false);
    expect(await second.claim('b')).toBe(true);
    expect(second.remembered).toBe('a');
    second.remember('b');
    expect(second.remembered).toBe('b');
    expect(await first.others()).toEqual(new Set(['b']));
  });

  it('lets go of a history when it goes on with another', async () => {
    const locks = new Locks();
    const storage = memory();
    const tab = new Tab({ locks: locks.tab().locks, storage: () => storage });
    await tab.claim('a');
    await tab.claim('b');
    const other = new Tab({ locks: locks.tab().locks, storage: () => memory(), letGoMs: 50 });
    expect(await other.claim('a')).toBe(true);
  });

  it('begins anew where nothing is remembered, and is not sure without locks', async () => {
    const storage = () => {
      throw new DOMException('no', 'SecurityError');
    };
    const tab = new Tab({ locks: undefined, storage });
    expect(tab.remembered).toBeNull();
    tab.remember('a');
    expect(await tab.claim('a')).toBe(true);
    expect(tab.holds('a')).toBe(false);
    expect(await tab.others()).toEqual(new Set());
    expect(newName()).not.toBe(newName());
  });
});
