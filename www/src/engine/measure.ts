/**
 * Everything that is read off the network on screen: figures, distortion, images. Measures never
 * change a network. What the lab's worker does comes as tasks, what the pool does as streams.
 */
import { batch } from '@preact/signals';
import {
  data,
  distortion,
  type Figure,
  figures,
  gallery,
  network,
  preview,
  recipe,
  type StepFigures,
} from '../state';
import { isSlow } from './attacks';
import { Chosen, saying } from './chosen';
import { Curve } from './curve';
import { Effective } from './effective';
import { Checks } from './evidence';
import { adaptiveKey, attackKey, distortionKey, keyOf, measureAttack, Recent } from './keys';
import type { LabDesk } from './lab';
import { Labels } from './labels';
import { Laboratory } from './laboratory';
import type { Task } from './lane';
import { Matrices } from './matrices';
import { baseOf, referenceOf } from './recipes';
import { Security } from './security';
import type { Want } from './streams';
import { figureOf, Tally } from './tally';
import type { AttackSettings, DistortionResult, NetworkFacts, Recipe, Scores } from './types';
import { Visits } from './visits';

/** In the pool: what is compared comes after the figures, and before what nobody asked for. */
const ASKED = 1.4;

/** As many test images as the gallery shows. */
export const GALLERY = 24;

export class Measures {
  readonly curve: Curve;
  readonly security: Security;
  readonly checks: Checks;
  readonly matrices: Matrices;
  readonly laboratory: Laboratory;
  readonly visits: Visits;
  readonly #labels: Labels;
  readonly chosen: Chosen;
  readonly #effective: Effective;
  readonly #desk: LabDesk;
  readonly #tallies = new Recent<Tally>(300);
  readonly #scores = new Recent<Scores>(100);
  readonly #distortions = new Recent<DistortionResult>(20);
  /** Images crafted against the reference network, as far as the Lab has them. */
  #old: { key: string; tally: Tally } | null = null;
  /** What `gallery` shows. */
  #galleryKey = '';

  constructor(desk: LabDesk) {
    this.#desk = desk;
    const tally = this.#attacked.bind(this);
    this.#labels = new Labels(desk);
    this.chosen = new Chosen(desk);
    this.#effective = new Effective(desk);
    this.curve = new Curve(desk, (digest, at, images) => this.tally(digest, at, images));
    this.security = new Security(desk);
    this.checks = new Checks(desk, this.#labels, tally);
    this.matrices = new Matrices(desk, this.#labels, tally);
    this.laboratory = new Laboratory(desk, (digest) => this.matrices.bytesOf(digest));
    this.visits = new Visits(desk, {
      figures: (facts, at) => this.#known(facts, at),
      hasOld: ({ referenceDigest }) =>
        this.oldComplete() && network.peek()?.referenceDigest === referenceDigest,
      score: (at, signal) => this.#scoreOf(at, signal),
    });
  }

  /** A new Lab has none of the old images. */
  labLost(): void {
    this.#old = null;
  }

  /** The count of a network under the measuring attack, as far as it has come. */
  tally(digest: string, at: Recipe, images: number): { key: string; tally: Tally } {
    return this.#attacked(digest, measureAttack(at), at.network.seed, images);
  }

  /** The count of a network under any attack on its first images. */
  #attacked(
    digest: string,
    attack: AttackSettings,
    seed: number,
    images: number,
  ): { key: string; tally: Tally } {
    const key = attackKey(digest, attack, seed, images);
    const known = this.#tallies.get(key);
    const tally = known ?? new Tally(images);
    if (!known) this.#tallies.set(key, tally);
    return { key, tally };
  }

  /** What the lab's worker should do, most important first. */
  *tasks(): Generator<Task> {
    const facts = network.peek();
    if (!facts) return;
    const at = recipe.peek();
    yield* this.chosen.tasks(facts, at);
    yield* this.#effective.tasks(facts, at);
    yield* this.visits.tasks();
    if (!this.#clean(facts.digest, at)) yield this.#scoring(at, facts);
    // Where the attack takes long, everything that does not hang on it comes first.
    const late = isSlow(at.attack.method);
    if (!late) yield* this.#lookingTasks(facts, at);
    if (this.oldComplete() && !this.#transfer(facts.digest, facts, at)) {
      yield this.#scoring(at, facts);
    }
    yield* this.distortionTasks();
    if (!this.#clean(facts.referenceDigest, at))
      yield this.#scoring(at, facts, referenceOf(at).steps.length);
    // What was opened was asked for; the rest comes by itself.
    yield* this.laboratory.tasks(facts, at);
    yield* this.#labels.tasks(at.measure.images);
    yield* this.checks.tasks(facts, at);
    yield* this.matrices.tasks(at);
    if (late) yield* this.#lookingTasks(facts, at);
    yield* this.curve.tasks(this.#mainDone(facts, at));
  }

  /** The way of the attack on the chosen image, and the attack on those of the gallery. */
  *#lookingTasks(facts: NetworkFacts, at: Recipe): Generator<Task> {
    yield* this.chosen.trajectoryTasks(facts, at);
    const key = keyOf([facts.digest, at.attack, at.network.seed]);
    const { test, testTotal } = data.peek();
    if (key !== this.#galleryKey && test >= Math.min(GALLERY, testTotal)) {
      yield { key: `gallery ${key}`, run: (signal) => this.#gallery(key, at, signal) };
    }
  }

  /** Distortion of the network before the newest cuts. */
  *distortionTasks(): Generator<Task> {
    const at = recipe.peek();
    const base = baseOf(at);
    const key = distortionKey(base, at.distortion);
    const known = this.#distortions.get(key);
    if (known) {
      if (distortion.peek() !== known) distortion.value = known;
      return;
    }
    const run = async (signal: AbortSignal) => {
      const result = await this.#desk.distortion(at, base.steps.length, signal);
      this.#distortions.set(key, result);
    };
    yield { key, run };
  }

  /** What the pool should do. `held`: the slider rests on a preview whose bytes are known. */
  *wants(held: Scores | null): Generator<Want> {
    const facts = network.peek();
    if (!facts) return;
    const at = recipe.peek();
    const { images } = at.measure;
    yield this.#crafting(facts, at);
    const shown = held?.digest ?? facts.digest;
    yield this.#adaptive(shown, at, images, 0);
    yield this.#adaptive(facts.referenceDigest, at, images, 1);
    yield* this.security.figures([shown, facts.referenceDigest], at);
    for (const side of this.visits.sides()) {
      if (!side.facts) continue;
      const { digest } = side.facts;
      yield this.#adaptive(digest, side.at, images, ASKED);
      yield* this.security.figures([digest], side.at);
    }
    yield* this.matrices.wants(facts, at);
    yield* this.checks.wants(facts, at);
    yield* this.security.curves(facts.digest, at);
    for (const { digest, bytes, images: few, amount } of this.curve.wanted()) {
      // From left to right, after the figures.
      yield { ...this.#adaptive(digest, at, few, 2 + amount / 100), network: { digest, bytes } };
    }
  }

  publish(): void {
    const facts = network.peek();
    if (!facts) return;
    const at = recipe.peek();
    const { images } = at.measure;
    const shown = preview.peek()?.digest ?? facts.digest;
    const clean = this.#clean(facts.digest, at)?.clean;
    const reference = facts.referenceDigest;
    const before: (typeof figures.value)['before'] = {};
    const cleanBefore = this.#clean(reference, at)?.clean;
    if (cleanBefore) before.clean = cleanBefore.correct / cleanBefore.total;
    const transferBefore = this.#oldTally(facts, at).figure();
    if (transferBefore.done) before.transfer = shareOf(transferBefore);
    const adaptiveBefore = this.tally(reference, at, images).tally.figure();
    if (adaptiveBefore.done) before.adaptive = shareOf(adaptiveBefore);
    const provenBefore = this.security.certified(reference, at)?.figure(0);
    if (provenBefore?.done) before.certified = shareOf(provenBefore);
    const next = {
      clean: clean ? figureOf(clean) : null,
      transfer: this.#transferFigure(facts, at),
      adaptive: this.tally(shown, at, images).tally.figure(),
      certified: this.security.certified(shown, at)?.figure(0) ?? null,
      before,
    };
    batch(() => {
      if (keyOf(next) !== keyOf(figures.peek())) figures.value = next;
      this.curve.publish();
      this.security.publish();
      this.checks.publish();
      this.matrices.publish();
      this.laboratory.publish();
      this.visits.publish();
    });
  }

  /** What is known of any network's figures, without asking for more. */
  #known(facts: NetworkFacts, at: Recipe): StepFigures {
    const { images } = at.measure;
    const { digest } = facts;
    const clean = this.#clean(digest, at)?.clean;
    const transfer = this.#transfer(digest, facts, at)?.transfer;
    const key = adaptiveKey(digest, at, images);
    const some = (counting: { total: number } | undefined) => (counting?.total ?? 0) > 0;
    const [adaptive, certified] = [this.#tallies.get(key), this.security.known(digest, at)];
    return {
      clean: clean ? figureOf(clean) : null,
      transfer: transfer ? figureOf(transfer) : null,
      adaptive: (some(adaptive) && adaptive?.figure()) || null,
      certified: (some(certified) && certified?.figure(0)) || null,
    };
  }

  /** Scores another network of the history; on old images where they are of its own reference. */
  async #scoreOf(at: Recipe, signal: AbortSignal): Promise<void> {
    const scores = await this.#desk.score(at, {}, signal);
    const now = network.peek();
    const { images } = at.measure;
    this.#scores.set(keyOf(['clean', scores.digest, images]), scores);
    const facts = await this.#desk.hold(at, signal);
    if (scores.transfer && this.oldComplete() && now?.oldKey === facts.oldKey) {
      this.#scores.set(transferKey(facts, at), scores);
    }
  }

  /** Nothing is on screen any more. */
  clear(): void {
    batch(() => {
      figures.value = {
        clean: null,
        transfer: null,
        adaptive: null,
        certified: null,
        before: {},
      };
      this.#effective.clear();
      distortion.value = null;
      gallery.value = [];
      this.chosen.clear();
      this.curve.clear();
      this.security.clear();
      this.checks.clear();
      this.matrices.clear();
      this.laboratory.clear();
    });
    this.#galleryKey = '';
  }

  /** The network on screen was replaced by one of another shape or training. */
  baseChanged(): void {
    this.#effective.clear();
    distortion.value = null;
  }

  #transferFigure(facts: NetworkFacts, at: Recipe): Figure | null {
    const scored = this.#transfer(facts.digest, facts, at)?.transfer;
    if (scored) return figureOf(scored);
    const crafted = this.#oldTally(facts, at).figure();
    // Against the reference itself, the crafted images are the measurement.
    if (facts.digest === facts.referenceDigest) return { ...crafted, done: false };
    return { correct: 0, total: 0, of: at.measure.images, low: 0, high: 1, done: false };
  }

  #mainDone(facts: NetworkFacts, at: Recipe): boolean {
    const { images } = at.measure;
    const transfer = this.#transfer(facts.digest, facts, at);
    return transfer !== undefined && this.tally(facts.digest, at, images).tally.done;
  }

  #clean(digest: string, at: Recipe): Scores | undefined {
    return this.#scores.get(keyOf(['clean', digest, at.measure.images]));
  }

  #transfer(digest: string, { referenceDigest }: NetworkFacts, at: Recipe): Scores | undefined {
    return this.#scores.get(transferKey({ digest, referenceDigest }, at));
  }

  #scoring(at: Recipe, facts: NetworkFacts, base = at.steps.length): Task {
    const { oldKey, referenceDigest } = facts;
    const complete = this.#old?.key === oldKey && this.#old.tally.done;
    const run = async (signal: AbortSignal) => {
      const scores = await this.#desk.score(at, { base }, signal);
      const { images } = at.measure;
      this.#scores.set(keyOf(['clean', scores.digest, images]), scores);
      if (complete && scores.transfer) {
        this.#scores.set(transferKey({ digest: scores.digest, referenceDigest }, at), scores);
      }
    };
    return { key: `score ${complete} ${base} ${keyOf(at)}`, run };
  }

  async #gallery(key: string, at: Recipe, signal: AbortSignal): Promise<void> {
    await this.#desk.hold(at, signal);
    const { attack, network: settings } = at;
    const { seed } = settings;
    const to = Math.min(GALLERY, data.peek().test);
    const job = { job: 'gallery', settings: attack, seed, from: 0, to } as const;
    const { items } = await saying('gallery', this.#desk.run(job, signal));
    if (!network.peek()) return;
    this.#galleryKey = key;
    gallery.value = items;
  }

  #oldTally({ oldKey }: NetworkFacts, at: Recipe): Tally {
    if (this.#old?.key !== oldKey || this.#old.tally.of !== at.measure.images) {
      this.#old = { key: oldKey, tally: new Tally(at.measure.images) };
    }
    return this.#old.tally;
  }

  /** Whether the Lab has all images crafted against the present reference network. */
  oldComplete(): boolean {
    const facts = network.peek();
    return facts !== null && this.#oldTally(facts, recipe.peek()).done;
  }

  #crafting(facts: NetworkFacts, at: Recipe): Want {
    const { oldKey, referenceDigest } = facts;
    const tally = this.#oldTally(facts, at);
    return {
      key: keyOf(['craft', oldKey, tally.of]),
      rank: 0,
      job: {
        job: 'attack',
        settings: measureAttack(at),
        seed: at.network.seed,
        purpose: 'craft',
      },
      network: { digest: referenceDigest, bytes: this.#desk.bytesOf(referenceDigest) },
      tally,
      keep: async (block, result, images) => {
        if (result.job !== 'attack' || !images || this.#old?.tally !== tally) return;
        this.checks.crafted(oldKey, at, block, images);
        const handOver = images.buffer instanceof ArrayBuffer ? [images.buffer] : [];
        await this.#desk.client.call('setOldImages', [oldKey, block.from, images], handOver);
        tally.add(block, result);
      },
    };
  }

  #adaptive(digest: string, at: Recipe, images: number, rank: number): Want {
    const { key, tally } = this.tally(digest, at, images);
    return {
      key,
      rank,
      job: {
        job: 'attack',
        settings: measureAttack(at),
        seed: at.network.seed,
        purpose: 'evaluate',
      },
      network: { digest, bytes: this.#desk.bytesOf(digest) },
      tally,
      keep: async (block, result) => {
        if (result.job === 'attack') tally.add(block, result);
      },
    };
  }
}

/** Names a network's figure on the images crafted against its reference. */
function transferKey(
  { digest, referenceDigest }: Pick<NetworkFacts, 'digest' | 'referenceDigest'>,
  at: Recipe,
): string {
  const { network: settings, measure } = at;
  const { images } = measure;
  return keyOf(['transfer', digest, referenceDigest, measureAttack(at), settings.seed, images]);
}

function shareOf({ correct, total }: Figure): number {
  return total === 0 ? 0 : correct / total;
}
