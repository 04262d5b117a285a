/** The core's first half, fetched and compiled once for all workers, while the first one starts. */
import integrity from 'integrity:secateurs_bg.wasm';
import wasm from '../generated/secateurs_bg.wasm?url';
import { fetchIntact } from './intact';

let compiled: Promise<WebAssembly.Module> | null = null;

/** Rejects with one sentence; for the next worker it is fetched again. */
export function firstHalf(): Promise<WebAssembly.Module> {
  compiled ??= compileFirst().catch((error) => {
    compiled = null;
    throw error;
  });
  return compiled;
}

/** Throws one sentence. */
export async function compileFirst(): Promise<WebAssembly.Module> {
  let compiling: Promise<WebAssembly.Module | null> = Promise.resolve(null);
  const bytes = await fetchIntact({
    address: wasm,
    integrity,
    name: 'The compute module',
    begun: (response) => {
      // Only what says that it is WebAssembly may be compiled while it arrives.
      compiling =
        response.headers.get('Content-Type') === 'application/wasm'
          ? WebAssembly.compileStreaming(response).catch(() => null)
          : Promise.resolve(null);
    },
  });
  return (await compiling) ?? WebAssembly.compile(bytes);
}
