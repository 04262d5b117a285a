/** Units in the order of their distortion. */

/** Units from the most distorted to the least; equal ones in their own order. */
export function ranked(values: readonly number[]): number[] {
  return values.map((_, unit) => unit).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
}

/** The place of a value among others, from 1 for the largest. */
export const rank = (values: readonly number[], value: number): number =>
  1 + values.reduce((larger, other) => larger + (other > value ? 1 : 0), 0);

/** The place of each unit in such an order, from 0. */
export function places(order: readonly number[]): number[] {
  const place = new Array<number>(order.length).fill(0);
  order.forEach((unit, at) => {
    place[unit] = at;
  });
  return place;
}

/**
 * How many of the order's first units are all in `chosen` and none after them: the place of a
 * “cut here” mark. `null` where the chosen ones do not stand together at the front.
 */
export function cutMark(order: readonly number[], chosen: ReadonlySet<number>): number | null {
  let front = 0;
  while (front < order.length && chosen.has(order[front] ?? -1)) front += 1;
  return front === chosen.size ? front : null;
}

/** The figures of a layer's bars, most distorted first. */
export function distortionRows(
  layer: number,
  values: readonly number[],
  cut: ReadonlySet<number>,
  scale: 'units' | 'relative',
): string[][] {
  const what = scale === 'units' ? 'mean |z − z̃|' : 'mean |z − z̃| / std of z';
  const rows = ranked(values).map((unit) => [
    `${unit}`,
    `${layer + 1}`,
    `${values[unit]}`,
    cut.has(unit) ? 'yes' : 'no',
  ]);
  return [['unit', 'layer', what, 'cut'], ...rows];
}
