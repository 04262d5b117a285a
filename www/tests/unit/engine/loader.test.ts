// @vitest-environment node
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Loader } from '../../../src/engine/loader';
import type { DataState } from '../../../src/engine/protocol';
import type { ChunkInfo, DataStatus } from '../../../src/engine/types';

const IMAGES = 4;
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Two small test chunks and two training chunks, as the build packs them. */
function packed() {
  const files = new Map<string, Uint8Array>();
  const chunks: ChunkInfo[] = [];
  // Deliberately not in the order in which they should be loaded.
  for (const set of ['train', 'test'] as const) {
    for (const first of [0, IMAGES]) {
      const bytes = new Uint8Array(IMAGES * 785).map((_, i) => (i * 7 + first) % 251);
      const file = `${set}-${first / IMAGES}.bin`;
      const gzip = new Uint8Array(gzipSync(bytes));
      files.set(file, gzip);
      const sha256 = hash(bytes);
      chunks.push({ file, set, first, count: IMAGES, bytes: gzip.length, sha256 });
    }
  }
  const manifest = { version: 1, name: 'MNIST', train: 8, test: 8, chunks };
  files.set('manifest.json', new TextEncoder().encode(JSON.stringify(manifest)));
  return files;
}

function loading(files: Map<string, Uint8Array>, sets: ('train' | 'test')[] = ['test', 'train']) {
  const states: DataState[] = [];
  const added: string[] = [];
  const status: DataStatus = { train: 0, test: 0 };
  const asked: string[] = [];
  const loader = new Loader({
    address: 'http://here/data/',
    sets,
    add: (info, bytes) => {
      if (hash(bytes) !== info.sha256) throw new Error('its contents are not what was packed.');
      added.push(info.file);
      status[info.set] += info.count;
      return status;
    },
    report: (state) => states.push(state),
    fetch: async (input, init) => {
      const file = String(input).replace('http://here/data/', '');
      asked.push(file);
      const bytes = files.get(file);
      if (bytes === undefined) return new Response('Not here.', { status: 404 });
      if (bytes.length === 0) {
        return new Promise((_, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
        });
      }
      return new Response(bytes.slice());
    },
    stalledAfterMs: 50,
  });
  const last = () => states.at(-1) as DataState;
  return { loader, added, asked, last };
}

describe('the loader', () => {
  it('loads the test set first, then the training images in order', async () => {
    const { loader, added, last } = loading(packed());
    await loader.load();
    expect(added).toEqual(['test-0.bin', 'test-1.bin', 'train-0.bin', 'train-1.bin']);
    const totals = { train: 8, test: 8, trainTotal: 8, testTotal: 8 };
    expect(last()).toEqual({ phase: 'ready', ...totals });
  });

  it('loads only the set it was asked for', async () => {
    const { loader, added } = loading(packed(), ['test']);
    await loader.load();
    expect(added).toEqual(['test-0.bin', 'test-1.bin']);
  });

  const broken: [string, (files: Map<string, Uint8Array>) => void, RegExp][] = [
    [
      'a truncated chunk',
      (files) => files.set('train-0.bin', (files.get('train-0.bin') as Uint8Array).slice(0, 50)),
      /^The image file train-0\.bin arrived incomplete: 50 of [\d,]+ bytes\.$/,
    ],
    [
      'a chunk that cannot be unpacked',
      (files) => files.set('train-0.bin', new Uint8Array(files.get('train-0.bin')?.length ?? 0)),
      /^The image file train-0\.bin arrived damaged and cannot be unpacked\.$/,
    ],
    [
      'a missing chunk',
      (files) => files.delete('train-0.bin'),
      /^The image file train-0\.bin .*404/,
    ],
    [
      'a chunk that never comes',
      (files) => files.set('train-0.bin', new Uint8Array(0)),
      /^The image file train-0\.bin stopped arriving\.$/,
    ],
    ['a missing list', (files) => files.delete('manifest.json'), /^The list of images .*404/],
    [
      'a damaged list',
      (files) => files.set('manifest.json', new TextEncoder().encode('{')),
      /^The list of images \(manifest\.json\) arrived damaged\.$/,
    ],
  ];
  for (const [what, damage, sentence] of broken) {
    it(`names ${what}, goes on with the rest, and retries only that`, async () => {
      const files = packed();
      damage(files);
      const { loader, added, asked, last } = loading(files);
      await loader.load();
      expect(last().phase).toBe('failed');
      expect(last().sentence).toMatch(sentence);
      if (!what.includes('list')) {
        expect(added).toEqual(['test-0.bin', 'test-1.bin', 'train-1.bin']);
        asked.length = 0;
      }
      for (const [file, bytes] of packed()) files.set(file, bytes);
      await loader.load();
      expect(last()).toMatchObject({ phase: 'ready', train: 8, test: 8 });
      expect(last().sentence).toBeUndefined();
      if (!what.includes('list')) expect(asked).toEqual(['train-0.bin']);
    });
  }

  it('names a chunk whose contents are other than promised', async () => {
    const files = packed();
    const manifest = JSON.parse(new TextDecoder().decode(files.get('manifest.json')));
    manifest.chunks[0].sha256 = 'beef';
    files.set('manifest.json', new TextEncoder().encode(JSON.stringify(manifest)));
    const { loader, last } = loading(files);
    await loader.load();
    expect(last().sentence).toBe(
      'The image file train-0.bin arrived damaged: its contents are not what was packed.',
    );
  });

  it('takes a retry that comes while it is still loading', async () => {
    const files = packed();
    files.set('train-0.bin', new Uint8Array(files.get('train-0.bin')?.length ?? 0));
    // Nothing of the last file arrives until it is given up.
    files.set('train-1.bin', new Uint8Array(0));
    const { loader, last } = loading(files);
    const first = loader.load();
    while (last()?.phase !== 'failed') await new Promise((resolve) => setTimeout(resolve, 1));
    for (const [file, bytes] of packed()) files.set(file, bytes);
    await loader.load();
    expect(last().phase).toBe('failed');
    await first;
    expect(last()).toMatchObject({ phase: 'ready', train: 8 });
  });

  it('says how many more are missing', async () => {
    const files = packed();
    files.delete('train-0.bin');
    files.delete('train-1.bin');
    const { loader, last } = loading(files);
    await loader.load();
    expect(last().sentence).toMatch(/train-0\.bin.* \(1 more file is missing\.\)$/);
  });
});
