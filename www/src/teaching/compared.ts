/** Many links to one task, put in order. */
import { networkKey } from '../engine/keys';
import { same } from '../engine/recipes';
import type { ParsedLink, TaskSettings } from '../engine/types';
import { type Confirmation, type Misfit, misfit } from './task';

/** A line that was pasted, with what the core read of it. */
export interface Line {
  link: string;
  parsed: ParsedLink | null;
  /** Why it cannot be read. */
  sentence: string;
}

export interface Row extends Line {
  /** Its place among the lines, from 1. */
  line: number;
  /** Of the task's test images; 0 for none claimed. */
  claimed: number;
  /** The first line with the same network, where it is not this one. */
  repeats: number | null;
  wrong: 'unread' | 'none' | 'other' | Misfit | null;
}

export const MOST_LINES = 200;

/** The links of a text, one a line; empty lines say nothing. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '').slice(0, MOST_LINES);
}

/** Highest claim first; what cannot count goes last, in the order of the lines. */
export function ranked(lines: readonly Line[], task: TaskSettings): Row[] {
  const first = new Map<string, number>();
  const rows = lines.map((line, at): Row => {
    const { parsed } = line;
    const claimed = parsed?.view.score ?? 0;
    const key = parsed ? networkKey(parsed.recipe) : '';
    const known = first.get(key);
    if (parsed && known === undefined) first.set(key, at + 1);
    const repeats = parsed ? (known ?? null) : null;
    return { ...line, line: at + 1, claimed, repeats, wrong: wrongOf(parsed, task) };
  });
  const value = (row: Row) => (row.wrong === null ? row.claimed : -1);
  return rows.sort((a, b) => value(b) - value(a) || a.line - b.line);
}

function wrongOf(parsed: ParsedLink | null, task: TaskSettings): Row['wrong'] {
  if (!parsed) return 'unread';
  if (!same(parsed.view.task ?? null, task)) return 'other';
  if ((parsed.view.score ?? 0) === 0) return 'none';
  return misfit(task, parsed.recipe);
}

/** The table as rows of text, names first. */
export function comparedRows(
  rows: readonly Row[],
  task: TaskSettings,
  state: (row: Row) => Confirmation | '',
): string[][] {
  return [
    ['line', 'claimed, images', 'of', 'claimed, %', 'confirmed', 'digest', 'link'],
    ...rows.map((row) => [
      `${row.line}`,
      row.claimed > 0 ? `${row.claimed}` : '',
      `${task.images}`,
      row.claimed > 0 ? `${((100 * row.claimed) / task.images).toFixed(2)}` : '',
      state(row) === 'measuring' ? '' : state(row),
      row.parsed?.digest ?? '',
      row.link,
    ]),
  ];
}
