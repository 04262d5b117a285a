import { describe, expect, it } from 'vitest';
import { defaultControls } from '../../../src/engine/defaults';
import { raceCells, rowsBeside } from '../../../src/engine/race';
import { withPrune, withTraining } from '../../../src/engine/recipes';
import type { TrialResult } from '../../../src/engine/types';
import type { RaceSettings } from '../../../src/trialsState';

const controls = defaultControls();
const on = withPrune(withTraining(controls), { ...controls.prune, amount: 33 });
const settings: RaceSettings = {
  what: 'weights',
  criteria: ['magnitude', 'distortion'],
  amounts: [50, 10],
  draws: 3,
  seeds: 'screen',
  images: 1000,
};

describe('the cells of a race', () => {
  it('are every criterion and every random order at every amount, and what is not cut', () => {
    const cells = raceCells(settings, on);
    expect(cells).toHaveLength(1 + 2 * (2 + 3));
    const [whole, first] = cells;
    expect(whole?.trial.recipe.steps).toEqual(on.steps.slice(0, 1));
    // The cuts on screen are left out; the smallest amount comes first.
    expect(first?.trial.recipe.steps).toHaveLength(2);
    expect(first?.trial.recipe.steps[1]).toMatchObject({
      what: 'weights',
      by: 'magnitude',
      amount: 10,
    });
    const recipes = cells.map(({ trial }) => JSON.stringify(trial.recipe));
    expect(new Set(recipes).size).toBe(cells.length);
    expect(cells.every(({ trial }) => trial.recipe.measure.images === 1000)).toBe(true);
    expect(cells[0]?.trial.asked.adaptive).toEqual([on.measure.eps]);
  });

  it('are trained anew for each seed', () => {
    const cells = raceCells({ ...settings, seeds: [4, 5] }, on);
    expect(cells).toHaveLength(2 * 11);
    expect([...new Set(cells.map(({ trial }) => trial.recipe.network.seed))]).toEqual([4, 5]);
  });
});

describe('a criterion beside chance', () => {
  it('has a row for every random order it is compared with', () => {
    const outcome = {} as TrialResult;
    const cells = raceCells(settings, on).map((cell) => ({ ...cell, outcome }));
    const rows = rowsBeside(cells, 'magnitude');
    expect(rows).toHaveLength(2 * 3 + 2 * 3);
    const names = rows.map(({ at }) => at.map(({ value }) => value).join());
    expect(names).toContain('0,2,magnitude,50');
    expect(names).toContain('0,2,random,50');
    expect(rowsBeside(raceCells(settings, on), 'magnitude')).toEqual([]);
  });
});
