/** Tables of ten by ten digits, and of kept network by kept network. */
import {
  confusion,
  type Figure,
  type Kept,
  kept,
  medianNorm,
  network,
  recipe,
  targets,
  transfers,
} from '../state';
import { methodOf } from './attacks';
import { countRight } from './evidence';
import { attackKey, keyOf, measureAttack, Recent } from './keys';
import type { LabDesk } from './lab';
import type { Labels } from './labels';
import type { Task } from './lane';
import { usual } from './sizes';
import type { Want } from './streams';
import { type FindTally, figureFrom, Sums, type Tally, UNKNOWN } from './tally';
import type { AttackSettings, NetworkFacts, Recipe } from './types';

/** Ten attacks on each of these. */
const TARGET_IMAGES = 500;
/** Crafted on every kept network, and held in memory for all others. */
const TRANSFER_IMAGES = 512;
const PIXELS = 784;
export const MOST_KEPT = 6;
/** In the pool: what was asked for goes before what nobody asked for. */
const ASKED = 1.9;

interface Crafted {
  tally: Sums;
  images: Float32Array;
}

export class Matrices {
  readonly #desk: LabDesk;
  readonly #labels: Labels;
  readonly #tally: FindTally;
  /** Targeted attacks that the visitor asked for. */
  readonly #asked = new Recent<true>(20);
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #recipes = new Map<string, Recipe>();
  readonly #crafted = new Recent<Crafted>(MOST_KEPT);
  readonly #read = new Recent<number>(4 * MOST_KEPT * MOST_KEPT);
  #confusionKey = '';

  constructor(desk: LabDesk, labels: Labels, tally: FindTally) {
    this.#desk = desk;
    this.#labels = labels;
    this.#tally = tally;
  }

  /** Starts the attacks from each digit to each other one, on the network on screen. */
  aim(): void {
    const facts = network.peek();
    if (facts) this.#asked.set(aimedKey(facts.digest, recipe.peek()), true);
  }

  /** Puts the network on screen aside; returns a sentence where that is not possible. */
  keep(name?: string): string | null {
    const facts = network.peek();
    const bytes = facts && this.#desk.bytesOf(facts.digest);
    if (!facts || !bytes) return 'There is no network to be kept yet: train one first.';
    const all = kept.peek();
    const same = all.find(({ digest }) => digest === facts.digest);
    if (same) return `This very network is kept already, as ${same.name}.`;
    if (all.length >= MOST_KEPT) {
      return `At most ${MOST_KEPT} networks are kept: remove one first.`;
    }
    this.#bytes.set(facts.digest, bytes);
    this.#recipes.set(facts.digest, recipe.peek());
    const { digest, hidden, sparsity } = facts;
    kept.value = [...all, { digest, name: name ?? freeName(all), hidden, sparsity }];
    return null;
  }

  /** The bytes of a kept network. */
  bytesOf(digest: string): Uint8Array | undefined {
    return this.#bytes.get(digest);
  }

  /** The recipe that led to a kept network. */
  recipeOf(digest: string): Recipe | undefined {
    return this.#recipes.get(digest);
  }

  rename(digest: string, name: string): void {
    const trimmed = name.trim().slice(0, 24);
    if (trimmed === '') return;
    kept.value = kept
      .peek()
      .map((each) => (each.digest === digest ? { ...each, name: trimmed } : each));
  }

  remove(digest: string): void {
    this.#bytes.delete(digest);
    this.#recipes.delete(digest);
    kept.value = kept.peek().filter((each) => each.digest !== digest);
  }

  *wants(facts: NetworkFacts, at: Recipe): Generator<Want> {
    if (this.#asked.get(aimedKey(facts.digest, at))) {
      for (const { settings, key, tally } of this.#aimed(facts.digest, at)) {
        yield {
          key,
          rank: ASKED,
          job: { job: 'attack', settings, seed: at.network.seed, purpose: 'evaluate' },
          network: { digest: facts.digest, bytes: this.#desk.bytesOf(facts.digest) },
          tally,
          keep: async (block, result) => {
            if (result.job === 'attack') tally.add(block, result);
          },
        };
      }
    }
    // One network alone has nobody to pass its images on to.
    if (kept.peek().length < 2) return;
    for (const { digest } of kept.peek()) {
      const { key, crafted } = this.#craftedOn(digest, at);
      yield {
        key,
        rank: ASKED,
        job: {
          job: 'attack',
          settings: measureAttack(at),
          seed: at.network.seed,
          purpose: 'craft',
        },
        network: { digest, bytes: this.#bytes.get(digest) },
        tally: crafted.tally,
        keep: async (block, result, images) => {
          if (result.job !== 'attack' || !images) return;
          crafted.images.set(images, block.from * PIXELS);
          crafted.tally.add(block, [result.correct]);
        },
      };
    }
  }

  /** Lets the lab's worker read every network's images with every other network. */
  *tasks(at: Recipe): Generator<Task> {
    if (kept.peek().length < 2) return;
    const labels = this.#labels.first(transferImages(at));
    if (!labels) return;
    for (const source of kept.peek()) {
      const { crafted } = this.#craftedOn(source.digest, at);
      if (!crafted.tally.done) continue;
      for (const reader of kept.peek()) {
        const key = readKey(source.digest, reader.digest, at);
        const bytes = this.#bytes.get(reader.digest);
        if (this.#read.get(key) !== undefined || !bytes) continue;
        const run = async () => {
          const read = await this.#desk.client.call('readImages', [bytes, crafted.images]);
          this.#read.set(key, countRight(read, labels));
        };
        yield { key: `transfer ${key}`, run };
      }
    }
  }

  publish(): void {
    const facts = network.peek();
    if (!facts) return;
    const at = recipe.peek();
    this.#publishReadings(facts.digest, at);
    this.#publishAimed(facts.digest, at);
    const names = kept.peek();
    const images = transferImages(at);
    const cells = names.map((source) =>
      names.map((reader): Figure | null => {
        const right = this.#read.get(readKey(source.digest, reader.digest, at));
        return right === undefined ? null : figureFrom(right, images);
      }),
    );
    const next = { attack: measureAttack(at), images, cells };
    if (keyOf(next) !== keyOf(transfers.peek())) transfers.value = next;
  }

  clear(): void {
    confusion.value = null;
    medianNorm.value = null;
    targets.value = { ...targets.peek(), phase: 'none', fraction: 0, reached: [], of: [] };
    this.#confusionKey = '';
  }

  /** What the main figure's attack was read as, and how far it had to go. */
  #publishReadings(digest: string, at: Recipe): void {
    const { images, eps } = at.measure;
    const settings = measureAttack(at);
    const { key, tally } = this.#tally(digest, settings, at.network.seed, images);
    const labels = this.#labels.first(images);
    // Ten thousand images are counted again only when there are more of them.
    const now = keyOf([key, tally.total, labels !== null]);
    if (now === this.#confusionKey) return;
    this.#confusionKey = now;
    const counts = labels ? tabled(tally, labels, eps) : [];
    confusion.value = labels ? { counts, total: tally.total, of: images } : null;
    medianNorm.value =
      methodOf(settings.method).minimal && tally.total > 0
        ? medianOf(tally.norms, tally.read)
        : null;
  }

  #publishAimed(digest: string, at: Recipe): void {
    const asked = this.#asked.get(aimedKey(digest, at)) === true;
    const images = targetImages(at);
    const labels = this.#labels.first(images);
    const aimed = this.#aimed(digest, at);
    const counted = aimed.reduce((sum, { tally }) => sum + tally.total, 0);
    const done = asked && aimed.every(({ tally }) => tally.done);
    const { reached, of } = arrivals(
      aimed.map(({ tally }) => tally),
      asked && labels ? labels : new Uint8Array(0),
    );
    const next = {
      phase: asked ? (done ? 'done' : 'running') : 'none',
      attack: targetedAttack(at),
      images,
      fraction: counted / Math.max(1, images * aimed.length),
      reached,
      of,
    } as const;
    if (keyOf(next) !== keyOf(targets.peek())) targets.value = next;
  }

  #aimed(digest: string, at: Recipe) {
    return Array.from({ length: 10 }, (_, target) => {
      const settings = { ...targetedAttack(at), target };
      const found = this.#tally(digest, settings, at.network.seed, targetImages(at));
      return { settings, ...found };
    });
  }

  #craftedOn(digest: string, at: Recipe): { key: string; crafted: Crafted } {
    const images = transferImages(at);
    const key = `craft ${attackKey(digest, measureAttack(at), at.network.seed, images)}`;
    const known = this.#crafted.get(key);
    if (known) return { key, crafted: known };
    const crafted = { tally: new Sums(images), images: new Float32Array(images * PIXELS) };
    this.#crafted.set(key, crafted);
    return { key, crafted };
  }
}

/** Label × what is read; an image whose perturbation is larger than asked for withstood. */
export function tabled(
  tally: Pick<Tally, 'read' | 'withstood'>,
  labels: Uint8Array,
  eps: number,
): number[][] {
  const counts = Array.from({ length: 10 }, () => Array<number>(10).fill(0));
  for (let image = 0; image < labels.length; image += 1) {
    const [label = 0, read = UNKNOWN] = [labels[image], tally.read[image]];
    const row = counts[label];
    if (read === UNKNOWN || !row) continue;
    const shown = tally.withstood(image, eps) ? label : read;
    row[shown] = (row[shown] ?? 0) + 1;
  }
  return counts;
}

/** By digit shown and digit aimed at: images that got there, and images read right before. */
export function arrivals(
  aimed: readonly Pick<Tally, 'read' | 'norms'>[],
  labels: Uint8Array,
): { reached: number[][]; of: number[][] } {
  const table = () => Array.from({ length: 10 }, () => Array<number>(10).fill(0));
  const [reached, of] = [table(), table()];
  aimed.forEach(({ read, norms }, target) => {
    for (let image = 0; image < labels.length; image += 1) {
      const label = labels[image] ?? 0;
      const [hits, all] = [reached[label], of[label]];
      // An image that is misread anyway (its norm is 0) is not attacked.
      if (read[image] === UNKNOWN || norms[image] === 0 || label === target || !hits || !all) {
        continue;
      }
      all[target] = (all[target] ?? 0) + 1;
      if (read[image] === target) hits[target] = (hits[target] ?? 0) + 1;
    }
  });
  return { reached, of };
}

/** The middle norm of the images that were read right; null where there are none. */
export function medianOf(
  norms: Float32Array,
  read: Uint8Array,
): { value: number; images: number } | null {
  const found = norms.filter((norm, image) => norm > 0 && read[image] !== UNKNOWN).sort();
  if (found.length === 0) return null;
  const middle = found.length >> 1;
  const [upper = 0, lower = 0] = [found[middle], found[middle - 1]];
  const value = found.length % 2 === 1 ? upper : (upper + lower) / 2;
  return { value, images: found.length };
}

/** The measured attack, if it can be aimed at all. */
function targetedAttack(at: Recipe): AttackSettings {
  const measured = measureAttack(at);
  const { method, norm, eps } = measured;
  const { targets: aims, minimal } = methodOf(method);
  return aims && !minimal ? measured : usual('pgd', norm, eps);
}

function aimedKey(digest: string, at: Recipe): string {
  const attack = { ...targetedAttack(at), target: -1 };
  return attackKey(digest, attack, at.network.seed, targetImages(at));
}

function readKey(source: string, reader: string, at: Recipe): string {
  return keyOf([attackKey(source, measureAttack(at), at.network.seed, transferImages(at)), reader]);
}

const targetImages = (at: Recipe) => Math.min(TARGET_IMAGES, at.measure.images);
const transferImages = (at: Recipe) => Math.min(TRANSFER_IMAGES, at.measure.images);

/** The first of A, B, C, … that no kept network has. */
function freeName(all: readonly Kept[]): string {
  const letters = Array.from({ length: MOST_KEPT + 1 }, (_, at) => String.fromCharCode(65 + at));
  return letters.find((letter) => !all.some(({ name }) => name === letter)) ?? 'A';
}
