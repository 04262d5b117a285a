/**
 * The networks along the history: what is known of each that was on screen, the names that the
 * visitor gave them, and two of them side by side.
 */
import { batch } from '@preact/signals';
import { aside } from '../lessonState';
import {
  compared,
  type Figure,
  history,
  recipe,
  type StepFigures,
  stepNames,
  type Tiles,
  type Visit,
  visits,
} from '../state';
import { keyOf, networkKey, Recent } from './keys';
import type { LabDesk } from './lab';
import type { Task } from './lane';
import { same } from './recipes';
import type { NetworkFacts, Recipe } from './types';

/** Networks that have left the history and may come back: what was undone can be done again. */
const MOST_OTHERS = 40;
const LONGEST_NAME = 24;

interface Looks {
  /** What is known of a network's figures, without asking for more. */
  figures(facts: NetworkFacts, at: Recipe): StepFigures;
  /** Whether the old images that are here were crafted against its reference. */
  hasOld(facts: NetworkFacts): boolean;
  /** Measures its clean figure, and that on old images where they are its own. */
  score(at: Recipe, signal: AbortSignal): Promise<void>;
}

export class Visits {
  readonly #desk: LabDesk;
  readonly #looks: Looks;
  /** By `networkKey`, the one that was seen last at the end. */
  readonly #known = new Map<string, { recipe: Recipe; facts: NetworkFacts }>();
  readonly #tiles = new Recent<Tiles>(2);
  #measuredBy = '';

  constructor(desk: LabDesk, looks: Looks) {
    this.#desk = desk;
    this.#looks = looks;
  }

  /** A network is on screen, or was looked at to be compared. */
  seen(at: Recipe, facts: NetworkFacts): void {
    const key = networkKey(at);
    this.#known.delete(key);
    this.#known.set(key, { recipe: at, facts });
    this.#forget();
    this.#publish([key]);
  }

  #forget(): void {
    const lines = [history.peek(), aside.peek()?.history];
    const kept = new Set(lines.flatMap((line) => line?.entries.map(networkKey) ?? []));
    for (const key of compared.peek()?.keys ?? []) kept.add(key);
    const others = [...this.#known.keys()].filter((key) => !kept.has(key));
    const gone = new Set(others.slice(0, -MOST_OTHERS));
    if (gone.size === 0) return;
    for (const key of gone) this.#known.delete(key);
    visits.value = new Map([...visits.peek()].filter(([key]) => !gone.has(key)));
  }

  /** Calls a network by a name; without one it has its place in the history again. */
  rename(at: Recipe, name: string): void {
    const next = new Map(stepNames.peek());
    const trimmed = name.trim().slice(0, LONGEST_NAME);
    if (trimmed === '') next.delete(networkKey(at));
    else next.set(networkKey(at), trimmed);
    stepNames.value = next;
  }

  /** The name that a network was given, if it was given one. */
  nameOf(at: Recipe): string | undefined {
    return stepNames.peek().get(networkKey(at));
  }

  /** Puts two networks side by side. */
  compare(left: Recipe, right: Recipe): void {
    const keys: [string, string] = [networkKey(left), networkKey(right)];
    if (same(keys, compared.peek()?.keys)) return;
    compared.value = { keys, recipes: [left, right], tiles: [null, null], difference: null };
  }

  endComparison(): void {
    this.#desk.pinned.clear();
    compared.value = null;
  }

  /** The networks that are compared, with the measures of now. */
  *sides(): Generator<{ at: Recipe; facts: NetworkFacts | undefined }> {
    for (const side of compared.peek()?.recipes ?? []) {
      const at = measuredAsNow(side);
      yield { at, facts: this.#known.get(networkKey(at))?.facts };
    }
  }

  /** Looks at the networks that are compared, and at what tells them apart. */
  *tasks(): Generator<Task> {
    for (const { at, facts } of this.sides()) {
      const key = networkKey(at);
      const pinned = facts && this.#desk.pinned.has(facts.digest);
      if (!facts || !pinned || !this.#tiles.get(key)) {
        yield { key: `look ${key}`, run: (signal) => this.#look(at, signal) };
      }
      if (facts && this.#lacks(facts, at)) {
        const run = async (signal: AbortSignal) => {
          await this.#looks.score(at, signal);
          this.#publish([key]);
        };
        yield { key: `score of ${keyOf(at)} ${this.#looks.hasOld(facts)}`, run };
      }
    }
    const now = compared.peek();
    const [left, right] = [...this.sides()].map(({ facts }) => facts);
    if (!now || now.difference || !left || !right || !same(left.hidden, right.hidden)) return;
    const [first, second] = [left, right].map(({ digest }) => this.#desk.pinned.get(digest));
    if (!first || !second) return;
    const run = async () => {
      const difference = await this.#desk.client.call('compare', [first, second]);
      const still = compared.peek();
      if (still && same(still.keys, now.keys)) compared.value = { ...still, difference };
    };
    yield { key: `difference ${keyOf(now.keys)}`, run };
  }

  /** Tells what was measured since: of all when the measures are others, else of those in view. */
  publish(): void {
    const { attack, measure } = recipe.peek();
    const measured = keyOf({ attack, measure });
    const all = measured !== this.#measuredBy;
    this.#measuredBy = measured;
    const inView = [networkKey(recipe.peek()), ...(compared.peek()?.keys ?? [])];
    this.#publish(all ? [...visits.peek().keys(), ...inView] : inView);
  }

  #publish(keys: readonly string[]): void {
    const next = new Map<string, Visit>(visits.peek());
    let news = false;
    for (const key of new Set(keys)) {
      const known = this.#known.get(key);
      if (!known) continue;
      const figures = this.#looks.figures(known.facts, measuredAsNow(known.recipe));
      const before = next.get(key);
      if (before?.facts.digest === known.facts.digest && sameFigures(before.figures, figures)) {
        continue;
      }
      next.set(key, { facts: known.facts, figures });
      news = true;
    }
    if (news) visits.value = next;
  }

  #lacks(facts: NetworkFacts, at: Recipe): boolean {
    const { clean, transfer } = this.#looks.figures(facts, at);
    return !clean || (!transfer && this.#looks.hasOld(facts));
  }

  async #look(at: Recipe, signal: AbortSignal): Promise<void> {
    const { facts, bytes, layers } = await this.#desk.look(at, signal);
    const key = networkKey(at);
    this.#tiles.set(key, layers);
    batch(() => {
      this.seen(at, facts);
      const now = compared.peek();
      if (!now?.keys.includes(key)) return;
      this.#desk.pinned.set(facts.digest, bytes);
      const [left, right] = now.keys.map((side) => this.#tiles.get(side) ?? null);
      compared.value = { ...now, tiles: [left ?? null, right ?? null] };
    });
    this.#unpin();
  }

  /** Forgets the bytes of networks that are compared no more. */
  #unpin(): void {
    const wanted = new Set([...this.sides()].map(({ facts }) => facts?.digest));
    for (const digest of this.#desk.pinned.keys()) {
      if (!wanted.has(digest)) this.#desk.pinned.delete(digest);
    }
  }
}

function measuredAsNow(at: Recipe): Recipe {
  const { attack, measure, distortion } = recipe.peek();
  return { ...at, attack, measure, distortion };
}

function sameFigures(a: StepFigures, b: StepFigures): boolean {
  const names = ['clean', 'transfer', 'adaptive', 'certified'] as const;
  const count = (figure: Figure | null) => figure && [figure.correct, figure.total, figure.of];
  return names.every((name) => same(count(a[name]), count(b[name])));
}
