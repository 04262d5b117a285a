import { describe, expect, it } from 'vitest';
import { linksInto, linksOutOf } from '../../../src/plots/links';

/** By sorting all of them. */
function sorted(weights: number[], most: number) {
  return weights
    .map((weight, at) => ({ at, weight }))
    .filter(({ weight }) => weight !== 0)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, most);
}

describe('the strongest connections', () => {
  const [outputs, inputs] = [13, 40];
  // Every weight another, some zero, signs mixed.
  const weights = Float32Array.from({ length: outputs * inputs }, (_, at) =>
    at % 7 === 0 ? 0 : (((at * 7919) % 10_007) - 5000) / 1000,
  );

  it.each([1, 8, 100])('are the first %i of all by size', (most) => {
    for (const output of [0, 5, 12]) {
      const row = [...weights.subarray(output * inputs, (output + 1) * inputs)];
      expect(linksInto(weights, outputs, output, most)).toEqual(sorted(row, most));
    }
    for (const input of [0, 17, 39]) {
      const column = Array.from({ length: outputs }, (_, at) => weights[at * inputs + input] ?? 0);
      expect(linksOutOf(weights, outputs, input, most)).toEqual(sorted(column, most));
    }
  });

  it('are none where everything is cut', () => {
    expect(linksInto(new Float32Array(20), 4, 1, 8)).toEqual([]);
    expect(linksOutOf(new Float32Array(0), 0, 0, 8)).toEqual([]);
  });
});
