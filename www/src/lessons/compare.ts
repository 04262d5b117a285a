/** How far a prediction was from what was measured, and what is said of it. */
import type { Answer, Dot, Prediction } from './types';
import { filled } from './words';

export type Apart = 'near' | 'above' | 'below';

export const isCurve = (answer: Answer): answer is readonly Dot[] => Array.isArray(answer);

/** The mean distance between two curves, upwards positive, over where both are known. */
export function apart(predicted: readonly Dot[], measured: readonly Dot[]): number {
  const known = new Map(measured.map(([x, y]) => [x, y]));
  const gaps = predicted.flatMap(([x, y]) => {
    const there = known.get(x);
    return there === undefined ? [] : [y - there];
  });
  return gaps.length === 0 ? 0 : gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
}

/** The same without regard to the direction. */
export function distance(predicted: readonly Dot[], measured: readonly Dot[]): number {
  const absolute = predicted.map(([x, y]): Dot => {
    const there = measured.find(([at]) => at === x)?.[1] ?? y;
    return [x, there + Math.abs(y - there)];
  });
  return apart(absolute, measured);
}

function side(gap: number, far: number, near: number): Apart {
  if (far <= near) return 'near';
  return gap > 0 ? 'above' : 'below';
}

/** One sentence on a prediction beside its outcome. */
export function sentence(
  asked: Prediction,
  predicted: Answer | null,
  measured: Answer,
): string | null {
  if (predicted === null) return null;
  if (asked.kind === 'choose') {
    return predicted === measured ? asked.said.right : asked.said.wrong;
  }
  if (asked.kind === 'number') {
    if (typeof predicted !== 'number' || typeof measured !== 'number') return null;
    const gap = predicted - measured;
    const said = asked.said[side(gap, Math.abs(gap), asked.near)];
    return filled(said, { predicted: `${predicted}`, measured: measured.toFixed(1) });
  }
  if (!isCurve(predicted) || !isCurve(measured)) return null;
  const far = distance(predicted, measured);
  const said = asked.said[side(apart(predicted, measured), far, asked.near)];
  return filled(said, { apart: far.toFixed(0) });
}
