import { describe, expect, it } from 'vitest';
import { wilson } from '../../../src/engine/tally';
import { points, shareDifference } from '../../../src/plots/shareDifference';

const of = (correct: number, total: number) => ({ correct, total, ...wilson(correct, total) });

describe('the difference of two shares', () => {
  it('has the interval of Newcombe’s own example', () => {
    // Newcombe 1998, table II (a): 56/70 and 48/80, method 10.
    const { value, low, high, clear } = shareDifference(of(48, 80), of(56, 70));
    expect(value).toBeCloseTo(0.2, 10);
    expect(low).toBeCloseTo(0.0524, 4);
    expect(high).toBeCloseTo(0.3339, 4);
    expect(clear).toBe(true);
  });

  it('turns around when left and right do', () => {
    const [there, back] = [
      shareDifference(of(10, 100), of(14, 100)),
      shareDifference(of(14, 100), of(10, 100)),
    ];
    expect(there.low).toBeCloseTo(-back.high, 12);
    expect(there.clear).toBe(false);
  });

  it('is written in points with a true minus', () => {
    expect(points(0.123)).toBe('+12.3');
    expect(points(-0.0049)).toBe('−0.5');
    expect(points(0.0001)).toBe('0.0');
  });
});
