/** What a file is, by how it begins; its name is only asked where that does not tell. */

export type FileKind = 'network' | 'images' | 'picture' | 'recipe' | 'unknown';

/** So much of a file is looked at: a picture's size stands within it. */
export const LOOKED_AT = 64 << 10;

const ascii = (bytes: Uint8Array, from: number, text: string) =>
  [...text].every((letter, at) => bytes[from + at] === letter.charCodeAt(0));

const begins = (bytes: Uint8Array, start: readonly number[]) =>
  start.every((byte, at) => bytes[at] === byte);

/** Whether the first visible character opens an object of JSON. */
function isJson(bytes: Uint8Array): boolean {
  const start = bytes.findIndex(
    (byte) => ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte),
  );
  return bytes[start] === 0x7b;
}

function pictureSize(bytes: Uint8Array): { width: number; height: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (begins(bytes, [0x89, 0x50, 0x4e, 0x47])) {
      return { width: view.getUint32(16), height: view.getUint32(20) };
    }
    if (ascii(bytes, 0, 'GIF8')) {
      return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    }
    if (ascii(bytes, 0, 'RIFF') && ascii(bytes, 8, 'WEBP')) return webpSize(bytes, view);
    if (begins(bytes, [0xff, 0xd8, 0xff])) return jpegSize(bytes, view);
  } catch {
    // The file ends before it says how large it is.
  }
  return null;
}

function webpSize(bytes: Uint8Array, view: DataView) {
  const three = (at: number) => view.getUint16(at, true) + ((bytes[at + 2] ?? 0) << 16);
  if (ascii(bytes, 12, 'VP8X')) return { width: 1 + three(24), height: 1 + three(27) };
  if (ascii(bytes, 12, 'VP8L')) {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

/** From marker to marker until the one that begins a frame. */
function jpegSize(bytes: Uint8Array, view: DataView) {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
}

export interface Sniffed {
  kind: FileKind;
  /** Of a picture whose size is known before it is decoded. */
  size?: { width: number; height: number };
}

/** Looks at the first bytes of a file. */
export function sniffed(bytes: Uint8Array, name: string): Sniffed {
  const size = pictureSize(bytes);
  if (size) return { kind: 'picture', size };
  const pictures =
    begins(bytes, [0x89, 0x50, 0x4e, 0x47]) ||
    begins(bytes, [0xff, 0xd8, 0xff]) ||
    (ascii(bytes, 0, 'RIFF') && ascii(bytes, 8, 'WEBP'));
  // It says what it is, but not how large: whoever opens it is told.
  if (pictures) return { kind: 'picture' };
  const idx = bytes[0] === 0 && bytes[1] === 0 && bytes[2] !== 0 && (bytes[3] ?? 9) <= 4;
  const long = bytes.length >= 9 && bytes[8] === 0x7b;
  if (begins(bytes, [0x50, 0x4b]) || begins(bytes, [0x93, 0x4e, 0x55]) || long) {
    return { kind: 'network' };
  }
  if (begins(bytes, [0x89, 0x48, 0x44, 0x46])) return { kind: 'network' };
  if (begins(bytes, [0x1f, 0x8b]) || idx) return { kind: 'images' };
  if (isJson(bytes)) return { kind: 'recipe' };
  const named = name.toLowerCase();
  if (/\.(safetensors|npz|npy|pt|pth|h5|keras)$/.test(named)) return { kind: 'network' };
  if (/\.(idx|gz)$|ubyte/.test(named)) return { kind: 'images' };
  return { kind: 'unknown' };
}
