import { describe, expect, it } from 'vitest';
import { defaultControls } from '../../../src/engine/defaults';
import { withPrune, withTraining } from '../../../src/engine/recipes';
import { shareCut } from '../../../src/engine/shares';

const controls = defaultControls();
const facts = { hidden: [10, 4], pruned: [[1, 2], []], sparsity: 0.25, pixelsPruned: 196 };
const all = [0];

describe('the share that is cut', () => {
  it('is counted of what the axis counts', () => {
    expect(shareCut(facts, { what: 'pixels', layers: all }, undefined)).toBe(25);
    expect(shareCut(facts, { what: 'weights', layers: all }, undefined)).toBe(25);
    expect(shareCut(facts, { what: 'units', layers: all }, undefined)).toBeCloseTo(200 / 14);
  });

  it('is counted in the chosen layers only', () => {
    expect(shareCut(facts, { what: 'units', layers: [1] }, undefined)).toBe(20);
    expect(shareCut(facts, { what: 'units', layers: [2] }, undefined)).toBe(0);
    // A layer of weights only has no units.
    expect(shareCut(facts, { what: 'units', layers: [3] }, undefined)).toBe(0);
  });

  it('is known of some layers’ weights where the newest cut says it', () => {
    const what = 'weights' as const;
    const prune = { ...controls.prune, what, by: 'magnitude' as const, layers: [1], amount: 70 };
    const top = withPrune(withTraining(controls), prune).steps.at(-1);
    expect(shareCut(facts, { what, layers: [1] }, top)).toBe(70);
    expect(shareCut(facts, { what, layers: [2] }, top)).toBeNull();
    expect(shareCut({ ...facts, sparsity: 0 }, { what, layers: [2] }, top)).toBe(0);
  });
});
