/** The curve of accuracy against the share that is pruned, measured in the background. */
import { type CurvePoint, controls, curve, network, recipe } from '../state';
import { Cancelled } from './client';
import { curveKey, keyOf, Recent } from './keys';
import type { LabDesk } from './lab';
import type { Task } from './lane';
import { canPreview, fitting, oneShot } from './meaning';
import { baseOf } from './recipes';
import { figureOf, type Tally } from './tally';
import type { PruneSettings, Recipe, Scores } from './types';

/** Percent pruned at each point. */
export const AMOUNTS = Array.from({ length: 20 }, (_, i) => i * 5);
/** An adaptive figure at every point costs much; this many images show the course. */
const ADAPTIVE_IMAGES = 1000;

interface Point {
  amount: number;
  scores: Scores;
  /** Kept until the pool has seen it. */
  bytes: Uint8Array | null;
}

type Points = Map<number, Point | 'refused'>;
type FindTally = (digest: string, at: Recipe, images: number) => { key: string; tally: Tally };

export class Curve {
  readonly #desk: LabDesk;
  readonly #tally: FindTally;
  readonly #known = new Recent<Points>(8);
  #began = '';

  constructor(desk: LabDesk, tally: FindTally) {
    this.#desk = desk;
    this.#tally = tally;
  }

  /** The next point to score, once the main figures are done. */
  *tasks(mainDone: boolean): Generator<Task> {
    const { key, at, base, prune } = this.#now();
    if ((!mainDone && this.#began !== key) || !canPreview(prune)) return;
    // Once begun it goes on, whatever is cut meanwhile; its tasks come last anyway.
    this.#began = key;
    const points = this.#pointsOf(key);
    const amount = AMOUNTS.find((each) => !points.has(each));
    if (amount === undefined) return;
    const cut = { prune: { ...prune, amount }, base: base.steps.length };
    const run = (signal: AbortSignal) => this.#score(points, at, cut, signal);
    yield { key: `point ${amount} ${key}`, run };
  }

  /** Networks whose adaptive figure is still to be measured. */
  *wanted(): Generator<{ digest: string; bytes: Uint8Array; images: number; amount: number }> {
    const { key, base } = this.#now();
    const images = imagesOf(base);
    for (const point of this.#known.get(key)?.values() ?? []) {
      if (point === 'refused' || !point.bytes) continue;
      const { digest } = point.scores;
      if (this.#tally(digest, base, images).tally.done) point.bytes = null;
      else yield { digest, bytes: point.bytes, images, amount: point.amount };
    }
  }

  publish(): void {
    if (!network.peek()) return;
    const { key, base, prune } = this.#now();
    const known = this.#known.get(key);
    const images = imagesOf(base);
    const points: CurvePoint[] = [];
    for (const point of known?.values() ?? []) {
      if (point === 'refused') continue;
      const { clean, transfer, digest } = point.scores;
      const adaptive = this.#tally(digest, base, images).tally.figure();
      points.push({
        amount: point.amount,
        clean: figureOf(clean),
        transfer: transfer ? figureOf(transfer) : null,
        adaptive: adaptive.total > 0 ? adaptive : null,
      });
    }
    points.sort((a, b) => a.amount - b.amount);
    const scored = known?.size === AMOUNTS.length;
    const done = scored && points.every((point) => point.adaptive?.done);
    const phase = done ? 'done' : known ? 'running' : 'none';
    const next = { phase, what: prune.what, points } as const;
    if (keyOf(next) !== keyOf(curve.peek())) curve.value = next;
  }

  clear(): void {
    curve.value = { phase: 'none', what: controls.peek().prune.what, points: [] };
  }

  async #score(
    points: Points,
    at: Recipe,
    cut: { prune: PruneSettings; base: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { amount } = cut.prune;
    try {
      const scores = await this.#desk.score(at, cut, signal);
      points.set(amount, { amount, scores, bytes: await this.#desk.candidate(scores.digest) });
    } catch (error) {
      // Some amounts would empty a layer: such a point has no figures, and the curve goes on.
      if (signal.aborted || error instanceof Cancelled || this.#desk.client.lost) throw error;
      points.set(amount, 'refused');
    }
  }

  #now(): { key: string; at: Recipe; base: Recipe; prune: PruneSettings } {
    const at = recipe.peek();
    const base = baseOf(at);
    const prune = fitting(oneShot(controls.peek().prune), at.network.hidden);
    return { key: curveKey(base, prune), at, base, prune };
  }

  #pointsOf(key: string): Points {
    const known = this.#known.get(key) ?? new Map();
    this.#known.set(key, known);
    return known;
  }
}

function imagesOf(base: Recipe): number {
  return Math.min(ADAPTIVE_IMAGES, base.measure.images);
}
