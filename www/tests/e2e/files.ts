/** Small files as other tools write them. */
import { deflateSync, gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';

export interface NamedArray {
  name: string;
  shape: number[];
  values: Float32Array;
}

function crc32(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  }
  return ~sum >>> 0;
}

export function safetensors(arrays: readonly NamedArray[]): Buffer {
  let from = 0;
  const entries = arrays.map(({ name, shape, values }) => {
    const to = from + values.byteLength;
    const entry = { dtype: 'F32', shape, data_offsets: [from, to] };
    from = to;
    return [name, entry];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const data = arrays.map(({ values }) => Buffer.from(values.buffer));
  return Buffer.concat([length, header, ...data]);
}

function npy({ shape, values }: NamedArray): Buffer {
  const sizes = shape.map((size) => `${size},`).join(' ');
  let header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  header = `${header.padEnd(117)}\n`;
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, Buffer.from(header), Buffer.from(values.buffer)]);
}

/** An archive of arrays, nothing packed. */
export function npz(arrays: readonly NamedArray[]): Buffer {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const array of arrays) {
    const [name, content] = [Buffer.from(`${array.name}.npy`), npy(array)];
    const local = Buffer.alloc(30);
    local.write('PK\x03\x04', 'latin1');
    const central = Buffer.alloc(46);
    central.write('PK\x01\x02', 'latin1');
    for (const [head, shift] of [
      [local, 0],
      [central, 2],
    ] as const) {
      head.writeUInt32LE(crc32(content), 14 + shift);
      head.writeUInt32LE(content.length, 18 + shift);
      head.writeUInt32LE(content.length, 22 + shift);
      head.writeUInt16LE(name.length, 26 + shift);
    }
    central.writeUInt32LE(at, 42);
    bodies.push(local, name, content);
    list.push(central, name);
    at += local.length + name.length + content.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(arrays.length, 8);
  end.writeUInt16LE(arrays.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, directory, end]);
}

/** A grey picture, row by row. */
export function png(width: number, height: number, grey: (x: number, y: number) => number): Buffer {
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = grey(x, y);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const chunk = (kind: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const start = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const packed = chunk('IDAT', deflateSync(rows));
  return Buffer.concat([start, chunk('IHDR', head), packed, chunk('IEND', Buffer.alloc(0))]);
}

function idx(sizes: number[], content: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head[2] = 8;
  head[3] = sizes.length;
  for (const [at, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * at);
  return gzipSync(Buffer.concat([head, content]));
}

export interface Digits {
  labels: Uint8Array;
  pixels: Uint8Array;
}

/** A set of images as two gzipped IDX files. */
export const idxFiles = ({ labels, pixels }: Digits): { images: Buffer; labels: Buffer } => ({
  images: idx([labels.length, 28, 28], pixels),
  labels: idx([labels.length], labels),
});

/** The first images of a set, as the page is given them. */
export async function digits(page: Page, set: 'train' | 'test', count: number): Promise<Digits> {
  const bytes = await page.evaluate(async (file) => {
    const response = await fetch(new URL(`data/${file}`, document.baseURI));
    const stream = response.body?.pipeThrough(new DecompressionStream('gzip'));
    const all = new Uint8Array(await new Response(stream).arrayBuffer());
    let text = '';
    for (let at = 0; at < all.length; at += 32768) {
      text += String.fromCharCode(...all.subarray(at, at + 32768));
    }
    return btoa(text);
  }, `${set}-0.bin`);
  const all = Buffer.from(bytes, 'base64');
  const images = all.length / 785;
  return {
    labels: new Uint8Array(all.subarray(0, count)),
    pixels: new Uint8Array(all.subarray(images, images + count * 784)),
  };
}

/** A network that reads a digit as the one whose mean it is nearest to, and what it gets right. */
export function nearestMean(
  train: Digits,
  test: Digits,
): { arrays: NamedArray[]; correct: number } {
  const sums = Array.from({ length: 10 }, () => new Float64Array(784));
  const counts = new Float64Array(10);
  for (const [image, label] of train.labels.entries()) {
    counts[label] = (counts[label] ?? 0) + 1;
    const sum = sums[label] as Float64Array;
    for (let at = 0; at < 784; at += 1) {
      sum[at] = (sum[at] ?? 0) + (train.pixels[image * 784 + at] ?? 0) / 255;
    }
  }
  const weights = new Float32Array(7840);
  const biases = new Float32Array(10);
  for (const [digit, sum] of sums.entries()) {
    let square = 0;
    for (let at = 0; at < 784; at += 1) {
      const mean = Math.fround((sum[at] ?? 0) / (counts[digit] ?? 1));
      weights[digit * 784 + at] = mean;
      square += mean * mean;
    }
    // High enough that no unit of the hidden layer is ever cut off by its ReLU.
    biases[digit] = 100 - square / 2;
  }
  let correct = 0;
  for (const [image, label] of test.labels.entries()) {
    const scores = Array.from(biases, (bias, digit) => {
      let score = bias;
      for (let at = 0; at < 784; at += 1) {
        score += (weights[digit * 784 + at] ?? 0) * ((test.pixels[image * 784 + at] ?? 0) / 255);
      }
      return score;
    });
    if (scores.indexOf(Math.max(...scores)) === label) correct += 1;
  }
  const same = Float32Array.from({ length: 100 }, (_, at) => (at % 11 === 0 ? 1 : 0));
  const arrays = [
    { name: 'fc1.weight', shape: [10, 784], values: weights },
    { name: 'fc1.bias', shape: [10], values: biases },
    { name: 'fc2.weight', shape: [10, 10], values: same },
  ];
  return { arrays, correct };
}
