/** Links that are made again on the farm, aside of the lab, to see whether what they claim is so. */
import { type Signal, signal } from '@preact/signals';
import { engineRunning } from '../actions';
import { Batch } from '../engine/batch';
import type { Recipe, TaskSettings, TrialResult } from '../engine/types';
import type { Row } from './compared';
import { type Accurate, confirmation, standing, type Tried } from './task';

export interface Replay {
  state: 'measuring' | 'confirmed' | 'differs' | 'failed';
  fraction: number;
  sentence: string;
}

/** By link. */
export const replays: Signal<ReadonlyMap<string, Replay>> = signal(new Map());

function set(link: string, now: Replay): void {
  replays.value = new Map(replays.peek()).set(link, now);
}

/** What a trial found, as a task looks at it. */
export function triedOf(recipe: Recipe, found: TrialResult): Tried {
  const { sparsity, unitsPruned, units, pixelsPruned, clean } = found;
  const at = (sizes: TrialResult['adaptive']): Accurate | null => {
    const count = sizes.find(({ eps }) => eps === recipe.measure.eps)?.count;
    return count ? { ...count, done: true } : null;
  };
  return {
    recipe,
    cut: { weights: sparsity, units: unitsPruned / units, pixels: pixelsPruned / 784 },
    accuracies: {
      clean: { ...clean, done: true },
      adaptive: at(found.adaptive),
      certified: at(found.certified),
    },
  };
}

/** Makes a line's network again and measures it as the task says. */
export function replay({ link, parsed, claimed }: Row, task: TaskSettings): void {
  const engine = engineRunning();
  if (!engine || !parsed) return;
  const { recipe, digest } = parsed;
  const sizes = [recipe.measure.eps];
  const proven = task.maximise === 'certified' || task.certified > 0;
  const asked = { adaptive: sizes, certified: proven && task.norm === 'linf' ? sizes : [] };
  set(link, { state: 'measuring', fraction: 0, sentence: '' });
  new Batch(engine.farm).start([{ recipe, asked }], ({ results }, run) => {
    const [found] = results;
    if (run.phase === 'failed' || run.phase === 'cancelled' || (run.phase === 'done' && !found)) {
      set(link, { state: 'failed', fraction: 1, sentence: run.sentence });
    } else if (!found) {
      set(link, { state: 'measuring', fraction: run.fraction, sentence: '' });
    } else {
      const now = standing(task, triedOf(recipe, found));
      const state = confirmation(claimed, now);
      const other = digest !== undefined && digest !== found.digest;
      const score = now.score ? `${now.score.correct} images` : '';
      const unmet = now.conditions.some(({ met }) => met === false) ? 'a condition is not met' : '';
      const why = other ? `its network has digest ${found.digest}` : unmet || score;
      const held = state === 'confirmed' && !other;
      set(link, { state: held ? 'confirmed' : 'differs', fraction: 1, sentence: held ? '' : why });
    }
  });
}
