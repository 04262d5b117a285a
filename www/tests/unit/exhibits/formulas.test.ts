import { describe, expect, it } from 'vitest';
import { METHODS } from '../../../src/engine/attacks';
import { wilson, Z } from '../../../src/engine/tally';
import {
  call,
  type Expression,
  evaluate,
  filled,
  giveOrTake,
  less,
  over,
  product,
  root,
  series,
  squared,
  sum,
} from '../../../src/exhibits/arithmetic/expression';
import {
  FORMULAS,
  type Formula,
  type FormulaName,
} from '../../../src/exhibits/arithmetic/formulas';
import { RULES } from '../../../src/exhibits/arithmetic/rules';
import { SOURCES } from '../../../src/exhibits/arithmetic/sources';
import { shareDifference } from '../../../src/plots/shareDifference';

/** Every symbol that an expression speaks of; what a series sums up without telling is apart. */
function symbolsOf(part: Expression): string[] {
  if (typeof part === 'string') return [part];
  if (typeof part === 'number') return [];
  return 'of' in part ? part.of.flatMap(symbolsOf) : [];
}

const all = Object.entries(FORMULAS) as [FormulaName, Formula][];

describe('expressions', () => {
  it('come to what they say', () => {
    const given = { a: 3, b: 4, x: [1, 2, 3], w: [2, 0.5, -1], rest: 10 };
    expect(evaluate(root(sum(squared('a'), squared('b'))), given)).toBe(5);
    expect(evaluate(over(less('a', 'b'), 2), given)).toBe(-0.5);
    expect(evaluate(series('j', product('w', 'x')), given)).toBe(0);
    expect(evaluate(series('j', product('w', 'x'), 'rest'), given)).toBe(10);
    expect(evaluate(giveOrTake('a', 'b'), given)).toEqual([-1, 7]);
    expect(evaluate(call('max', 0, less('a', 'b')), given)).toBe(0);
    expect(evaluate(call('clip', 'a'), given)).toBe(1);
  });

  it('come to the same with numbers in the place of symbols', () => {
    const given = { x: [0.25, 0.5], w: [2, -3], rest: 0.125, b: 1 };
    const dense = sum(series('j', product('w', 'x'), 'rest'), 'b');
    expect(evaluate(filled(dense, given), {})).toBe(evaluate(dense, given));
    expect(symbolsOf(filled(dense, given))).toEqual([]);
  });

  it('tell long series by their first terms and the last', () => {
    const shown = filled(series('j', 'x'), { x: [1, 2, 3, 4, 5, 6] });
    expect(shown).toMatchObject({
      is: 'sum',
      of: [{ value: 1 }, { value: 2 }, { is: 'dots' }, { value: 6 }],
    });
  });

  it('refuse a number that is not given', () => {
    expect(() => evaluate(sum('a', 'b'), { a: 1 })).toThrow('“b”');
  });
});

describe('the table of formulas', () => {
  it.each(all)('%s says what its symbols mean, and no others', (_, { expression, symbols }) => {
    expect([...new Set(symbolsOf(expression))].sort()).toEqual(Object.keys(symbols).sort());
    for (const { sign, words } of Object.values(symbols)) {
      expect(sign).not.toBe('');
      expect(words).not.toBe('');
    }
  });

  it('has no source that nobody can look up', () => {
    for (const { who, title, link } of Object.values(SOURCES)) {
      expect(who).toMatch(/\d{4}/);
      expect(title).not.toBe('');
      expect(link).toMatch(/^https:\/\//);
    }
  });

  it('has rules of attacks that there are', () => {
    const known = METHODS.map(({ value }) => value as string);
    for (const name of Object.keys(RULES)) expect(known).toContain(name);
  });

  it.each([
    [0, 512],
    [107, 512],
    [9_716, 10_000],
    [512, 512],
  ])('gives Wilson’s interval of %i of %i', (k, n) => {
    const { low, high } = wilson(k, n);
    const found = evaluate(FORMULAS.wilson.expression, { p: k / n, n, z: Z });
    expect(found).toEqual([expect.closeTo(low, 12), expect.closeTo(high, 12)]);
  });

  it('gives Newcombe’s interval', () => {
    const measured = (correct: number, total: number) => ({
      correct,
      total,
      ...wilson(correct, total),
    });
    const [left, right] = [measured(56, 70), measured(48, 80)];
    const { low, high } = shareDifference(left, right);
    const [a, b] = [56 / 70, 48 / 80];
    const below = { a, b, below: b - right.low, above: left.high - a };
    const above = { a, b, above: right.high - b, below: a - left.low };
    expect(evaluate(FORMULAS.newcombeLow.expression, below)).toBeCloseTo(low, 12);
    expect(evaluate(FORMULAS.newcombeHigh.expression, above)).toBeCloseTo(high, 12);
    // Newcombe 1998, table II, case (a), the other way round.
    expect(low).toBeCloseTo(-0.3339, 4);
    expect(high).toBeCloseTo(-0.0524, 4);
  });

  it('gives the partial correlation of a textbook', () => {
    const found = evaluate(FORMULAS.partial.expression, { xy: 0.8, xc: 0.5, yc: 0.5 });
    expect(found).toBeCloseTo((0.8 - 0.25) / 0.75, 12);
  });
});
