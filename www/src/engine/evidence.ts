/**
 * Evidence for or against the re-attacked figure. A network can hide its gradients from an attack
 * and look robust; Carlini et al. (2019, section 3) and Athalye et al. (2018, section 3.1) list
 * what gives that away. It is gathered in the background, on the first images, and judged by the
 * core (`checks`).
 */
import { checks, network, type Rival, recipe } from '../state';
import { keyOf, measureAttack, Recent } from './keys';
import type { LabDesk } from './lab';
import type { Labels } from './labels';
import type { Task } from './lane';
import type { Block } from './pool';
import { plainGrey, usual, works } from './sizes';
import type { Want } from './streams';
import { type FindTally, Sums, type Tally } from './tally';
import type { AttackSettings, Check, Evidence, NetworkFacts, Recipe } from './types';

/** A whole block of the pool, whatever its size. */
const IMAGES = 512;
const PIXELS = 784;
/** Queries of the black-box attack: enough to shame an attack whose gradients are useless. */
const QUERIES = 300;
const MOST_STEPS = 1000;
/** In the pool: behind the curve that is looked at. */
const RANK = 3;

type Tried = 'oneStep' | 'iterative' | 'moreSteps' | 'strongest' | 'blackBox' | 'large' | 'noise';

/** Those that could contradict the figure. */
const RIVALS: readonly Tried[] = ['oneStep', 'iterative', 'moreSteps', 'strongest', 'blackBox'];
/** The standard normal's 99 % quantile, and the point by which attacks of equal strength differ. */
const Z = 2.326;
const MARGIN = 0.01;

export class Checks {
  readonly #desk: LabDesk;
  readonly #labels: Labels;
  readonly #tally: FindTally;
  readonly #gradients = new Recent<Sums>(50);
  readonly #found = new Recent<Check[]>(50);
  /** What a network reads in the old images. */
  readonly #read = new Recent<Uint8Array>(50);
  /** The first of the old images, as they were crafted. */
  #old: { key: string; images: Float32Array; blocks: Set<number> } | null = null;

  constructor(desk: LabDesk, labels: Labels, tally: FindTally) {
    this.#desk = desk;
    this.#labels = labels;
    this.#tally = tally;
  }

  /** Takes what was crafted against the network before its first cut. */
  crafted(oldKey: string, at: Recipe, block: Block, images: Float32Array): void {
    const wanted = imagesOf(at);
    if (block.to > wanted) return;
    if (this.#old?.key !== oldKey || this.#old.images.length !== wanted * PIXELS) {
      this.#old = { key: oldKey, images: new Float32Array(wanted * PIXELS), blocks: new Set() };
    }
    this.#old.images.set(images, block.from * PIXELS);
    for (let image = block.from; image < block.to; image += 1) this.#old.blocks.add(image);
  }

  *wants(facts: NetworkFacts, at: Recipe): Generator<Want> {
    const { digest } = facts;
    const loaded = { digest, bytes: this.#desk.bytesOf(digest) };
    const { seed } = at.network;
    const images = imagesOf(at);
    const sums = this.#gradientSums(digest, images);
    yield {
      key: keyOf({ gradients: digest, images }),
      rank: RANK,
      job: { job: 'gradients' },
      network: loaded,
      tally: sums,
      keep: async (block, result) => {
        if (result.job === 'gradients') {
          sums.add(block, [result.correct, result.zero, result.vanishing]);
        }
      },
    };
    for (const settings of Object.values(attacksOf(at))) {
      // What the main figure is measured with anyway is read off there.
      if (keyOf(settings) === keyOf(measureAttack(at))) continue;
      const { key, tally } = this.#tally(digest, settings, seed, images);
      yield {
        key,
        rank: RANK,
        job: { job: 'attack', settings, seed, purpose: 'evaluate' },
        network: loaded,
        tally,
        keep: async (block, result) => {
          if (result.job === 'attack') tally.add(block, result);
        },
      };
    }
  }

  *tasks(facts: NetworkFacts, at: Recipe): Generator<Task> {
    const { digest, referenceDigest, oldKey } = facts;
    const images = imagesOf(at);
    const labels = this.#labels.first(images);
    const bytes = this.#desk.bytesOf(digest);
    const old = this.#old?.key === oldKey && this.#old.blocks.size === images ? this.#old : null;
    const readKey = keyOf([digest, oldKey, images]);
    if (old && labels && bytes && digest !== referenceDigest && !this.#knows(readKey)) {
      const run = async () => {
        this.#read.set(readKey, await this.#desk.client.call('readImages', [bytes, old.images]));
      };
      yield { key: `old images ${readKey}`, run };
    }
    const evidence = this.#evidence(facts, at);
    const key = keyOf(evidence);
    if (evidence && !this.#found.get(key)) {
      const run = async () => {
        this.#found.set(key, await this.#desk.client.call('checks', [evidence]));
      };
      yield { key: `checks ${key}`, run };
    }
  }

  publish(): void {
    const facts = network.peek();
    if (!facts) return;
    const evidence = this.#evidence(facts, recipe.peek());
    // Until the core has looked at the newest evidence, what it said of the last one stands.
    const shown = checks.peek();
    const found = evidence && this.#found.get(keyOf(evidence));
    if (evidence && !found && belongTogether(shown.evidence, evidence)) return;
    const rival = this.#rival(facts, recipe.peek());
    const next = { evidence: found ? evidence : null, found: found ?? null, rival };
    if (keyOf(next) !== keyOf(shown)) checks.value = next;
  }

  clear(): void {
    checks.value = { evidence: null, found: null, rival: null };
    this.#old = null;
  }

  #knows(readKey: string): boolean {
    return this.#read.get(readKey) !== undefined;
  }

  /** What is known of the network; null before there is anything to compare. */
  #evidence({ digest, oldKey }: NetworkFacts, at: Recipe): Evidence | null {
    const images = imagesOf(at);
    const { seed } = at.network;
    const measured = measureAttack(at);
    const main = this.#tally(digest, measured, seed, at.measure.images).tally;
    const adaptive = main.first(images);
    const gradients = this.#gradientSums(digest, images);
    if (adaptive === undefined || !gradients.done) return null;
    const [correct, zero, vanishing] = [gradients.at(0), gradients.at(1), gradients.at(2)];
    const { norm } = at.attack;
    const evidence: Evidence = {
      eps: at.measure.eps,
      norm,
      images,
      clean: correct,
      adaptive,
      gradients: { correct, zero, vanishing },
    };
    const tried = attacksOf(at);
    const tallyOf = (name: Tried): Tally | undefined => {
      const settings = tried[name];
      if (!settings) return undefined;
      if (keyOf(settings) === keyOf(measured)) return main;
      const { tally } = this.#tally(digest, settings, seed, images);
      return tally.done ? tally : undefined;
    };
    const only: NonNullable<Evidence['only']> = {};
    const { eps } = measured;
    // Images that the rival broke and the attack did not: pairs tell more than counts.
    const alone = (broken: (image: number) => boolean, attack: Tally) =>
      countOf(images, (image) => broken(image) && attack.withstood(image, eps));
    const iterative = tallyOf('iterative');
    const rivals = [
      ['oneStep', iterative],
      ['moreSteps', iterative],
      ['blackBox', iterative],
      ['noise', main],
    ] as const;
    for (const [name, attack] of rivals) {
      const rival = tallyOf(name);
      const count = rival?.first(images);
      if (!rival || count === undefined) continue;
      evidence[name] = count;
      if (attack) only[name] = alone((image) => !rival.withstood(image, eps), attack);
    }
    const followed = iterative?.first(images);
    if (followed !== undefined) {
      evidence.iterative = followed;
      // The ensemble may hold a black-box attack; PGD reads gradients and nothing else.
      evidence.whiteBox = followed;
    }
    const large = tallyOf('large')?.first(images);
    if (large !== undefined) evidence.large = { eps: plainGrey(norm), correct: large };
    const read = this.#read.get(keyOf([digest, oldKey, images]));
    const labels = this.#labels.first(images);
    if (read && labels) {
      evidence.transfer = countRight(read, labels);
      only.transfer = alone((image) => read[image] !== labels[image], main);
    }
    return { ...evidence, only };
  }

  /**
   * The strongest of the other attacks, once all were tried. A figure that any of them contradicts
   * is too high, whatever the gradients are like; the difference is taken image by image (McNemar
   * 1947), one-sided at 1 %, and has to exceed a point.
   */
  #rival({ digest }: NetworkFacts, at: Recipe): Rival | null {
    const images = imagesOf(at);
    const measured = measureAttack(at);
    const { seed } = at.network;
    const main = this.#tally(digest, measured, seed, at.measure.images).tally;
    if (main.first(images) === undefined) return null;
    const tried = attacksOf(at);
    let best: Rival | null = null;
    for (const name of RIVALS) {
      const attack = tried[name];
      if (!attack || keyOf(attack) === keyOf(measured)) continue;
      const { tally } = this.#tally(digest, attack, seed, images);
      const correct = tally.first(images);
      if (correct === undefined) return null;
      const { eps } = measured;
      const stands = (image: number, whose: Tally) => whose.withstood(image, eps);
      const more = countOf(images, (image) => stands(image, main) && !stands(image, tally));
      const less = countOf(images, (image) => !stands(image, main) && stands(image, tally));
      const beats = more - less - Z * Math.sqrt(more + less) > MARGIN * images;
      if (!best || correct < best.correct) best = { attack, correct, beats };
    }
    return best;
  }

  #gradientSums(digest: string, images: number): Sums {
    const key = keyOf([digest, images]);
    const known = this.#gradients.get(key) ?? new Sums(images);
    this.#gradients.set(key, known);
    return known;
  }
}

/** The attacks whose outcomes are compared, as far as the norm knows them. */
export function attacksOf(at: Recipe): Partial<Record<Tried, AttackSettings>> {
  const measured = measureAttack(at);
  const { norm, eps } = measured;
  const isPgd = measured.method === 'pgd' && measured.target === -1;
  const iterative = isPgd ? measured : usual('pgd', norm, eps);
  const { steps } = iterative;
  const all: Partial<Record<Tried, AttackSettings>> = {
    oneStep: usual('fgsm', norm, eps),
    strongest: usual('apgd-t', norm, eps),
    iterative,
    moreSteps: { ...iterative, steps: Math.min(MOST_STEPS, 10 * steps) },
    blackBox: { ...usual('square', norm, eps), steps: QUERIES },
    // The step of a small attack would not reach so far.
    large: { ...iterative, eps: plainGrey(norm), step: 0 },
    noise: usual('noise', norm, eps),
  };
  const possible = Object.entries(all).filter(([, { method }]) => works(method, norm));
  return Object.fromEntries(possible);
}

/** How many of the predictions agree with the labels. */
export function countRight(read: ArrayLike<number>, labels: ArrayLike<number>): number {
  let right = 0;
  for (let image = 0; image < labels.length; image += 1) {
    if (read[image] === labels[image]) right += 1;
  }
  return right;
}

function countOf(images: number, holds: (image: number) => boolean): number {
  let count = 0;
  for (let image = 0; image < images; image += 1) if (holds(image)) count += 1;
  return count;
}

/** Whether `later` is `earlier` with more of it measured. */
function belongTogether(earlier: Evidence | null, later: Evidence): boolean {
  if (!earlier) return false;
  const known = Object.entries(earlier) as [keyof Evidence, unknown][];
  const counts = known.filter(([name]) => name !== 'only');
  return counts.every(([name, value]) => keyOf(later[name]) === keyOf(value));
}

function imagesOf(at: Recipe): number {
  return Math.min(IMAGES, at.measure.images);
}
