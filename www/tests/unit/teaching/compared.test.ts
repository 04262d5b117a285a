import { describe, expect, it } from 'vitest';
import { emptyRecipe } from '../../../src/engine/defaults';
import type { ParsedLink } from '../../../src/engine/types';
import {
  comparedRows,
  type Line,
  linesOf,
  MOST_LINES,
  ranked,
} from '../../../src/teaching/compared';
import { taskOf } from '../../../src/teaching/task';

const recipe = emptyRecipe();
const task = taskOf(recipe);

function line(link: string, score: number, change: Partial<ParsedLink> = {}): Line {
  const network = { ...recipe.network, seed: Number.parseInt(link, 36) };
  const parsed = { recipe: { ...recipe, network }, view: { score, task }, ...change };
  return { link, parsed: parsed as ParsedLink, sentence: '' };
}

describe('links that are compared', () => {
  it('are the lines of a text', () => {
    expect(linesOf(' a \r\n\n b\n')).toEqual(['a', 'b']);
    expect(linesOf('x\n'.repeat(1000))).toHaveLength(MOST_LINES);
  });

  it('stand in the order of what they claim, those that cannot count last', () => {
    const other = { ...task, clean: 1 };
    const rows = ranked(
      [
        line('a', 500),
        { link: 'b', parsed: null, sentence: 'No link.' },
        line('c', 900),
        line('d', 999, { view: { score: 999, task: other } }),
        line('e', 0),
        line('f', 950, { recipe: { ...recipe, measure: { eps: 0.05, images: 10 } } }),
      ],
      task,
    );
    expect(rows.map(({ link, wrong }) => [link, wrong])).toEqual([
      ['c', null],
      ['a', null],
      ['b', 'unread'],
      ['d', 'other'],
      ['e', 'none'],
      ['f', 'images'],
    ]);
  });

  it('tell which networks are the same', () => {
    const rows = ranked([line('a', 500), line('b', 400), line('a', 300)], task);
    expect(rows.map(({ repeats }) => repeats)).toEqual([null, null, 1]);
  });

  it('become a table', () => {
    const rows = ranked([line('a', 500, { digest: '0123456789abcdef' }), line('b', 700)], task);
    const table = comparedRows(rows, task, ({ link }) => (link === 'a' ? 'confirmed' : ''));
    expect(table[1]).toEqual(['2', '700', '10000', '7.00', '', '', 'b']);
    expect(table[2]?.slice(4)).toEqual(['confirmed', '0123456789abcdef', 'a']);
  });
});
