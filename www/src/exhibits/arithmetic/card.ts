/** What a card holds, and the pieces that many cards have in common. */
import { Z } from '../../engine/tally';
import type { AttackMethod } from '../../engine/types';
import { count, halfWidth, type Measured, percent, share } from '../../plots/measured';
import { evaluate, type Given, type Value } from './expression';
import { type FormulaName, formula } from './formulas';
import type { SourceName } from './sources';

/** A formula with these very numbers in it. */
export interface Worked {
  of: FormulaName;
  /** Null where its numbers do not leave the worker: then it is shown in symbols alone. */
  given: Given | null;
  /** As measured; that the formula gives it is for the tests to say. */
  result: Value;
  /** How the result is said: a share as per cent, a difference as points. */
  as?: 'share' | 'points' | 'plain';
  /** What is worked out, where a card has several. */
  label?: string;
}

export interface CardContent {
  title: string;
  /** The figure itself, as the page shows it. */
  value: string;
  /** What it is, in one sentence. */
  what: string;
  worked: readonly Worked[];
  /** What it was measured on, a line each. */
  on: readonly string[];
  sources: readonly SourceName[];
  /** How the attack steps, in symbols: its numbers are too many. */
  rule?: AttackMethod;
  /** What has to be asked of the core first. */
  asks?: { layer: number; unit: number } | 'logits';
}

/** Makes a card from what its key names; null where that is not on the page (any more). */
export type Maker = (...of: string[]) => CardContent | null;

/** A share of images with its interval, worked out. */
export function shareOf(measured: Measured, counted: string): Worked[] {
  const p = share(measured);
  const { correct, total, low, high } = measured;
  return [
    { of: 'share', given: { k: correct, n: total }, result: p, as: 'share', label: counted },
    {
      of: 'wilson',
      given: { p, n: total, z: Z },
      result: [low, high],
      as: 'share',
      label: '95 % interval',
    },
  ];
}

export const plusMinus = (measured: Measured) =>
  `${percent(share(measured))} % ± ${halfWidth(measured).toFixed(1)}`;

export const images = (some: number) => `${count(some)} images`;

/** Whether the numbers put into a formula give what is shown; only the tests ask. */
export function agrees({ of, given, result }: Worked, within = 1e-6): boolean {
  if (given === null) return true;
  const found = [evaluate(formula(of).expression, given)].flat();
  const shown = [result].flat();
  return (
    found.length === shown.length &&
    found.every((value, at) => {
      const expected = shown[at] ?? Number.NaN;
      return Math.abs(value - expected) <= within * Math.max(1, Math.abs(expected));
    })
  );
}

export const integer = (text: string | undefined): number => Number(text ?? Number.NaN);
