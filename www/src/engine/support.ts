/**
 * Whether this browser can run the playground; if not, one sentence that says why. Module workers
 * cannot be asked for without starting one: where they lack, the first worker dies before it was
 * ready, and the session says so.
 */

/** A module with one function that uses a 128-bit vector: `i32.const 0; i8x16.splat; drop`. */
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26,
  11,
]);

export function whatIsMissing(): string | null {
  if (typeof WebAssembly !== 'object') return lacks('WebAssembly');
  if (!WebAssembly.validate(SIMD_MODULE)) return lacks('WebAssembly SIMD');
  if (typeof DecompressionStream !== 'function') return lacks('DecompressionStream');
  return null;
}

function lacks(what: string): string {
  return `This browser lacks ${what}, without which nothing can be computed here; a browser updated since 2023 has it.`;
}
