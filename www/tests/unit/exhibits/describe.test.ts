import { describe as about, expect, it } from 'vitest';
import { defaultControls, emptyRecipe } from '../../../src/engine/defaults';
import {
  withCut,
  withLearn,
  withMoreTraining,
  withPrune,
  withTraining,
} from '../../../src/engine/recipes';
import { describe, entryWords } from '../../../src/exhibits/parts/describe';
import { prunedRows, tileMarks } from '../../../src/exhibits/parts/networkDifference';
import { recipeDifference } from '../../../src/exhibits/parts/recipeDifference';

const controls = defaultControls();
const trained = withTraining(controls);
const pruned = withPrune(trained, controls.prune);

about('a recipe in words', () => {
  it('says what a training is against', () => {
    const train = { ...controls.train, against: 'pgd', eps: 0.2, ramp: 2 } as const;
    const [, step] = describe(withTraining({ ...controls, train }));
    expect(step).toBe(
      'train from fresh weights: 3 epochs of 60,000 images, Adam, rate 0.001, against PGD at ε 0.2, growing over 2 epochs',
    );
    expect(describe(trained)[1]).not.toMatch(/against/);
  });

  it('says what was cut by hand, units, pixels or both', () => {
    const words = (units: number[][], pixels: number[]) =>
      describe(withCut(trained, units, pixels))[2];
    expect(words([[1], [0, 2]], [])).toBe('cut by hand, 3 units in all');
    expect(words([[], []], [4])).toBe('cut by hand, 1 pixel');
    expect(words([[1], []], [4, 5])).toBe('cut by hand, 1 unit in all and 2 pixels');
  });

  it('says everything that a pruning does', () => {
    const prune = {
      ...controls.prune,
      what: 'weights',
      by: 'magnitude',
      amount: 90,
      layers: [1, 3] as number[],
      schedule: 'gradual',
      tune: 2,
      tuning: 'fgsm',
      rewind: 'early',
    } as const;
    expect(describe(withPrune(trained, prune))[2]).toBe(
      'cut 90 % of weights by magnitude, smallest first, per layer, layers 1 and 3 only, gradual, cubic, in 5 steps, fine-tuned 2 epochs on FGSM, random start after each step, rewound to the weights after one epoch',
    );
    const pixels = { ...controls.prune, what: 'pixels', layers: [1] as number[] } as const;
    expect(describe(withPrune(trained, pixels))[2]).not.toMatch(/layer/);
  });

  it('says how the first weights are drawn, unless as usual', () => {
    const network = { ...controls.network, init: 'glorot' } as const;
    expect(describe(withTraining({ ...controls, network }))[0]).toMatch(/seed 0, first weights Gl/);
    expect(describe(trained)[0]).toBe('a network 784-128-64-10, seed 0');
  });
});

about('the words of an entry', () => {
  it('are those of what is new in it', () => {
    expect(entryWords(trained, emptyRecipe())).toMatch(/^train from fresh/);
    expect(entryWords(pruned, trained)).toMatch(/^cut 10 % of hidden units/);
    const again = withPrune(pruned, { ...controls.prune, amount: 40 });
    expect(entryWords(again, pruned)).toMatch(/^cut 40 %/);
    const two = withMoreTraining(again, controls.train, 1);
    expect(entryWords(two, trained)).toMatch(/^cut 40 %.*; train on: 1 epoch/);
  });

  it('say when something was taken back, or begun anew', () => {
    expect(entryWords(trained, pruned)).toMatch(/^back to: train from fresh/);
    expect(entryWords(emptyRecipe(), pruned)).toBe('start over');
    const other = withTraining({ ...controls, network: { ...controls.network, seed: 3 } });
    expect(entryWords(other, pruned)).toMatch(/^a network 784-128-64-10, seed 3; train/);
  });
});

about('what tells two recipes apart', () => {
  it('is nothing where they are the same', () => {
    const rows = recipeDifference(pruned, pruned);
    expect(rows.map(({ place }) => place)).toEqual(['network', 'step 1', 'step 2']);
    expect(rows.every(({ same }) => same)).toBe(true);
  });

  it('is told setting by setting, in words', () => {
    const other = withPrune(trained, { ...controls.prune, amount: 40, layers: [1, 2] });
    const [, , row] = recipeDifference(pruned, other);
    expect(row?.same).toBe(false);
    expect(row?.settings).toEqual([
      { label: 'Layers', left: 'all', right: '1-2' },
      { label: 'Amount', left: '10 %', right: '40 %' },
    ]);
  });

  it('takes a step of another kind, or none, as a whole', () => {
    const rows = recipeDifference(withLearn(trained, controls.learn), withCut(trained, [[1], []]));
    expect(rows[2]).toMatchObject({ same: false, settings: [] });
    expect(recipeDifference(trained, pruned)[2]).toMatchObject({ left: null, same: false });
  });

  it('knows settings that mean nothing', () => {
    // As a link may hold them.
    const odd = { ...trained, steps: trained.steps.map((step) => ({ ...step, beta: 1 })) };
    expect(recipeDifference(trained, odd as typeof trained)[1]?.same).toBe(true);
  });
});

about('what is cut of two networks', () => {
  const left = { hidden: [4, 2], pruned: [[0, 1], []] };
  const right = { hidden: [4, 2], pruned: [[1, 3], [0]] };
  const none = { first: 0, second: 0, both: 0, of: 9 };
  const difference = { weights: [none, none, none], pixels: none, changed: [[2], []] };

  it('is counted side by side', () => {
    expect(prunedRows(left, right, null)).toEqual([
      { name: 'units, layer 1', first: 1, second: 1, both: 1, of: 4 },
      { name: 'units, layer 2', first: 0, second: 1, both: 0, of: 2 },
    ]);
    expect(prunedRows(left, right, difference).at(-1)?.name).toBe('pixels');
    expect(prunedRows(left, null, null)).toEqual([]);
    expect(prunedRows(left, { hidden: [4], pruned: [[]] }, null)).toEqual([]);
  });

  it('marks the units that differ, unless all of them do', () => {
    const { marks, sentence } = tileMarks(left, right, difference);
    expect(marks.map((set) => [...set].sort())).toEqual([[0, 2, 3], [0]]);
    expect(sentence).toMatch(/^4 of 6 units differ/);
    const all = {
      ...difference,
      changed: [
        [0, 1, 2, 3],
        [0, 1],
      ],
    };
    expect(tileMarks(left, right, all)).toMatchObject({ marks: [] });
    expect(tileMarks(left, { ...right, hidden: [4] }, null).sentence).toMatch(/shapes/);
  });
});
