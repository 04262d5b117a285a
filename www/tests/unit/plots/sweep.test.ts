import { expect, it } from 'vitest';
import { sweepTable, written } from '../../../src/plots/sweep';

const cell = (by: string, amount: number) => ({
  at: [
    { name: 'prune.by', value: by },
    { name: 'prune.amount', value: amount },
  ],
  figure: null,
  link: `${by} ${amount}`,
});

it('puts the cells of a sweep where their settings are, in whatever order they come', () => {
  const cells = [cell('random', 10), cell('taylor', 20), cell('random', 20)];
  const table = sweepTable(cells, 'prune.by', 'prune.amount');
  expect(table.rows).toEqual(['random', 'taylor']);
  expect(table.columns).toEqual(['10', '20']);
  expect(table.cells.map((row) => row.map((each) => each?.link ?? null))).toEqual([
    ['random 10', 'random 20'],
    [null, 'taylor 20'],
  ]);
});

it('has one column where there is one axis', () => {
  const table = sweepTable([cell('random', 10), cell('taylor', 10)], 'prune.by', '');
  expect(table.columns).toEqual(['']);
  expect(table.cells.map(([only]) => only?.link)).toEqual(['random 10', 'taylor 10']);
});

it('writes values as links do', () => {
  expect([written(0.05), written('pgd'), written([128, 64]), written(true)]).toEqual([
    '0.05',
    'pgd',
    '128-64',
    'true',
  ]);
});
