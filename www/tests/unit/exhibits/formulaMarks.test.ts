/** Formulas as they are drawn: what stands beside what must not be read as something else. */
import { h, render } from 'preact';
import { describe, expect, it } from 'vitest';
import type { Worked } from '../../../src/exhibits/arithmetic/card';
import type { Given } from '../../../src/exhibits/arithmetic/expression';
import { WorkedOut } from '../../../src/exhibits/arithmetic/Formula';
import {
  FORMULAS,
  type Formula,
  type FormulaName,
} from '../../../src/exhibits/arithmetic/formulas';

/** The marks of a formula in one line; every number in ‹ ›, `⁢` where a product has no sign. */
function line(node: Element): string {
  const parts = [...node.children].map(line);
  const text = node.textContent ?? '';
  switch (node.localName) {
    case 'mn':
      return `‹${text}›`;
    case 'mfrac':
      return `{${parts[0]}/${parts[1]}}`;
    case 'msqrt':
      return `√{${parts.join('')}}`;
    case 'msup':
      return `${parts[0]}^${parts[1]}`;
    case 'msub':
    case 'munder':
      return parts[0] ?? '';
    default:
      return node.children.length > 0 ? parts.join('') : text;
  }
}

function drawn(of: FormulaName, given: Given | null): string[] {
  const root = document.createElement('div');
  const worked: Worked = { of, given, result: 0.3867, as: 'share' };
  render(h(WorkedOut, { worked }), root);
  return [...root.querySelectorAll('math')].map(line);
}

const all = Object.entries(FORMULAS) as [FormulaName, Formula][];

/** Numbers for every symbol; those that a series runs over are lists, others are too if need be. */
function given({ symbols, expression }: Formula, values: readonly number[]): Given {
  const lists = new Set<string>();
  const rests = new Set<string>();
  const look = (part: Formula['expression'], inSeries: boolean): void => {
    if (typeof part === 'string') {
      if (inSeries) lists.add(part);
    } else if (typeof part === 'object' && 'of' in part) {
      if (part.is === 'series' && part.rest !== undefined) rests.add(part.rest);
      for (const each of part.of) look(each, inSeries || part.is === 'series');
    }
  };
  look(expression, false);
  const value = (at: number) => values[at % values.length] ?? 0;
  return Object.fromEntries([
    ...Object.keys(symbols).map((name, at) => [
      name,
      lists.has(name) ? [value(at), value(at + 1), value(at + 2)] : value(at),
    ]),
    ...[...rests].map((name, at) => [name, value(at + 1)]),
  ]);
}

describe('a formula with numbers in it', () => {
  it.each(all)('%s has a sign between any two numbers', (name, formula) => {
    for (const values of [
      [512, 3, 0.25],
      [-2, 0.5, -0.125],
      [2e-5, -3e-6, 7],
    ]) {
      for (const marks of drawn(name, given(formula, values))) {
        // Two numbers, or a number and a fraction, with nothing to be seen between them.
        expect(marks).not.toMatch(/›[\u2062\u2061]?[‹{]/);
        expect(marks).not.toMatch(/\}[\u2062\u2061]?‹/);
      }
    }
  });

  it.each(all)('%s has brackets around what is negative', (name, formula) => {
    for (const values of [
      [-2, -0.5, -0.125],
      [-3e-6, 2, -7],
    ]) {
      for (const marks of drawn(name, given(formula, values))) {
        expect(marks).not.toMatch(/[·+−±\u2062]−/);
        expect(marks).not.toMatch(/(^|[=({])−‹[^›]*›\^/);
      }
    }
  });

  it('keeps its powers', () => {
    const [symbols, numbers, result] = drawn('wilson', { p: 0.3867, n: 512, z: 1.96 });
    expect(symbols).toContain('‹4›\u2062n^‹2›');
    expect(numbers).toContain('‹4›·‹512›^‹2›');
    expect(numbers).toContain('‹2›·‹512›');
    expect(result).toBe('=‹0.3867›=38.7\u00a0%');
    // A power of a number that is itself written as a product.
    const [, tiny] = drawn('l2', { d: [2e-5, -3e-5], rest: 0 });
    expect(tiny).toContain('(‹2.00›·‹10›^‹−5›)^‹2›');
  });

  it('has a dot where a fraction follows a number', () => {
    const [symbols, numbers] = drawn('student', { m: 1, t: 2.776, s: 0.5, n: 5 });
    expect(symbols).toContain('t\u2062{s/√{n}}');
    expect(numbers).toContain('‹2.776›·{‹0.5›/√{‹5›}}');
  });
});
