import { describe, expect, it } from 'vitest';
import { defaultControls, emptyRecipe } from '../../../src/engine/defaults';
import { measuredBy, moved, pushed } from '../../../src/engine/history';
import { keyOf, Recent } from '../../../src/engine/keys';
import {
  baseOf,
  changedOver,
  controlsOf,
  pixelsByHand,
  prefixes,
  pruneBaseOf,
  referenceOf,
  same,
  settingsDiffer,
  toggled,
  withCut,
  withLearn,
  withMoreTraining,
  withPrune,
  withTraining,
} from '../../../src/engine/recipes';
import type { Recipe } from '../../../src/engine/types';

const controls = defaultControls();
const trained = withTraining(controls);
const pruned = withPrune(trained, controls.prune);
const kinds = (recipe: Recipe) => recipe.steps.map((step) => step.step).join(' ');

describe('recipes', () => {
  it('open at the defaults of the table', () => {
    expect(controls.network).toEqual({ hidden: [128, 64], seed: 0, init: 'he' });
    expect(controls.train).toMatchObject({ from: 'scratch', epochs: 3, images: 60_000 });
    expect(controls.measure).toEqual({ eps: 0.05, images: 10_000 });
    expect(emptyRecipe().steps).toEqual([]);
  });

  it('replace a prune step on top, and only there', () => {
    const again = withPrune(pruned, { ...controls.prune, amount: 40 });
    expect(kinds(again)).toBe('train prune');
    expect(again.steps[1]).toMatchObject({ amount: 40 });
    const tuned = withMoreTraining(pruned, controls.train, 1);
    expect(kinds(withPrune(tuned, controls.prune))).toBe('train prune train prune');
    expect(kinds(withPrune(withCut(pruned, [[0], []]), controls.prune))).toBe(
      'train prune cut prune',
    );
  });

  it('hold no step that does nothing', () => {
    expect(withPrune(pruned, { ...controls.prune, amount: 0 })).toEqual(trained);
    expect(withCut(withCut(trained, [[1], []]), [[], []])).toEqual(trained);
    // After a prune step, cutting nothing restores what it pruned.
    expect(kinds(withCut(pruned, [[], []]))).toBe('train prune cut');
  });

  it('hold pixels that were cut by hand beside the units, and can give them back', () => {
    const both = withCut(trained, [[1], []], [5, 9]);
    expect(both.steps.at(-1)).toEqual({ step: 'cut', units: [[1], []], pixels: [5, 9] });
    expect(pixelsByHand(both)).toEqual([5, 9]);
    expect(pixelsByHand(trained)).toEqual([]);
    // Nothing is said of pixels where there are none, so that such a step is what it always was.
    expect(withCut(both, [[1], []]).steps.at(-1)).toEqual({ step: 'cut', units: [[1], []] });
    expect(kinds(withCut(trained, [[], []], [5]))).toBe('train cut');
    expect(withCut(withCut(trained, [[], []], [5]), [[], []])).toEqual(trained);
    expect(changedOver([2, 5], [5, 1])).toEqual([1, 2]);
    expect(changedOver([2, 5], [5, 1], true)).toEqual([1, 2, 5]);
    expect(changedOver([2, 5], [5, 1], false)).toEqual([2]);
  });

  it('know the network under the newest cuts, and the reference', () => {
    const cut = withCut(pruned, [[0], []]);
    expect(kinds(baseOf(cut))).toBe('train');
    expect(kinds(pruneBaseOf(cut))).toBe('train prune cut');
    expect(kinds(pruneBaseOf(pruned))).toBe('train');
    const tuned = withMoreTraining(cut, controls.train, 1);
    expect(baseOf(tuned)).toEqual(tuned);
    expect(kinds(referenceOf(tuned))).toBe('train');
    expect(kinds(referenceOf(withMoreTraining(trained, controls.train, 1)))).toBe('train train');
    expect(prefixes(cut).map(kinds)).toEqual(['', 'train', 'train prune', 'train prune cut']);
  });

  it('hold a learned mask as a cut, learned anew instead of upon itself', () => {
    const learned = withLearn(trained, controls.learn);
    expect(kinds(learned)).toBe('train learn');
    expect(kinds(withLearn(learned, { ...controls.learn, amount: 50 }))).toBe('train learn');
    expect(kinds(withLearn(pruned, controls.learn))).toBe('train prune learn');
    expect(kinds(withPrune(learned, controls.prune))).toBe('train learn prune');
    expect(kinds(pruneBaseOf(learned))).toBe('train learn');
    expect(kinds(baseOf(withCut(learned, [[0], []])))).toBe('train');
    expect(kinds(referenceOf(withMoreTraining(learned, controls.train, 1)))).toBe('train');
    const next = controlsOf(withLearn(trained, { ...controls.learn, amount: 33 }), controls);
    expect(next.learn.amount).toBe(33);
    expect(next.learn).not.toHaveProperty('step');
  });

  it('hold nothing that means nothing', () => {
    const prune = { ...controls.prune, by: 'magnitude', draw: 7, rounds: 9, when: 'end' } as const;
    expect(withPrune(trained, prune).steps[1]).toMatchObject({ draw: 0, rounds: 5, when: 'each' });
    expect(withTraining({ ...controls, train: { ...controls.train, eps: 0.4 } })).toEqual(trained);
  });

  it('toggle, prune and restore units of one layer', () => {
    const mask = [[3, 5], [1]];
    expect(toggled(mask, 0, [5, 4])).toEqual([[3, 4], [1]]);
    expect(toggled(mask, 0, [5, 4], true)).toEqual([[3, 4, 5], [1]]);
    expect(toggled(mask, 1, [1, 2], false)).toEqual([[3, 5], []]);
  });

  it('set the controls as their newest steps had them', () => {
    const again = withPrune(trained, { ...controls.prune, by: 'random', amount: 33 });
    const next = controlsOf({ ...again, network: { hidden: [32], seed: 5, init: 'he' } }, controls);
    expect(next.network).toEqual({ hidden: [32], seed: 5, init: 'he' });
    expect(next.prune).toMatchObject({ by: 'random', amount: 33 });
    expect(next.prune).not.toHaveProperty('step');
    expect(controlsOf(emptyRecipe(), next).prune.amount).toBe(33);
  });

  it('say when the settings are no longer those of the network', () => {
    expect(settingsDiffer(emptyRecipe(), controls.network, controls.train)).toBeNull();
    expect(settingsDiffer(pruned, controls.network, controls.train)).toBeNull();
    const other = { ...controls.train, rate: 0.01 };
    expect(settingsDiffer(pruned, controls.network, other)).toMatch(/other settings/);
    expect(settingsDiffer(pruned, { ...controls.network, seed: 1 }, controls.train)).not.toBeNull();
    // Adam has no momentum to differ in, and clean images no size of an attack.
    const unheard = { ...controls.train, momentum: 0.5, eps: 0.3, ramp: 2, beta: 1 };
    expect(settingsDiffer(pruned, controls.network, unheard)).toBeNull();
    const against = { ...unheard, against: 'fgsm' as const };
    expect(settingsDiffer(pruned, controls.network, against)).not.toBeNull();
  });

  it('compare as data, whatever the order of keys', () => {
    expect(same({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toBe(true);
    expect(same([1, 2], [1, 2, 3])).toBe(false);
    expect(same({ a: undefined }, {})).toBe(false);
    expect(keyOf({ a: 1, b: { d: 1, c: 2 } })).toBe(keyOf({ b: { c: 2, d: 1 }, a: 1 }));
  });
});

describe('the history', () => {
  const start = { entries: [emptyRecipe()], at: 0 };

  it('walks back and forth and forgets what was undone', () => {
    const two = pushed(pushed(start, trained), pruned);
    expect(two.at).toBe(2);
    expect(moved(two, 1)).toBe(two);
    const back = moved(moved(two, -1), -1);
    expect(moved(back, -1)).toBe(back);
    expect(pushed(back, pruned).entries.map(kinds)).toEqual(['', 'train prune']);
  });

  it('keeps the newest two hundred', () => {
    let history = start;
    for (let i = 0; i < 300; i++) history = pushed(history, trained);
    expect(history.entries).toHaveLength(200);
    expect(history.at).toBe(199);
  });

  it('takes new measures without a new entry', () => {
    const { attack, measure, distortion } = trained;
    const next = measuredBy(pushed(start, trained), {
      attack,
      distortion,
      measure: { ...measure, eps: 0.3 },
    });
    expect(next.entries).toHaveLength(2);
    expect(next.entries.every((entry) => entry.measure.eps === 0.3)).toBe(true);
  });
});

describe('a map of recent results', () => {
  it('forgets what was not used for longest', () => {
    const recent = new Recent<number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    recent.get('a');
    recent.set('c', 3);
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3]);
  });
});
