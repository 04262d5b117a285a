import { describe, expect, test } from 'vitest';
import { sniffed } from '../../../src/bring/sniff';
import { idxFiles, npz, png, safetensors } from '../../e2e/files';

const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(
    parts.flatMap((part) =>
      typeof part === 'string' ? [...part].map((letter) => letter.charCodeAt(0)) : part,
    ),
  );
const kind = (file: Uint8Array, name = 'file') => sniffed(file, name).kind;

describe('what a file is', () => {
  const array = [{ name: 'w1', shape: [2, 2], values: new Float32Array(4) }];

  test('its first bytes tell, not its name', () => {
    expect(kind(npz(array), 'digits.png')).toBe('network');
    expect(kind(safetensors(array), 'notes.txt')).toBe('network');
    const { images, labels } = idxFiles({
      labels: new Uint8Array(1),
      pixels: new Uint8Array(784),
    });
    expect(kind(images)).toBe('images');
    expect(kind(labels)).toBe('images');
    expect(kind(bytes([0, 0, 8, 3, 0, 0, 0, 1]))).toBe('images');
    expect(kind(bytes('\ufeff'.slice(1), ' \n{"steps": []}'))).toBe('recipe');
    expect(kind(bytes('hello, world'))).toBe('unknown');
    expect(kind(new Uint8Array(0))).toBe('unknown');
  });

  test('names are asked where nothing else tells', () => {
    expect(kind(new Uint8Array(0), 'net.safetensors')).toBe('network');
    expect(kind(bytes('x'), 'train-images-idx3-ubyte')).toBe('images');
  });

  test('a picture says how large it is before it is decoded', () => {
    expect(
      sniffed(
        png(300, 20, () => 0),
        '',
      ),
    ).toEqual({
      kind: 'picture',
      size: { width: 300, height: 20 },
    });
    expect(sniffed(bytes('GIF89a', [44, 1, 20, 0]), '').size).toEqual({ width: 300, height: 20 });
    const jpeg = bytes(
      [0xff, 0xd8, 0xff, 0xe0, 0, 4, 9, 9, 0xff, 0xc0, 0, 11, 8, 0, 20, 1, 44],
      [0, 0, 0, 0],
    );
    expect(sniffed(jpeg, '').size).toEqual({ width: 300, height: 20 });
    const extended = bytes(
      'RIFF',
      [0, 0, 0, 0],
      'WEBPVP8X',
      [0, 0, 0, 0, 0, 0, 0, 0],
      [43, 1, 0, 19, 0, 0],
    );
    expect(sniffed(extended, '').size).toEqual({ width: 300, height: 20 });
  });

  test('a picture cut short is still one, of a size that nobody knows', () => {
    expect(sniffed(png(9, 9, () => 0).subarray(0, 12), '')).toEqual({ kind: 'picture' });
    expect(sniffed(bytes([0xff, 0xd8, 0xff, 0xe0, 0xff]), '')).toEqual({ kind: 'picture' });
  });
});
