/** What the page knows about the Lab in the first worker: the network it holds, and its bytes. */

import type { Tiles } from '../state';
import { Cancelled, type Client, type Running, WorkerLost } from './client';
import { keyOf, Recent } from './keys';
import type { Outcome } from './protocol';
import type {
  DistortionResult,
  Job,
  NetworkFacts,
  Progress,
  PruneSettings,
  Recipe,
  Scores,
} from './types';

type Watch = (progress: Progress) => void;
type Based = Extract<Job, { job: 'score' | 'distortion' }>;

export interface Cut {
  prune?: PruneSettings;
  units?: number[][];
  /** So many of the recipe's steps lie below the cut; without it, all. */
  base?: number;
}

export class LabDesk {
  /** Candidates by digest, for the pool, … */
  readonly #candidates = new Recent<Uint8Array>(12);
  /** … and the network held with its reference, which no number of candidates may push out. */
  #ours = new Map<string, Uint8Array>();
  /** Networks that are compared, for as long as they are. */
  readonly pinned = new Map<string, Uint8Array>();
  #client: Client | null = null;
  #held: { key: string; facts: NetworkFacts } | null = null;
  #lastScored = '';

  /** A new worker, which holds nothing yet. */
  attach(client: Client): void {
    this.#client = client;
    this.#held = null;
    this.#lastScored = '';
  }

  get client(): Client {
    if (!this.#client) throw new WorkerLost('No compute worker has been started.');
    return this.#client;
  }

  /** Brings the Lab to a recipe; at once, when it is there already. */
  async hold(recipe: Recipe, signal: AbortSignal, watch?: Watch): Promise<NetworkFacts> {
    const key = keyOf(recipe);
    if (this.#held?.key === key) return this.#held.facts;
    this.#held = null;
    const { job: _, ...facts } = await this.run({ job: 'replay', recipe }, signal, watch);
    this.#held = { key, facts };
    return facts;
  }

  async run<J extends Job>(job: J, signal: AbortSignal, watch?: Watch): Promise<Outcome<J>> {
    if (signal.aborted) throw new Cancelled();
    const running: Running<J> = this.client.job(job, watch);
    const stop = () => running.cancel();
    signal.addEventListener('abort', stop);
    try {
      return await running.outcome;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Scores the network of a recipe (after `base` of its steps), as it is or as it would be if cut. */
  async score(recipe: Recipe, cut: Cut, signal: AbortSignal): Promise<Scores> {
    const { job: _, ...scores } = await this.#based(recipe, { job: 'score', ...cut }, signal);
    this.#lastScored = scores.digest;
    return scores;
  }

  /** Distortion of the network after `base` of a recipe's steps. */
  async distortion(recipe: Recipe, base: number, signal: AbortSignal): Promise<DistortionResult> {
    const settings = recipe.distortion;
    const { job: _, ...result } = await this.#based(
      recipe,
      { job: 'distortion', settings, base },
      signal,
    );
    return result;
  }

  async #based<J extends Based>(recipe: Recipe, job: J, signal: AbortSignal): Promise<Outcome<J>> {
    await this.hold(recipe, signal);
    try {
      return await this.run(job, signal);
    } catch (error) {
      const { base } = job;
      const refused = !(error instanceof Cancelled || error instanceof WorkerLost);
      if (!refused || signal.aborted || base === undefined || base >= recipe.steps.length) {
        throw error;
      }
      // A Lab that came back from a checkpoint may not know the networks on the way there.
      await this.hold({ ...recipe, steps: recipe.steps.slice(0, base) }, signal);
      return await this.run(job, signal);
    }
  }

  /** The bytes of the network scored last, if that is the one asked for. */
  async candidate(digest: string): Promise<Uint8Array | null> {
    const known = this.bytesOf(digest);
    if (known) return known;
    if (this.#lastScored !== digest) return null;
    const bytes = await this.client.call('candidateBytes', []);
    this.#candidates.set(digest, bytes);
    return bytes;
  }

  /** A network's bytes, where they are known. */
  bytesOf(digest: string): Uint8Array | undefined {
    const { pinned } = this;
    return this.#ours.get(digest) ?? pinned.get(digest) ?? this.#candidates.get(digest);
  }

  /** Reads the bytes of the network held and of its reference, where they are not known yet. */
  async readNetworks({ digest, referenceDigest }: NetworkFacts): Promise<void> {
    const { client } = this;
    const own = this.bytesOf(digest) ?? (await client.call('networkBytes', []));
    const ours = new Map([[digest, own]]);
    if (!ours.has(referenceDigest)) {
      const known = this.bytesOf(referenceDigest);
      ours.set(referenceDigest, known ?? (await client.call('referenceBytes', [])));
    }
    // Those before may be wanted again, after an undo.
    for (const [old, bytes] of this.#ours) this.#candidates.set(old, bytes);
    this.#ours = ours;
  }

  /** Everything of another recipe's network; whoever comes next brings the Lab back. */
  async look(recipe: Recipe, signal: AbortSignal) {
    const facts = await this.hold(recipe, signal);
    const layers = await this.patterns(facts);
    const bytes = this.bytesOf(facts.digest) ?? (await this.client.call('networkBytes', []));
    return { facts, bytes, layers };
  }

  async patterns(facts: NetworkFacts): Promise<Tiles> {
    const layers = facts.hidden.map(async (units, layer) => {
      return { units, patterns: await this.client.call('patterns', [layer]) };
    });
    return Promise.all(layers);
  }

  /** The weights of every layer; those of the first are what its units look for. */
  async weights({ hidden }: NetworkFacts, layers: Tiles): Promise<Float32Array[]> {
    const deeper = hidden.map((_, layer) => this.client.call('weights', [layer + 1]));
    return [layers[0]?.patterns ?? new Float32Array(0), ...(await Promise.all(deeper))];
  }
}
