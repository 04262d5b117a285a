import { describe, expect, it } from 'vitest';
import { defaultControls } from '../../../src/engine/defaults';
import {
  cutWords,
  layersToggled,
  learnWords,
  pruneNotes,
} from '../../../src/exhibits/parts/pruneWords';

const { prune, learn } = defaultControls();

describe('what is said beside the controls of a pruning', () => {
  it('says what scores are measured on, and warns of a leak', () => {
    expect(pruneNotes(prune)).toMatchObject({
      images: 'Scores are measured on 2,000 training images, never on the test set.',
      leak: null,
      preview: null,
    });
    expect(pruneNotes({ ...prune, on: 'test' }).leak).toMatch(/flatter/);
    expect(pruneNotes({ ...prune, by: 'magnitude', on: 'test' })).toMatchObject({
      images: null,
      leak: null,
    });
  });

  it('says what the preview leaves out', () => {
    expect(pruneNotes({ ...prune, tune: 1 }).preview).toMatch(/without the fine-tuning\.$/);
    expect(pruneNotes({ ...prune, tune: 1, schedule: 'iterative' }).preview).toMatch(
      /without the steps and the fine-tuning\.$/,
    );
    expect(pruneNotes({ ...prune, by: 'greedy' }).preview).toMatch(/too long/);
  });

  it('says what learning a mask leaves alone', () => {
    expect(learnWords(learn).about).toMatch(/one epoch.*No weight changes\./);
    expect(learnWords({ ...learn, mask: 'bayes' }).cites).toMatch(/Madaan/);
    expect(learnWords({ ...learn, joint: true, epochs: 2 }).about).toMatch(
      /2 epochs.*trained, too/,
    );
  });
});

describe('what is cut', () => {
  it('is nothing, or counted', () => {
    expect(cutWords(null)).toBe('');
    expect(cutWords({ sparsity: 0, unitsPruned: 0, pixelsPruned: 0 })).toBe('');
    expect(cutWords({ sparsity: 0.5, unitsPruned: 1, pixelsPruned: 0 })).toBe(
      '1 unit, 50.0 % of weights',
    );
    expect(cutWords({ sparsity: 0.7, unitsPruned: 0, pixelsPruned: 392 })).toBe(
      '70.0 % of weights, 392 pixels',
    );
  });
});

describe('the layers that are pruned', () => {
  it('are all, or those that were pressed', () => {
    expect(layersToggled([0], 1, 3)).toEqual([1]);
    expect(layersToggled([1], 3, 3)).toEqual([1, 3]);
    expect(layersToggled([1, 3], 1, 3)).toEqual([3]);
    expect(layersToggled([2], 0, 3)).toEqual([0]);
  });

  it('are all again when none or each of them is chosen', () => {
    expect(layersToggled([2], 2, 3)).toEqual([0]);
    expect(layersToggled([1, 3], 2, 3)).toEqual([0]);
    // A layer that this network does not have is no choice.
    expect(layersToggled([5], 1, 2)).toEqual([1]);
  });
});
