/**
 * What the amount slider or the brush would do, scored while it is held. Requests never queue:
 * while one is scored the next waits, and a newer one takes its place.
 */
import { controls, network, preview, recipe } from '../state';
import { settled } from './frame';
import { keyOf } from './keys';
import type { Cut, LabDesk } from './lab';
import type { Task } from './lane';
import { canPreview, fitting, oneShot } from './meaning';
import { changedOver, pruneBaseOf } from './recipes';
import type { Recipe, Scores } from './types';

type Request =
  | { kind: 'prune'; amount: number }
  | { kind: 'units'; units: readonly (readonly number[])[] };

/** A slider that rests so long is worth attacking anew. */
const HELD_MS = 150;

export class Preview {
  readonly #desk: LabDesk;
  readonly #oldComplete: () => boolean;
  readonly #changed: () => void;
  readonly #rest: () => void;
  #wanted: Request | null = null;
  /** The request that `preview` answers. */
  #answered: Request | null = null;
  #held = false;
  /** The network it was asked for was replaced: what is shown stays until that one is there. */
  #ending = false;

  /** `oldComplete`: whether the Lab's old images are those of the present settings. */
  constructor(desk: LabDesk, oldComplete: () => boolean, changed: () => void) {
    this.#desk = desk;
    this.#oldComplete = oldComplete;
    this.#changed = changed;
    this.#rest = settled(() => {
      this.#held = true;
      this.#changed();
    }, HELD_MS);
  }

  ask(request: Request): void {
    if (request.kind === 'prune' && !canPreview(controls.peek().prune)) return;
    this.#wanted = request;
    this.#ending = false;
    this.#held = false;
    this.#rest();
    this.#changed();
  }

  end(): void {
    this.#wanted = null;
    this.#answered = null;
    this.#held = false;
    if (preview.peek()) preview.value = null;
  }

  /** Its network is being made: nothing more to score, but its figures stay till it is there. */
  commit(): void {
    this.#wanted = null;
    this.#ending = true;
  }

  /** Another network is on screen. */
  committed(): void {
    if (this.#ending || this.#wanted === null) this.end();
    // Still held: what it would do to the new network is another question.
    else this.#answered = null;
    this.#ending = false;
  }

  labLost(): void {
    this.#answered = null;
  }

  /** The slider or brush is being moved. */
  get moving(): boolean {
    return this.#wanted !== null && !this.#held;
  }

  /** What is previewed, once the slider rests: worth an adaptive figure. */
  get held(): Scores | null {
    return this.#held && this.#wanted === this.#answered ? preview.peek() : null;
  }

  /** The distortions that the tiles show are also what this preview ranks units by. */
  get needsDistortion(): boolean {
    if (this.#wanted?.kind !== 'prune' || this.#wanted === this.#answered) return false;
    const { by, method, eps, steps, images } = controls.peek().prune;
    const settings = { method, eps, steps, images };
    return by === 'distortion' && keyOf(settings) === keyOf(recipe.peek().distortion);
  }

  *tasks(): Generator<Task> {
    const request = this.#wanted;
    if (!network.peek() || request === null) return;
    if (request !== this.#answered) {
      const run = (signal: AbortSignal) => this.#score(request, signal);
      yield { key: `preview ${request.kind}`, repeats: true, run };
    }
    const held = this.held;
    // Only then: while the slider moves, reading a network would keep the next score waiting.
    if (held && !this.#desk.bytesOf(held.digest)) {
      yield { key: `candidate ${held.digest}`, run: () => this.#read(held.digest) };
    }
  }

  async #read(digest: string): Promise<void> {
    // Something else was scored in between: once more.
    if (!(await this.#desk.candidate(digest))) this.#answered = null;
  }

  async #score(request: Request, signal: AbortSignal): Promise<void> {
    const at = recipe.peek();
    const scores = await this.#desk.score(at, this.#cutOf(request, at), signal);
    if (this.#wanted === null) return;
    const { transfer: _, ...withoutOld } = scores;
    preview.value = this.#oldComplete() ? scores : withoutOld;
    this.#answered = request;
  }

  #cutOf(request: Request, at: Recipe): Cut {
    if (request.kind === 'prune') {
      const settings = { ...controls.peek().prune, amount: request.amount };
      const prune = fitting(oneShot(settings), at.network.hidden);
      return { prune, base: pruneBaseOf(at).steps.length };
    }
    const mask = network.peek()?.pruned ?? [];
    return { units: mask.map((row, layer) => changedOver(row, request.units[layer] ?? [], true)) };
  }
}
