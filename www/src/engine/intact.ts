/**
 * Fetches files of the site, names what goes wrong in one sentence, and holds what arrived against
 * the hash that the page was built with.
 */

export interface Wanted {
  address: string | URL;
  /** What it is, as a sentence begins. */
  name: string;
  /** Its hash as `integrity` attributes have it; empty where none is known. */
  integrity: string;
  /** What the browser keeps is no use: it was wrong before. */
  anew?: boolean;
  /** Given up when nothing arrives for so long. */
  stalledAfterMs?: number;
  fetch?: typeof fetch;
  /** May begin to read while the rest arrives; what comes of it is of no use if this fails. */
  begun?(response: Response): void;
}

const STALLED_MS = 20_000;

export async function fetchIntact(wanted: Wanted): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await fetchBytes(wanted);
  if (await isIntact(bytes, wanted.integrity)) return bytes;
  // Something between here and the server may keep what is damaged.
  const again = await fetchBytes({ ...wanted, anew: true });
  if (await isIntact(again, wanted.integrity)) return again;
  throw new Error(`${wanted.name} arrived damaged: it is not what the page was built with.`);
}

class Missing extends Error {}

async function fetchBytes(wanted: Wanted): Promise<Uint8Array<ArrayBuffer>> {
  const { address, name, integrity, begun, anew = false, stalledAfterMs = STALLED_MS } = wanted;
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(), stalledAfterMs);
  };
  const ask = wanted.fetch ?? fetch;
  try {
    alive();
    const response = await ask(address, {
      signal: stop.signal,
      ...(anew ? { cache: 'reload' } : {}),
      // Otherwise compared here: only so is it known from a connection that is down.
      ...(canCompare() || integrity === '' ? {} : { integrity }),
    });
    if (!response.ok) {
      throw new Missing(`${name} is not to be had: the server answered ${response.status}.`);
    }
    begun?.(response.clone());
    return await read(response, alive);
  } catch (error) {
    if (error instanceof Missing) throw error;
    if (stop.signal.aborted) throw new Error(`${name} stopped arriving.`);
    throw new Error(`${name} could not be fetched; is the connection down?`);
  } finally {
    clearTimeout(timer);
  }
}

async function read(response: Response, alive: () => void): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part?.value) break;
    parts.push(part.value);
    alive();
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Browsers hash for pages that came over HTTPS or from this machine. */
const canCompare = (): boolean => crypto.subtle !== undefined;

async function isIntact(bytes: Uint8Array<ArrayBuffer>, integrity: string): Promise<boolean> {
  if (integrity === '' || !canCompare()) return true;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return integrity === asIntegrity(hash);
}

/** A SHA-256 as `integrity` has it. */
export const asIntegrity = (hash: Uint8Array): string =>
  `sha256-${btoa(String.fromCharCode(...hash))}`;
