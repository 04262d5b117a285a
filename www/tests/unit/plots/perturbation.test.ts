import { describe, expect, it } from 'vitest';
import { difference, largestChange, magnification } from '../../../src/plots/perturbation';

describe('a perturbation for the eye', () => {
  it('is magnified by a number of one digit, to nearly full colour', () => {
    expect([0.1, 0.3, 0.05, 0.005, 0.07, 0.9].map(magnification)).toEqual([10, 3, 20, 200, 10, 1]);
    // As the network's 32-bit numbers come back.
    expect(magnification(Math.fround(0.1) + 1e-8)).toBe(10);
    for (let largest = 0.001; largest < 1; largest *= 1.07) {
      const shown = largest * magnification(largest);
      expect(shown).toBeLessThan(1.002);
      expect(shown).toBeGreaterThan(0.49);
    }
  });

  it('is shown as it is where nothing or everything changed', () => {
    expect([0, 1, 1.5, Number.NaN].map(magnification)).toEqual([1, 1, 1, 1]);
  });

  it('is the difference of two images, and its size that of its largest pixel', () => {
    const change = difference([0.5, 0, 1], [0.25, 0.5, 1]);
    expect([...change]).toEqual([0.25, -0.5, 0]);
    expect(largestChange(change)).toBe(0.5);
    expect(largestChange([])).toBe(0);
  });
});
