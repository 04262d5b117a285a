/**
 * The laboratory below the lab: what is to be seen of a network beside its accuracies. It takes
 * seconds, so nothing is measured before somebody opens the exhibit.
 */
import { batch } from '@preact/signals';
import {
  type Before,
  data,
  filtersBefore,
  type Kept,
  kept,
  laboratory,
  network,
  recipe,
  type StudyName,
} from '../state';
import { keyOf, networkKey, Recent } from './keys';
import type { LabDesk } from './lab';
import type { Task } from './lane';
import type {
  MixtureResult,
  NetworkFacts,
  PixelsResult,
  Progress,
  Recipe,
  SimilarityResult,
} from './types';

type Results = { similarity: SimilarityResult; mixture: MixtureResult; pixels: PixelsResult };

/** What is remembered of each exhibit: enough for undo and redo. */
const MOST_KNOWN = 6;
const NAMES: readonly StudyName[] = ['similarity', 'mixture', 'pixels'];

export class Laboratory {
  readonly #desk: LabDesk;
  readonly #keptBytes: (digest: string) => Uint8Array | undefined;
  readonly #found: { [N in StudyName]: Recent<Results[N]> } = {
    similarity: new Recent(MOST_KNOWN),
    mixture: new Recent(MOST_KNOWN),
    pixels: new Recent(MOST_KNOWN),
  };
  /** Networks along the recipe, as bytes. */
  readonly #before = new Recent<Uint8Array>(MOST_KNOWN);

  constructor(desk: LabDesk, keptBytes: (digest: string) => Uint8Array | undefined) {
    this.#desk = desk;
    this.#keptBytes = keptBytes;
  }

  /** Shows an exhibit, or puts it away. */
  open(name: StudyName, open: boolean): void {
    const study = laboratory[name];
    study.value = { ...study.peek(), open } as never;
    this.publish();
  }

  /** Chooses what filters are compared with. */
  compareWith(before: Before): void {
    filtersBefore.value = before;
    this.publish();
  }

  *tasks(facts: NetworkFacts, at: Recipe): Generator<Task> {
    for (const name of NAMES) {
      if (!laboratory[name].peek().open) continue;
      const key = this.#key(name, facts, at);
      if (this.#found[name].get(key)) continue;
      yield { key, run: (signal) => this.#measure(name, key, at, signal) };
    }
  }

  publish(): void {
    const facts = network.peek();
    if (!facts) return;
    const at = recipe.peek();
    batch(() => {
      for (const name of NAMES) this.#publish(name, facts, at);
    });
  }

  clear(): void {
    batch(() => {
      for (const name of NAMES) {
        const study = laboratory[name];
        study.value = { ...study.peek(), phase: 'none', fraction: 0, found: null } as never;
      }
    });
  }

  #publish<N extends StudyName>(name: N, facts: NetworkFacts, at: Recipe): void {
    const study = laboratory[name];
    const now = study.peek();
    const known = this.#found[name].get(this.#key(name, facts, at));
    // What was found before stays in sight until there is something newer.
    const found = known ?? now.found;
    const phase = known ? 'done' : now.open ? 'running' : 'none';
    const fraction = phase === 'running' && now.phase === 'running' ? now.fraction : 0;
    if (found === now.found && phase === now.phase && fraction === now.fraction) return;
    study.value = { ...now, phase, fraction, found } as never;
  }

  #key(name: StudyName, { digest }: NetworkFacts, at: Recipe): string {
    const { distortion, network: settings } = at;
    if (name === 'similarity') return keyOf([name, digest, distortion, settings.seed]);
    const images = data.peek().trainTotal;
    if (name === 'pixels') return keyOf([name, digest, distortion, settings.seed, images]);
    return keyOf([name, digest, beforeKey(beforeNow(), at), images]);
  }

  async #measure(name: StudyName, key: string, at: Recipe, signal: AbortSignal): Promise<void> {
    const watch = ({ fraction }: Progress) => {
      const study = laboratory[name];
      if (study.peek().phase !== 'running') return;
      study.value = { ...study.peek(), fraction } as never;
    };
    const settings = at.distortion;
    const images = data.peek().trainTotal;
    if (name === 'mixture') {
      const bytes = await this.#beforeBytes(at, signal);
      await this.#desk.hold(at, signal);
      await this.#desk.client.call('loadBefore', [bytes]);
      const { job: _, ...found } = await this.#desk.run({ job: name, images }, signal, watch);
      this.#found[name].set(key, found);
      return;
    }
    await this.#desk.hold(at, signal);
    if (name === 'similarity') {
      const { job: _, ...found } = await this.#desk.run({ job: name, settings }, signal, watch);
      this.#found[name].set(key, found);
    } else {
      const job = { job: name, settings, images } as const;
      const { job: _, ...found } = await this.#desk.run(job, signal, watch);
      this.#found[name].set(key, found);
    }
  }

  /** The bytes of the network that filters are compared with. */
  async #beforeBytes(at: Recipe, signal: AbortSignal): Promise<Uint8Array> {
    const before = beforeNow();
    const keptOne = before.kind === 'kept' && this.#keptBytes(before.digest);
    if (keptOne) return keptOne;
    const there = alongTo(at, before.kind === 'steps' ? before.steps : 0);
    const known = this.#before.get(networkKey(there));
    if (known) return known;
    await this.#desk.hold(there, signal);
    const bytes = await this.#desk.client.call('networkBytes', []);
    this.#before.set(networkKey(there), bytes);
    return bytes;
  }
}

const alongTo = (at: Recipe, steps: number): Recipe => ({ ...at, steps: at.steps.slice(0, steps) });

function beforeKey(before: Before, at: Recipe): string {
  return before.kind === 'kept' ? before.digest : networkKey(alongTo(at, before.steps));
}

/** What filters are compared with: what was chosen, while it is there to be chosen. */
export function beforeNow(): Before {
  const chosen = filtersBefore.peek();
  const facts = network.peek();
  const at = recipe.peek();
  const usual: Before = { kind: 'steps', steps: usualBefore(at) };
  if (!chosen || !facts) return usual;
  const all = befores(at, kept.peek(), facts.hidden);
  return all.find((each) => keyOf(each) === keyOf(chosen)) ?? usual;
}

/** The end of the first training, or before it where nothing came after. */
export function usualBefore({ steps }: Recipe): number {
  const first = scratch(steps);
  return first + 1 < steps.length ? first + 1 : Math.max(0, first);
}

/** All that filters can be compared with: networks along the recipe, kept ones of as many units. */
export function befores(
  { steps }: Recipe,
  all: readonly Kept[],
  hidden: readonly number[],
): Before[] {
  const first = scratch(steps);
  const along = [0];
  for (let step = Math.max(1, first + 1); step < steps.length; step += 1) along.push(step);
  return [
    ...along.map((step): Before => ({ kind: 'steps', steps: step })),
    ...all
      .filter((each) => each.hidden[0] === hidden[0])
      .map(({ digest }): Before => ({ kind: 'kept', digest })),
  ];
}

/** Index of the last training from fresh weights: what came before it left nothing. */
function scratch(steps: Recipe['steps']): number {
  return steps.findLastIndex(
    (step) => step.step === 'file' || (step.step === 'train' && step.from === 'scratch'),
  );
}
