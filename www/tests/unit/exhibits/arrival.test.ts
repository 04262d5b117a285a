import { afterEach, describe, expect, it, vi } from 'vitest';
import { arrival, needsReload } from '../../../src/exhibits/parts/arrival';

afterEach(() => vi.useRealTimers());

describe('code that is fetched when it is wanted', () => {
  it('may fail and come, and after two failures needs a reload', async () => {
    let there = false;
    const load = async () => {
      if (!there) throw new Error('no');
      return 'code';
    };
    await expect(arrival(load)).rejects.toThrow();
    expect(needsReload(load)).toBe(false);
    await expect(arrival(load)).rejects.toThrow();
    expect(needsReload(load)).toBe(true);
    there = true;
    expect(await arrival(load)).toBe('code');
    expect(needsReload(async () => {})).toBe(false);
  });

  it('is not waited for without end', async () => {
    vi.useFakeTimers();
    const asked = arrival(() => new Promise(() => {}));
    const failed = expect(asked).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(20_000);
    await failed;
  });
});
