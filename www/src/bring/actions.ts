/** What can be done with a file that a visitor brings: it is looked at first, then used. */
import { batch } from '@preact/signals';
import { engineRunning, useImages } from '../actions';
import { selectDrawing } from '../drawing/actions';
import { digitOf, greysOf, usualChoices } from '../drawing/picture';
import { Core } from '../engine/core';
import { notify } from '../engine/notices';
import { withFile } from '../engine/recipes';
import type { NetworkFile } from '../engine/types';
import limits from '../generated/limits.json';
import { controls, drawing, engine, picture } from '../state';
import { LOOKED_AT, type Sniffed, sniffed } from './sniff';
import { bringOpen, type Item, item, lacking } from './state';

const MIB = 1 << 20;
/** Of pictures: their files, their pixels, and the side to which they are made smaller. */
const LONGEST_PICTURE = 20 * MIB;
const MOST_PIXELS = 40e6;
const PICTURE_SIDE = 512;
const MOST_FILES = 8;

/** Files that are read meanwhile are of no interest any more. */
let turn = 0;

/** Finds out what files are, reads them, and shows what was read. */
export async function bringFiles(files: readonly File[]): Promise<void> {
  const [first] = files;
  if (!first) return;
  turn += 1;
  const mine = turn;
  const show = (next: Item) => {
    if (mine === turn) item.value = next;
  };
  bringOpen.value = true;
  show({ kind: 'reading', name: first.name });
  try {
    show(await read(files));
  } catch (error) {
    show({ kind: 'problem', sentence: error instanceof Error ? error.message : String(error) });
  }
  const found = item.peek();
  // What a link waits for needs no second question.
  if (mine === turn && found?.kind === 'network') await offer(found);
  if (mine === turn && found?.kind === 'images' && wanted('images') === found.files.digest) use();
}

async function read(files: readonly File[]): Promise<Item> {
  if (files.length > MOST_FILES) {
    throw new Error(`These are ${files.length} files, but at most ${MOST_FILES} are read at once.`);
  }
  const kinds: Sniffed[] = [];
  for (const file of files) {
    const start = new Uint8Array(await file.slice(0, LOOKED_AT).arrayBuffer());
    kinds.push(sniffed(start, file.name));
  }
  const [file, kind] = [files[0] as File, kinds[0] as Sniffed];
  const mixed = kinds.some((other) => other.kind !== kind.kind);
  if (mixed) throw new Error('These files are of different kinds: bring one kind at a time.');
  if (kind.kind === 'images') return readImages(files);
  if (files.length > 1) throw new Error('Bring one such file at a time.');
  switch (kind.kind) {
    case 'network':
      return readNetwork(file);
    case 'picture':
      return readPicture(file, kind);
    case 'recipe':
      return readRecipe(file);
    default:
      throw new Error(
        `${file.name} is nothing that can be used here: bring weights (.safetensors, .npz), images in IDX files, a picture (PNG, JPEG, WebP, GIF), or a recipe (.json).`,
      );
  }
}

async function bytesOf(file: File, longest = limits.fileBytes): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > longest) {
    throw new Error(
      `${file.name} is ${Math.ceil(file.size / MIB)} MiB long, but at most ${longest / MIB} MiB are read.`,
    );
  }
  return new Uint8Array(await file.arrayBuffer());
}

function core() {
  const running = engineRunning();
  if (!running) throw new Error('The engine does not run, so nothing can be read yet.');
  return running;
}

async function readNetwork(file: File): Promise<Item> {
  const source = await bytesOf(file);
  const found = await core().readFile('readNetworkFile', [source, false, false]);
  return {
    kind: 'network',
    name: file.name,
    source,
    file: found,
    zerosPruned: false,
    normalised: false,
  };
}

async function readImages(files: readonly File[]): Promise<Item> {
  const all: Uint8Array[] = [];
  for (const file of files) all.push(await bytesOf(file));
  const names = files.map(({ name }) => name);
  return {
    kind: 'images',
    names,
    files: await core().readFile('readImageFiles', [names, all]),
  };
}

async function readPicture(file: File, { size }: Sniffed): Promise<Item> {
  if (file.size > LONGEST_PICTURE) await bytesOf(file, LONGEST_PICTURE);
  if (!size || size.width === 0 || size.height === 0) {
    throw new Error(`${file.name} does not say how large the picture is: it may be damaged.`);
  }
  const { width, height } = size;
  if (width * height > MOST_PIXELS) {
    throw new Error(
      `${file.name} is ${width} × ${height} pixels, but at most ${MOST_PIXELS / 1e6} million are decoded.`,
    );
  }
  const longest = Math.max(width, height);
  const smaller: ImageBitmapOptions =
    longest <= PICTURE_SIDE
      ? {}
      : width >= height
        ? { resizeWidth: PICTURE_SIDE, resizeQuality: 'high' }
        : { resizeHeight: PICTURE_SIDE, resizeQuality: 'high' };
  let bitmap: ImageBitmap;
  try {
    // The browser decodes it beside the page's own thread.
    bitmap = await createImageBitmap(file, smaller);
  } catch {
    throw new Error(`${file.name} cannot be decoded: it is damaged, or no picture after all.`);
  }
  const canvas = document.createElement('canvas');
  canvas.width = Math.min(bitmap.width, 2 * PICTURE_SIDE);
  canvas.height = Math.min(bitmap.height, 2 * PICTURE_SIDE);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser shows no pictures on a canvas.');
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const greys = greysOf(data, canvas.width, canvas.height);
  return {
    kind: 'picture',
    name: file.name,
    width: canvas.width,
    height: canvas.height,
    bytes: data as Uint8ClampedArray<ArrayBuffer>,
    ...usualChoices(greys),
  };
}

async function readRecipe(file: File): Promise<Item> {
  const text = new TextDecoder().decode(await bytesOf(file, limits.recipeBytes));
  const recipe = await new Core(core().session).ask('checkRecipe', [text]);
  return { kind: 'recipe', name: file.name, recipe };
}

/** Reads the network's file again, to be understood in another way. */
export async function understand(zerosPruned: boolean, normalised: boolean): Promise<void> {
  const before = item.peek();
  if (before?.kind !== 'network') return;
  item.value = { ...before, zerosPruned, normalised };
  turn += 1;
  const mine = turn;
  try {
    const file = await core().readFile('readNetworkFile', [before.source, zerosPruned, normalised]);
    if (mine === turn) item.value = { ...before, file, zerosPruned, normalised };
  } catch (error) {
    if (mine !== turn) return;
    item.value = { kind: 'problem', sentence: error instanceof Error ? error.message : `${error}` };
  }
}

/** The digest that a link waits for. */
function wanted(kind: 'network' | 'images'): string | null {
  const lack = lacking.peek();
  return lack?.kind === kind ? lack.digest : null;
}

/** Uses a file at once that a link waits for, however its sender understood it. */
async function offer(found: Extract<Item, { kind: 'network' }>): Promise<void> {
  const digest = wanted('network');
  if (digest === null) return;
  if (found.file.digest === digest) {
    use();
    return;
  }
  for (const [zerosPruned, normalised] of [
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    const args: [Uint8Array, boolean, boolean] = [found.source, zerosPruned, normalised];
    const file = await core().readFile('readNetworkFile', args);
    if (item.peek() !== found) return;
    if (file.digest !== digest) continue;
    item.value = { ...found, file, zerosPruned, normalised };
    use();
    return;
  }
}

/** Changes how a picture is taken. */
export function takePicture(choices: Partial<{ invert: boolean; whole: boolean }>): void {
  const before = item.peek();
  if (before?.kind === 'picture') item.value = { ...before, ...choices };
}

/** Puts what was brought into the lab. */
export function use(): void {
  const found = item.peek();
  switch (found?.kind) {
    case 'network':
      useNetwork(found.file);
      break;
    case 'images': {
      const lack = lacking.peek();
      useImages(found.files);
      void goOn(lack?.kind === 'images' && lack.digest === found.files.digest ? lack : null);
      break;
    }
    case 'picture':
      usePicture(found);
      break;
    case 'recipe':
      core().session.open({ recipe: found.recipe, view: { image: 0, finding: 'none' } }, false);
      break;
    default:
      return;
  }
  close();
}

function useNetwork(file: NetworkFile): void {
  const running = core();
  running.bring(file.digest, file.bytes);
  const lack = lacking.peek();
  if (lack?.kind === 'network' && lack.digest === file.digest) {
    running.session.open(lack.link, lack.fresh);
    return;
  }
  lacking.value = null;
  const { hidden, digest } = file;
  const now = controls.peek();
  controls.value = { ...now, network: { ...now.network, hidden } };
  running.session.propose(withFile(controls.peek(), digest, hidden), true);
}

/** Opens the link that waited for images, with the engine that has them. */
async function goOn(lack: typeof lacking.value): Promise<void> {
  lacking.value = null;
  if (!lack) return;
  await ready();
  engineRunning()?.session.open(lack.link, lack.fresh);
}

/** Resolves once the new engine takes calls. */
function ready(): Promise<void> {
  return new Promise((resolve) => {
    const stop = engine.subscribe(({ phase }) => {
      if (phase !== 'ready') return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

function usePicture({ bytes, width, height, invert, whole }: Extract<Item, { kind: 'picture' }>) {
  const pixels = digitOf(greysOf(bytes, width, height), { invert, whole });
  batch(() => {
    drawing.value = [];
    picture.value = pixels;
    selectDrawing();
  });
}

/** MNIST's images again; a link that asks for them goes on. */
export function backToMnist(): void {
  const lack = lacking.peek();
  useImages(null);
  notify('info', 'MNIST’s images are back; the lab begins anew.');
  void goOn(lack?.kind === 'mnist' ? lack : null);
}

/** Lets the link go whose file nobody has. */
export function letGo(): void {
  lacking.value = null;
}

export function close(): void {
  turn += 1;
  batch(() => {
    bringOpen.value = false;
    item.value = null;
  });
}
