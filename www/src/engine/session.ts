/**
 * The visitor's session: what is on screen, what is under way, and what is to come of it. Every
 * change is a proposal of a whole recipe; once the Lab has replayed it, it is on screen and in
 * the history. Whatever else there is to do follows from `state.ts` (see `lane.ts`).
 */
import { batch, signal } from '@preact/signals';
import { fittingImages, lacking, lackOf } from '../bring/state';
import * as state from '../state';
import { Refused } from './client';
import { defaultControls, emptyRecipe } from './defaults';
import { oncePerFrame } from './frame';
import { type History, measuredBy, moved, movedTo, pushed } from './history';
import { keyOf, networkKey } from './keys';
import { LabDesk } from './lab';
import { Lane, type Task } from './lane';
import { Measures } from './measure';
import { notify } from './notices';
import type { Pool } from './pool';
import { Preview } from './preview';
import { TrainingWatch } from './progress';
import { baseOf, controlsOf, isCutting, prefixes, same } from './recipes';
import { Streams } from './streams';
import type { ImageFiles, NetworkFacts, Progress, Recipe } from './types';
import { effortOf, type Opened } from './work';

interface Proposal {
  recipe: Recipe;
  /** Takes so long that nothing may be built on it before it is done. */
  slow: boolean;
  link?: { digest: string | undefined; fresh: boolean };
}

export class Session {
  readonly desk = new LabDesk();
  readonly measures: Measures;
  readonly preview: Preview;
  /** What the page was opened with, if that was a link. */
  opened: Recipe | null = null;
  /** `settled`, for whoever waits for it. */
  readonly rests = signal(false);
  readonly #watch = new TrainingWatch();
  readonly #lane: Lane;
  readonly #streams: Streams;
  readonly #publishSoon: () => void;
  #proposals: Proposal[] = [];
  /** The recipe (measures and all) that the signals describe. */
  #shown = '';
  #wish: (() => void) | null = null;
  /** The replay that was paused last: it is paused again where another worker takes it over. */
  #paused: string | null = null;
  /** Something that was asked for has the processor to itself. */
  #aside = false;

  readonly #has: (digest: string) => boolean;
  readonly #images: ImageFiles | null;

  /**
   * `has`: whether the network from a file with this digest is here; `images`: the visitor's own,
   * in place of MNIST's.
   */
  constructor(
    pool: Pick<Pool, 'run'>,
    has: (digest: string) => boolean = () => false,
    images: ImageFiles | null = null,
  ) {
    this.#has = has;
    this.#images = images;
    this.measures = new Measures(this.desk);
    this.preview = new Preview(
      this.desk,
      () => this.measures.oldComplete(),
      () => this.changed(),
    );
    this.#lane = new Lane(
      () => this.#tasks(),
      (task, error) => this.#refused(task, error),
      () => this.changed(),
    );
    this.#publishSoon = oncePerFrame(() => {
      if (this.settled) this.measures.publish();
    });
    this.#streams = new Streams({
      pool,
      onBlock: () => this.#publishSoon(),
      onDone: () => this.changed(),
      onFailed: (sentence, retry) => notify('problem', sentence, retry),
    });
  }

  /** The recipe that everything proposed leads to. */
  get target(): Recipe {
    return this.#proposals.at(-1)?.recipe ?? state.recipe.peek();
  }

  /** Something slow is under way, on which nothing can be built yet. */
  get busy(): boolean {
    return this.#proposals.some((proposal) => proposal.slow);
  }

  /** Whether all signals describe the recipe in the history. */
  get settled(): boolean {
    return this.#proposals.length === 0 && this.#shown === keyOf(state.recipe.peek());
  }

  /** Does something as soon as everything shown is settled; the newest such wish counts. */
  whenSettled(wish: () => void): void {
    this.#wish = wish;
    this.changed();
  }

  /** Leaves the processor to others, or takes it again; what is measured goes on afterwards. */
  stepAside(aside: boolean): void {
    this.#aside = aside;
    this.changed();
  }

  /** To be called after every change: starts what is to be done, and stops what is not. */
  changed(): void {
    if (this.#proposals.length === 0 && state.recipe.peek().steps.length === 0) this.#showNothing();
    this.#recordKnown();
    const wish = this.settled ? this.#wish : null;
    if (wish) {
      this.#wish = null;
      wish();
    }
    this.#lane.wake();
    // Training and a moving slider have the processor to themselves; measuring goes on afterwards.
    if (this.busy || this.preview.moving || this.#aside) this.#streams.update([]);
    else if (this.settled) this.#streams.update(this.measures.wants(this.preview.held));
    this.#publishSoon();
    this.rests.value = this.settled;
  }

  propose(recipe: Recipe, slow: boolean): void {
    if (same(recipe, this.target)) return;
    // Whoever goes on without the file of a link has another network from here on.
    lacking.value = null;
    state.offered.value = null;
    this.#propose({ recipe, slow });
  }

  #propose(proposal: Proposal): void {
    // What is slow starts over from here; only quick steps line up behind each other.
    if (proposal.slow) this.#proposals = [];
    this.#proposals.push(proposal);
    this.#paused = null;
    this.#lane.forgive(replayKey(proposal.recipe));
    this.changed();
  }

  /**
   * Shows what a link says; `fresh` when the page was opened with it, `said` when the visitor asked
   * for its work, however long that takes.
   */
  open(link: Opened, fresh: boolean, said = false): void {
    const { recipe, view, digest } = link;
    const lacks = lackOf(recipe, this.#has, this.#images?.digest);
    lacking.value = lacks && { ...lacks, link, fresh };
    if (fresh) this.opened = recipe;
    // Nothing can be replayed before the file is here; it is asked for, and what is on screen stays.
    const effort = lacks || said || !link.work ? null : effortOf(link.work);
    state.offered.value = effort && { link, fresh, effort };
    if (lacks || effort) return;
    batch(() => {
      state.controls.value = controlsOf(recipe, defaultControls());
      state.imageIndex.value = view.image ?? 0;
      state.subject.value = 'test';
      state.verification.value = null;
      this.#setMeasures(recipe);
      if (recipe.steps.length === 0) {
        this.#proposals = [];
        state.history.value = { entries: [recipe], at: 0 };
        if (digest !== undefined) {
          notify('info', 'This link holds no training, so there is no network to reproduce.');
        }
        this.changed();
        return;
      }
      if (digest !== undefined) {
        state.verification.value = { phase: 'replaying', fraction: 0, sentence: 'Replaying.' };
      }
      this.#propose({ recipe, slow: true, link: { digest, fresh } });
    });
  }

  /** Another session takes over: nothing of this one stays on screen. */
  stop(): void {
    this.#proposals = [];
    this.#lane.close();
    this.#streams.update([]);
    this.preview.end();
    batch(() => {
      state.network.value = null;
      state.tiles.value = null;
      state.watched.value = null;
      state.verification.value = null;
      state.compared.value = null;
      state.visits.value = new Map();
      state.kept.value = [];
      this.measures.clear();
    });
  }

  /** Stops what is under way. */
  cancel(): void {
    this.#wish = null;
    if (this.#proposals.length === 0) return;
    this.#proposals = [];
    if (state.verification.peek()?.phase === 'replaying') state.verification.value = null;
    this.changed();
  }

  pause(paused: boolean): void {
    if (!this.busy) return;
    this.#paused = paused ? replayKey(this.target) : null;
    this.desk.client.pause(paused);
    this.#watch.pause(paused);
  }

  /** One entry back or forward; what is under way is given up first. */
  move(by: -1 | 1): void {
    if (this.busy) {
      this.cancel();
      return;
    }
    this.preview.end();
    if (this.#proposals.length > 0 && by < 0) this.#proposals.pop();
    else this.#turnTo(moved(state.history.peek(), by));
    state.verification.value = null;
    this.changed();
  }

  /** To any entry of the history; what is under way is given up, and later entries stay. */
  goTo(at: number): void {
    this.cancel();
    this.preview.end();
    this.#turnTo(movedTo(state.history.peek(), at));
    state.verification.value = null;
    this.changed();
  }

  #turnTo(history: History): void {
    state.history.value = history;
    const recipe = state.recipe.peek();
    if (recipe.steps.length > 0) {
      state.controls.value = controlsOf(recipe, state.controls.peek());
    }
    this.#lane.forgive(replayKey(recipe));
  }

  reset(): void {
    this.#proposals = [];
    this.preview.end();
    batch(() => {
      const fresh = fittingImages(defaultControls(), this.#images);
      state.controls.value = fresh;
      state.imageIndex.value = 0;
      state.subject.value = 'test';
      state.verification.value = null;
      const empty = emptyRecipe(fresh);
      this.#setMeasures(empty);
      if (!same(state.recipe.peek(), empty)) {
        state.history.value = pushed(state.history.peek(), empty);
      }
    });
    this.changed();
  }

  /** The controls of the attack, the measures or the distortion moved. */
  measuresChanged(): void {
    const { attack, measure, distortion } = state.controls.peek();
    this.#setMeasures({ attack, measure, distortion });
    this.changed();
  }

  #setMeasures({ attack, measure, distortion }: Pick<Recipe, 'attack' | 'measure' | 'distortion'>) {
    const measures = { attack, measure, distortion };
    state.history.value = measuredBy(state.history.peek(), measures);
    for (const proposal of this.#proposals) proposal.recipe = { ...proposal.recipe, ...measures };
  }

  /** The Lab's worker died. */
  labLost(): void {
    this.#lane.close();
    this.#streams.update([]);
    this.measures.labLost();
    this.preview.labLost();
    this.#shown = '';
    this.rests.value = false;
  }

  /** The Lab left a checkpoint, from which another one could go on. */
  progressed(): void {
    this.#lane.progressed();
  }

  /** A Lab is there, with whatever a checkpoint gave it. */
  labReady(): void {
    this.#lane.open();
    this.changed();
  }

  *#tasks(): Generator<Task> {
    const target = this.target;
    if (target.steps.length === 0) return;
    if (this.#shown !== keyOf(target)) {
      const run = (signal: AbortSignal) => this.#replay(target, signal);
      yield { key: replayKey(target), repeats: true, run };
    }
    if (this.#proposals.length > 0) return;
    if (this.preview.needsDistortion) yield* this.measures.distortionTasks();
    yield* this.preview.tasks();
    // Between two positions of a moving slider the Lab stays where the slider needs it.
    if (this.preview.moving) return;
    yield* this.measures.tasks();
  }

  /** The panel that what is under way was started from. */
  get #panel(): 'train' | 'prune' {
    const { recipe, slow, link } = this.#proposals.at(-1) ?? {};
    return slow && !link && isCutting(recipe?.steps.at(-1)) ? 'prune' : 'train';
  }

  async #replay(recipe: Recipe, signal: AbortSignal): Promise<void> {
    const count = this.#proposals.length;
    this.#watch.begin(recipe, this.#panel);
    let paused = this.#paused === replayKey(recipe);
    const onProgress = (progress: Progress) => {
      this.#watch.progress(progress);
      // Only now there is something to show of it.
      if (paused) this.pause(true);
      paused = false;
    };
    try {
      const facts = await this.desk.hold(recipe, signal, onProgress);
      await this.desk.readNetworks(facts);
      const layers = await this.desk.patterns(facts);
      const weights = await this.desk.weights(facts, layers);
      // Undone or cancelled just before it was done.
      if (signal.aborted) return;
      const shown = { digest: facts.digest, layers, weights };
      this.#show(recipe, facts, shown, this.#proposals.splice(0, count));
    } finally {
      this.#watch.end();
    }
  }

  #show(
    recipe: Recipe,
    facts: NetworkFacts,
    tiles: NonNullable<(typeof state.tiles)['value']>,
    done: Proposal[],
  ): void {
    const before = state.recipe.peek();
    batch(() => {
      for (const proposal of done) this.#record(proposal, facts);
      this.#shown = keyOf(recipe);
      const old = state.network.peek();
      if (networkKey(baseOf(before)) !== networkKey(baseOf(recipe))) this.measures.baseChanged();
      if (!same(old?.hidden, facts.hidden)) this.measures.chosen.clear();
      if (old?.digest !== facts.digest || !state.tiles.peek()) state.tiles.value = tiles;
      state.network.value = { ...facts };
      this.#watch.show();
      this.measures.visits.seen(recipe, facts);
      this.preview.committed();
      this.measures.publish();
    });
    this.changed();
  }

  #record({ recipe, link }: Proposal, facts: NetworkFacts): void {
    if (!link) state.verification.value = null;
    else if (link.digest !== undefined) state.verification.value = verdict(link.digest, facts);
    if (link?.fresh) {
      // So that undo can walk back along what the sender did.
      const entries = prefixes(recipe);
      state.history.value = { entries, at: entries.length - 1 };
    } else {
      state.history.value = pushed(state.history.peek(), recipe);
    }
  }

  /** Proposals that lead back to what is on screen need no replay. */
  #recordKnown(): void {
    const facts = state.network.peek();
    if (this.#proposals.length === 0 || !facts || this.#shown !== keyOf(this.target)) return;
    batch(() => {
      for (const proposal of this.#proposals.splice(0)) this.#record(proposal, facts);
    });
    this.preview.committed();
  }

  #showNothing(): void {
    this.#shown = keyOf(state.recipe.peek());
    if (!state.network.peek()) return;
    batch(() => {
      state.network.value = null;
      state.tiles.value = null;
      state.watched.value = null;
      this.preview.end();
      this.measures.clear();
    });
  }

  #refused(task: Task, error: Error): void {
    const mine = this.#proposals.at(-1);
    const proposed = mine && task.key === replayKey(mine.recipe);
    if (proposed) {
      this.#proposals.pop();
      if (mine.link) state.verification.value = null;
      this.preview.end();
    }
    if (task.key.startsWith('preview')) {
      // The next place of the slider is another question.
      this.preview.end();
      this.#lane.forgive(task.key);
    }
    // What the core itself refuses, a training that diverged for one, comes to the same again.
    const again = () => {
      this.#lane.forgive(task.key);
      if (mine && !this.#proposals.includes(mine)) this.#propose(mine);
      else this.changed();
    };
    notify('problem', error.message, proposed && error instanceof Refused ? undefined : again);
    this.changed();
  }
}

/** Measures are left out: moving ε while a network trains must not start the training anew. */
function replayKey(recipe: Recipe): string {
  return `replay ${networkKey(recipe)}`;
}

function verdict(seen: string, { digest }: NetworkFacts) {
  if (seen === digest) {
    return { phase: 'same', fraction: 1, sentence: 'Reproduced, bit for bit.' } as const;
  }
  const sentence = `This network’s digest is ${digest}, the sender saw ${seen}: the two networks differ, and so may their figures.`;
  return { phase: 'differs', fraction: 1, sentence } as const;
}
