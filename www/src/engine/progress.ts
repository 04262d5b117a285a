/** Turns a job's progress into what the page shows of a training under way. */
import { batch } from '@preact/signals';
import { recipe as shown, training, verification, watched } from '../state';
import { keyOf, networkKey, Recent } from './keys';
import type { Progress, Recipe, Step, Watched } from './types';

/** More points than this a loss curve cannot show anyway. */
const MOST_LOSSES = 4000;

export class TrainingWatch {
  readonly #now: () => number;
  #started = false;
  #paused = false;
  /** Time spent so far without pauses and waits, and when it was last counted. */
  #seconds = 0;
  #last = 0;
  /** When the present step began to train, and with how many images behind it. */
  #step = { index: -1, seconds: 0, images: 0 };
  #recipe: Recipe | null = null;
  #panel: 'train' | 'prune' = 'train';
  /** The step that trained last. */
  #trainedAt = -1;
  /** By the recipe up to the training: undo brings back what was said of it. */
  readonly #watched = new Recent<{ epochs: readonly Watched[]; overfitting: boolean }>(100);

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A new job begins; nothing is shown until it turns out to take a while. */
  begin(recipe: Recipe, panel: 'train' | 'prune'): void {
    this.#recipe = recipe;
    this.#panel = panel;
    this.#trainedAt = -1;
    this.#started = false;
    this.#paused = false;
    this.#seconds = 0;
    this.#step = { index: -1, seconds: 0, images: 0 };
    this.#last = this.#now();
  }

  readonly progress = (progress: Progress): void => {
    if (!this.#started && progress.done) return;
    const before = training.peek();
    this.#count(before.phase === 'running');
    const { stepIndex, imagesDone } = progress;
    if (this.#step.index !== stepIndex) {
      this.#step = { index: stepIndex, seconds: this.#seconds, images: imagesDone };
    }
    const seconds = this.#seconds - this.#step.seconds;
    const images = imagesDone - this.#step.images;
    const counts = seconds > 0.05 && images > 0;
    const rate = counts ? images / seconds : before.imagesPerSecond;
    const losses = this.#started ? before.losses.concat(progress.losses) : progress.losses;
    this.#started = true;
    const { fraction, epochs } = progress;
    const step = this.#recipe?.steps[stepIndex];
    const epoch = presentEpoch(progress);
    batch(() => {
      training.value = {
        phase: this.#paused ? 'paused' : progress.stage === 'waiting' ? 'waiting' : 'running',
        panel: this.#panel,
        what: whatOf(progress, step),
        fraction,
        epoch,
        epochs,
        losses: losses.length > MOST_LOSSES ? halved(losses) : losses,
        imagesPerSecond: rate,
        counted: counts ? { images, seconds } : before.counted,
        secondsLeft: fraction > 0 ? (this.#seconds * (1 - fraction)) / fraction : 0,
        secondsTaken: this.#seconds,
      };
      const replaying = verification.peek();
      if (replaying?.phase === 'replaying') {
        const sentence = `Replaying: ${whatOf(progress, step)}`;
        verification.value = { ...replaying, fraction, sentence };
      }
      this.#watch(progress);
    });
  };

  /** Says what was seen of the newest training of the recipe on screen. */
  show(): void {
    const at = shown.peek();
    const newest = at.steps.findLastIndex(trains);
    watched.value = this.#watched.get(trainingKey(at, newest)) ?? null;
  }

  #watch({ stage, stepIndex, watched: epochs, overfitting }: Progress): void {
    // What comes after a training still tells what was seen of it.
    if (stage === 'training') this.#trainedAt = stepIndex;
    if (!this.#recipe || this.#trainedAt < 0 || epochs.length === 0) return;
    const now = { epochs, overfitting };
    if (keyOf(now) === keyOf(watched.peek())) return;
    this.#watched.set(trainingKey(this.#recipe, this.#trainedAt), now);
    watched.value = now;
  }

  pause(paused: boolean): void {
    const before = training.peek();
    if (before.phase === 'idle') return;
    this.#count(before.phase === 'running');
    this.#paused = paused;
    training.value = { ...before, phase: paused ? 'paused' : 'running' };
  }

  end(): void {
    const before = training.peek();
    if (before.phase === 'idle') return;
    this.#count(before.phase === 'running');
    this.#started = false;
    const secondsTaken = this.#seconds;
    training.value = { ...before, phase: 'idle', what: '', secondsLeft: 0, secondsTaken };
  }

  #count(working: boolean): void {
    const now = this.#now();
    if (working || !this.#started) this.#seconds += (now - this.#last) / 1000;
    this.#last = now;
  }
}

/** Whether a step trains weights or scores. */
const trains = (step: Step): boolean =>
  step.step === 'train' || step.step === 'learn' || (step.step === 'prune' && step.tune > 0);

/** Names a training step by everything its network depends on. */
function trainingKey(recipe: Recipe, index: number): string {
  return networkKey({ ...recipe, steps: recipe.steps.slice(0, index + 1) });
}

/** What a step does while it trains, and while it scores. */
function workOf(step: Step | undefined): [string, string] {
  if (step?.step === 'learn') return ['learning the mask', 'learning the mask'];
  if (step?.step === 'prune') return ['fine-tuning', `scoring ${step.what}`];
  return ['training', 'scoring units'];
}

function whatOf(progress: Progress, step: Step | undefined): string {
  const { stage, needs, epochs, stepIndex, steps } = progress;
  const epoch = presentEpoch(progress);
  if (stage === 'waiting') {
    const set = needs?.set === 'test' ? 'test' : 'training';
    return `Waiting for ${needs ? needs.images.toLocaleString('en') : 'the'} ${set} images`;
  }
  const where = steps > 1 ? `step ${stepIndex + 1} of ${steps}, ` : '';
  const [learns, scores] = workOf(step);
  const what =
    stage === 'training' && epochs > 0 ? `${learns}, epoch ${epoch} of ${epochs}` : scores;
  const text = `${where}${what}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The epoch under way, from 1; Rust counts those that are finished. */
function presentEpoch({ epoch, epochs }: Progress): number {
  return Math.min(epoch + 1, epochs);
}

/** Neighbours averaged, so that a long training keeps its whole course. */
function halved(losses: number[]): number[] {
  const half: number[] = [];
  for (let i = 0; i + 1 < losses.length; i += 2) {
    half.push(((losses[i] ?? 0) + (losses[i + 1] ?? 0)) / 2);
  }
  return half;
}
