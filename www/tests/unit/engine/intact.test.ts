// @vitest-environment node
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { asIntegrity, fetchIntact } from '../../../src/engine/intact';

const good = new TextEncoder().encode('as it was built');
const bad = new TextEncoder().encode('as it was not');
const integrity = `sha256-${createHash('sha256').update(good).digest('base64')}`;

/** Answers one request after the other, and keeps what was asked. */
function served(...answers: (Uint8Array<ArrayBuffer> | number | 'down' | 'silent')[]) {
  const asked: RequestInit[] = [];
  const fetch = async (_: unknown, init: RequestInit = {}) => {
    const answer = answers[asked.length] ?? 404;
    asked.push(init);
    if (answer === 'down') throw new TypeError('Failed to fetch');
    if (answer === 'silent') {
      return new Promise<Response>((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    }
    return typeof answer === 'number'
      ? new Response('', { status: answer })
      : new Response(answer.slice());
  };
  const wanted = { address: 'http://here/a', name: 'The file', integrity, stalledAfterMs: 30 };
  return {
    asked,
    fetched: () => fetchIntact({ ...wanted, fetch: fetch as typeof globalThis.fetch }),
  };
}

afterEach(() => vi.unstubAllGlobals());

describe('a file of the site', () => {
  it('is taken as it was built', async () => {
    const { asked, fetched } = served(good);
    expect(await fetched()).toEqual(good);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.integrity).toBeUndefined();
    expect(integrity).toBe(asIntegrity(createHash('sha256').update(good).digest()));
  });

  it('that was altered is fetched past all that keeps it, and then taken or named', async () => {
    const mended = served(bad, good);
    expect(await mended.fetched()).toEqual(good);
    expect(mended.asked.map(({ cache }) => cache)).toEqual([undefined, 'reload']);
    const altered = served(bad, bad, good);
    await expect(altered.fetched()).rejects.toThrow(
      'The file arrived damaged: it is not what the page was built with.',
    );
    expect(altered.asked).toHaveLength(2);
  });

  it('that does not come is named', async () => {
    await expect(served(500).fetched()).rejects.toThrow(
      'The file is not to be had: the server answered 500.',
    );
    await expect(served('down').fetched()).rejects.toThrow(
      'The file could not be fetched; is the connection down?',
    );
    await expect(served('silent').fetched()).rejects.toThrow('The file stopped arriving.');
  });

  it('is compared by the browser where the page cannot', async () => {
    vi.stubGlobal('crypto', {});
    const { asked, fetched } = served(good);
    expect(await fetched()).toEqual(good);
    expect(asked[0]?.integrity).toBe(integrity);
  });
});
