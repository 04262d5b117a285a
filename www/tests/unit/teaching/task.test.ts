import { describe, expect, it } from 'vitest';
import { emptyRecipe } from '../../../src/engine/defaults';
import type { Recipe, TaskSettings } from '../../../src/engine/types';
import {
  type Accurate,
  attackOf,
  confirmation,
  measuresOf,
  misfit,
  standing,
  type Tried,
  taskOf,
} from '../../../src/teaching/task';
import { conditionWords, measuredWords, misfitWords } from '../../../src/teaching/taskWords';

const recipe: Recipe = { ...emptyRecipe(), measure: { eps: 0.05, images: 1000 } };
const task: TaskSettings = { ...taskOf(recipe), clean: 95, weights: 50 };
const figure = (correct: number, done = true): Accurate => ({
  correct,
  total: 1000,
  low: 0,
  high: 1,
  done,
});
const tried = (change: Partial<Tried> = {}): Tried => ({
  recipe,
  cut: { weights: 0.5, units: 0, pixels: 0 },
  accuracies: { clean: figure(950), adaptive: figure(700), certified: null },
  ...change,
});

describe('a task', () => {
  it('counts once every condition is met and the score is complete', () => {
    const now = standing(task, tried());
    expect(now.conditions.map(({ key, met }) => [key, met])).toEqual([
      ['clean', true],
      ['weights', true],
    ]);
    expect(now.score?.correct).toBe(700);
    expect(now.counts).toBe(true);
  });

  it('does not count while a condition is not met, or not known', () => {
    const low = { clean: figure(949), adaptive: figure(700), certified: null };
    expect(standing(task, tried({ accuracies: low })).counts).toBe(false);
    const open = { clean: figure(960, false), adaptive: figure(700), certified: null };
    const now = standing(task, tried({ accuracies: open }));
    expect(now.conditions[0]?.met).toBeNull();
    expect(now.counts).toBe(false);
    const dense = { weights: 0.499, units: 0, pixels: 0 };
    expect(standing(task, tried({ cut: dense })).conditions[1]?.met).toBe(false);
  });

  it('has no score before all images are attacked', () => {
    const some = { clean: figure(950), adaptive: figure(70, false), certified: null };
    const now = standing(task, tried({ accuracies: some }));
    expect(now.score).toBeNull();
    expect(confirmation(700, now)).toBe('measuring');
  });

  it('says which measure is not the task’s, and brings it back', () => {
    const other = { ...recipe, measure: { eps: 0.1, images: 1000 } };
    expect(misfit(task, other)).toBe('eps');
    expect(misfit(task, { ...recipe, measure: { eps: 0.05, images: 500 } })).toBe('images');
    const weak = { ...recipe, attack: { ...recipe.attack, steps: 2 } };
    expect(misfit(task, weak)).toBe('attack');
    expect(misfit(task, { ...weak, ...measuresOf(task, weak) })).toBeNull();
    expect(standing(task, tried({ recipe: weak })).counts).toBe(false);
    expect(confirmation(700, standing(task, tried({ recipe: weak })))).toBe('differs');
  });

  it('leaves the size that single images are attacked at alone', () => {
    const large = { ...recipe, attack: { ...recipe.attack, eps: 0.3 } };
    expect(misfit(task, large)).toBeNull();
    expect(measuresOf(task, large).attack.eps).toBe(0.3);
    expect(attackOf({ ...task, method: 'cw', norm: 'l2' }).norm).toBe('l2');
  });

  it('confirms a claim to the image', () => {
    const now = standing(task, tried());
    expect(confirmation(700, now)).toBe('confirmed');
    expect(confirmation(701, now)).toBe('differs');
  });

  it('is told in words', () => {
    expect(conditionWords({ key: 'units', limit: 25 })).toBe(
      'at most 25 % of the hidden units left',
    );
    expect(measuredWords(task)).toBe(
      'Measured by PGD with 10 steps at L∞ ε 0.05, on 1,000 test images.',
    );
    expect(misfitWords('images', task)).toContain('1,000');
  });
});
