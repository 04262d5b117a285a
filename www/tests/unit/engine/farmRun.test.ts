import { describe, expect, it } from 'vitest';
import { defaultControls } from '../../../src/engine/defaults';
import { Run, type Trial } from '../../../src/engine/farmRun';
import { prefixKey, trialKey, workOf } from '../../../src/engine/farmWork';
import { withMoreTraining, withPrune, withTraining } from '../../../src/engine/recipes';
import type { TrainSettings } from '../../../src/engine/types';

const controls = defaultControls();
const asked = { transfer: true, adaptive: [0.05], certified: [], frozen: false };

function trial(amount: number, train: Partial<TrainSettings> = {}): Trial {
  const trained = withTraining({ ...controls, train: { ...controls.train, ...train } });
  const recipe = withPrune(trained, { ...controls.prune, amount });
  return { recipe: { ...recipe, measure: { ...recipe.measure, images: 1000 } }, asked };
}

describe('what trials share', () => {
  it('is the recipe up to the last training from scratch', () => {
    expect(prefixKey(trial(10).recipe)).toBe(prefixKey(trial(20).recipe));
    expect(prefixKey(trial(10).recipe)).not.toBe(prefixKey(trial(10, { epochs: 2 }).recipe));
    const tuned = withMoreTraining(trial(10).recipe, controls.train, 1);
    expect(prefixKey(tuned)).toBe(prefixKey(trial(10).recipe));
    expect(trialKey(trial(10))).not.toBe(trialKey(trial(20)));
    const more = { ...trial(10), asked: { ...asked, adaptive: [0.05, 0.1] } };
    expect(trialKey(more)).not.toBe(trialKey(trial(10)));
  });

  it('is counted apart from what each does alone', () => {
    const { prefix, own } = workOf(trial(10, { epochs: 3 }));
    expect(prefix).toBe(180_000);
    expect(workOf(trial(10, { epochs: 3, against: 'pgd', steps: 5 })).prefix).toBe(720_000);
    expect(workOf(trial(10, { epochs: 6 })).own).toBe(own);
    const proven = { ...trial(10), asked: { ...asked, certified: [0.01] } };
    expect(workOf(proven).own).toBeGreaterThan(own);
  });
});

describe('a run', () => {
  it('tells the time left from the work that is done', () => {
    let now = 0;
    const run = new Run(
      [trial(10), trial(20)],
      () => {},
      () => now,
    );
    const [first, second] = run.cells;
    if (!first || !second) throw new Error('Two cells were asked for.');
    const { prefix, own } = first.work;
    expect(run.secondsLeft).toBeNull();
    first.state = 'working';
    first.alone = true;
    run.clock();
    now = 10_000;
    first.fraction = 0.5;
    // Half of a training and a cell in ten seconds, of one training and two cells.
    const share = (0.5 * (prefix + own)) / (prefix + 2 * own);
    expect(run.fraction).toBeCloseTo(share, 9);
    expect(run.secondsLeft).toBeCloseTo((10 * (1 - share)) / share, 6);
    // While it rests the clock stands still.
    run.phase = 'paused';
    run.clock();
    now = 60_000;
    run.clock();
    expect(run.secondsTaken).toBe(10);
    run.phase = 'running';
    run.clock();
    now = 61_000;
    run.clock();
    expect(run.secondsTaken).toBe(11);
  });

  it('does not count what was known before', () => {
    const run = new Run(
      [trial(10), trial(20)],
      () => {},
      () => 0,
    );
    const [first, second] = run.cells;
    if (!first || !second) throw new Error('Two cells were asked for.');
    first.state = 'done';
    expect(run.fraction).toBe(0);
    second.state = 'working';
    second.fraction = 0.25;
    expect(run.fraction).toBeCloseTo(0.25, 9);
  });
});
