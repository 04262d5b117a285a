/** The core's first half, fetched and compiled once for all workers, while the first one starts. */
import wasm from '../generated/secateurs_bg.wasm?url';

let compiled: Promise<WebAssembly.Module | null> | null = null;

/** Null where that fails: each worker then tries by itself, and says what is wrong. */
export function firstHalf(): Promise<WebAssembly.Module | null> {
  compiled ??= compile().catch(() => null);
  return compiled;
}

async function compile(): Promise<WebAssembly.Module | null> {
  const response = await fetch(wasm);
  if (!response.ok) return null;
  // Only what says that it is WebAssembly may be compiled while it arrives.
  return response.headers.get('Content-Type') === 'application/wasm'
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}
