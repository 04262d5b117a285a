/**
 * The image that the visitor looks at, under attack: a test image or the visitor's drawing. Attacks
 * never queue: while one drawing is attacked the next waits, and a newer one takes its place.
 */
import { batch } from '@preact/signals';
import { isEmpty } from '../drawing/normalise';
import {
  type By,
  data,
  drawn,
  frame,
  image,
  imageIndex,
  network,
  penDown,
  slow,
  subject,
  trajectory,
} from '../state';
import { keyOf } from './keys';
import type { LabDesk } from './lab';
import type { Task } from './lane';
import type { ImageAttack, NetworkFacts, Recipe, Trajectory } from './types';

/** So long may an attack on a drawing go on that is no longer the newest. */
const PATIENCE_MS = 400;

/** What takes longer than this is told; for less it would only flicker. */
const LONG_MS = 300;

type Subject =
  | { kind: 'test'; key: string; index: number }
  | { kind: 'drawing'; key: string; pixels: Uint8Array };

export class Chosen {
  readonly #desk: LabDesk;
  /** What `image` and `trajectory` show. */
  #imageKey = '';
  #trajectoryKey = '';
  /** The drawing seen last, and how many there were: a name shorter than its pixels. */
  #drawn: Uint8Array | null = null;
  #drawings = 0;

  constructor(desk: LabDesk) {
    this.#desk = desk;
  }

  *tasks(facts: NetworkFacts, at: Recipe): Generator<Task> {
    const chosen = this.#subject(facts, at);
    if (!chosen) return;
    if (chosen.key === this.#imageKey) return;
    const run = (signal: AbortSignal) => this.#attack(chosen, at, signal);
    yield { key: `image ${chosen.key}`, run };
  }

  /** The way of the attack, for whoever wants to look closer; not while the pen moves. */
  *trajectoryTasks(facts: NetworkFacts, at: Recipe): Generator<Task> {
    const chosen = this.#subject(facts, at);
    if (!chosen || chosen.key === this.#trajectoryKey || penDown.peek()) return;
    const run = (signal: AbortSignal) => this.#follow(chosen, at, signal);
    yield { key: `trajectory ${chosen.key}`, run };
  }

  /** No network is on screen any more. */
  clear(): void {
    this.#imageKey = '';
    this.#trajectoryKey = '';
    this.#show(null, null);
  }

  #subject({ digest }: NetworkFacts, { attack, network: settings }: Recipe): Subject | null {
    const base = [digest, attack, settings.seed];
    if (subject.peek() === 'test') {
      const index = imageIndex.peek();
      if (index >= data.peek().test) return null;
      return { kind: 'test', key: keyOf([...base, index]), index };
    }
    const pixels = drawn.peek();
    if (isEmpty(pixels)) {
      // Nothing is there to be attacked, and nothing else may stand in its place.
      if (image.peek() || trajectory.peek()) this.clear();
      return null;
    }
    if (pixels !== this.#drawn) {
      this.#drawn = pixels;
      this.#drawings += 1;
    }
    return { kind: 'drawing', key: keyOf([...base, 'drawing', this.#drawings]), pixels };
  }

  async #attack(chosen: Subject, at: Recipe, signal: AbortSignal): Promise<void> {
    await this.#desk.hold(at, signal);
    const job = { job: 'image', ...attackOf(chosen, at) } as const;
    // A drawing goes on changing: to give up for every change would be never to show any.
    const patient = chosen.kind === 'drawing' ? delayed(signal, PATIENCE_MS) : signal;
    const { job: _, ...found } = await saying('image', this.#desk.run(job, patient));
    if (!this.#wanted(chosen)) return;
    this.#imageKey = chosen.key;
    // While the pen moves, what is known of the drawing before is better than nothing.
    this.#show({ ...found, by: at.attack }, trajectory.peek());
  }

  async #follow(chosen: Subject, at: Recipe, signal: AbortSignal): Promise<void> {
    await this.#desk.hold(at, signal);
    const job = { job: 'trajectory', ...attackOf(chosen, at) } as const;
    const { job: _, ...found } = await this.#desk.run(job, signal);
    if (!this.#wanted(chosen)) return;
    this.#trajectoryKey = chosen.key;
    trajectory.value = { ...found, by: at.attack };
  }

  /** The network may have been undone, or something else chosen, while the Lab was at it. */
  #wanted({ kind }: Subject): boolean {
    return network.peek() !== null && subject.peek() === kind;
  }

  #show(attacked: By<ImageAttack> | null, way: By<Trajectory> | null): void {
    batch(() => {
      image.value = attacked;
      trajectory.value = way && attacked?.index === way.index ? way : null;
      frame.value = null;
    });
  }
}

/** The attack on the chosen image, as a job takes it. */
function attackOf(chosen: Subject, { attack, network: { seed } }: Recipe) {
  const on = chosen.kind === 'test' ? { index: chosen.index } : { drawing: [...chosen.pixels] };
  return { settings: attack, seed, ...on };
}

/** Says so on the page when work takes long. */
export async function saying<T>(what: keyof typeof slow.value, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {
    slow.value = { ...slow.peek(), [what]: true };
  }, LONG_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    if (slow.peek()[what]) slow.value = { ...slow.peek(), [what]: false };
  }
}

/** Aborts as `signal` does, but not sooner than after so long. */
function delayed(signal: AbortSignal, afterMs: number): AbortSignal {
  const abort = new AbortController();
  setTimeout(() => {
    if (signal.aborted) abort.abort();
    else signal.addEventListener('abort', () => abort.abort(), { once: true });
  }, afterMs);
  return abort.signal;
}
