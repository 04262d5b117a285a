import { beforeEach, describe, expect, it } from 'vitest';
import { defaultControls, emptyRecipe } from '../../../src/engine/defaults';
import { TrainingWatch } from '../../../src/engine/progress';
import { withLearn, withMoreTraining, withPrune, withTraining } from '../../../src/engine/recipes';
import type { Progress, Recipe } from '../../../src/engine/types';
import * as state from '../../../src/state';

const controls = defaultControls();
const trained = withTraining({ ...controls, train: { ...controls.train, against: 'fgsm' } });
const epochs = [{ epoch: 1, fgsm: 0.7, pgd: 0.6 }];

const at = (news: Partial<Progress>): Progress => ({
  done: false,
  fraction: 0.5,
  stage: 'training',
  stepIndex: 0,
  steps: 2,
  epoch: 0,
  epochs: 2,
  imagesDone: 10,
  imagesTotal: 20,
  losses: [],
  watched: [],
  overfitting: false,
  checkpoint: false,
  ...news,
});

let watch: TrainingWatch;
const show = (recipe: Recipe) => {
  state.history.value = { entries: [recipe], at: 0 };
  watch.show();
};

beforeEach(() => {
  watch = new TrainingWatch(() => 0);
  state.watched.value = null;
  show(emptyRecipe());
});

describe('what is seen of a training against an attack', () => {
  it('belongs to the training, also when it is told after it', () => {
    const pruned = withPrune(trained, controls.prune);
    watch.begin(pruned, 'train');
    watch.progress(at({}));
    expect(state.watched.value).toBeNull();
    watch.progress(at({ stage: 'scoring', stepIndex: 1, watched: epochs }));
    watch.progress(at({ done: true, stepIndex: 0, stage: 'scoring', watched: epochs }));
    expect(state.watched.value).toEqual({ epochs, overfitting: false });
    show(trained);
    expect(state.watched.value?.epochs).toEqual(epochs);
    show(emptyRecipe());
    expect(state.watched.value).toBeNull();
    show(pruned);
    expect(state.watched.value?.epochs).toEqual(epochs);
  });

  it('is forgotten after another training, and comes back with undo', () => {
    watch.begin(trained, 'train');
    watch.progress(at({ watched: epochs, overfitting: true }));
    expect(state.watched.value?.overfitting).toBe(true);
    show(withMoreTraining(trained, controls.train, 1));
    expect(state.watched.value).toBeNull();
    show(trained);
    expect(state.watched.value?.overfitting).toBe(true);
  });
});

describe('what is going on', () => {
  const saidOf = (recipe: Recipe, news: Partial<Progress>) => {
    watch.begin(recipe, 'prune');
    watch.progress(at({ steps: recipe.steps.length, stepIndex: 1, ...news }));
    return state.training.value.what;
  };

  it('is said of every kind of step', () => {
    const pixels = { ...controls.prune, what: 'pixels', tune: 1 } as const;
    expect(saidOf(withPrune(trained, pixels), { stage: 'attacking', epochs: 0 })).toBe(
      'Step 2 of 2, scoring pixels',
    );
    expect(saidOf(withPrune(trained, pixels), {})).toBe('Step 2 of 2, fine-tuning, epoch 1 of 2');
    expect(saidOf(withLearn(trained, controls.learn), {})).toBe(
      'Step 2 of 2, learning the mask, epoch 1 of 2',
    );
    expect(state.training.value.panel).toBe('prune');
  });
});
