import { expect, it } from 'vitest';
import { csv } from '../../../src/plots/curve';
import { distortionRows } from '../../../src/plots/ranking';
import { outcomeRows } from '../../../src/plots/taken';

const facts = {
  digest: '0123456789abcdef',
  sparsity: 0.25,
  unitsPruned: 3,
  units: 192,
  pixelsPruned: 0,
};

it('a network on screen is a table of what was measured and what it is', () => {
  const clean = { correct: 97, total: 100, low: 0.9, high: 0.99, done: true };
  const rows = outcomeRows(facts, [
    ['clean', clean],
    ['re-attacked', { ...clean, correct: 3, done: false }],
    ['certified', null],
  ]);
  expect(rows[1]).toEqual(['clean', '97', '100', '0.9', '0.99', 'yes']);
  expect(rows[2]?.at(-1)).toBe('no');
  expect(rows.map(([name]) => name)).not.toContain('certified');
  expect(rows.find(([name]) => name === 'digest')?.[1]).toBe('0123456789abcdef');
  expect(new Set(rows.map((row) => row.length))).toEqual(new Set([6]));
});

it('bars are a table, the most distorted unit first', () => {
  const rows = distortionRows(1, [0.1, 0.5, 0.3], new Set([2]), 'units');
  expect(rows).toEqual([
    ['unit', 'layer', 'mean |z − z̃|', 'cut'],
    ['1', '2', '0.5', 'no'],
    ['2', '2', '0.3', 'yes'],
    ['0', '2', '0.1', 'no'],
  ]);
});

it('tables are RFC 4180 whatever stands in a cell', () => {
  expect(csv([['a\rb', 'c\nd', 'e"f', 'g,h', 'i']])).toBe('"a\rb","c\nd","e""f","g,h",i\r\n');
});
