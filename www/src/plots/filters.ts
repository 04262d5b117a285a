/** First-layer filters before and after, taken apart. Pure: numbers in, numbers out. */
import { PIXELS } from './weightMap';

/** What the core says of one filter. */
export interface Part {
  short: number;
  rare: number;
}

export interface Apart {
  unit: number;
  before: Part;
  after: Part;
  residual: Part;
  beta: number;
  cosine: number;
}

/** Ways to line up filters. */
export type Order = 'changed' | 'kept' | 'unit';

/** Filters in an order; what is nothing before comes last. */
export function inOrder<A extends Apart>(filters: readonly A[], order: Order): A[] {
  const along = ({ cosine }: A) => cosine * cosine;
  const nothing = ({ before }: A) => (Number.isNaN(before.rare) ? 1 : 0);
  return [...filters].sort((a, b) => {
    const last = nothing(a) - nothing(b);
    if (last !== 0 || order === 'unit') return last || a.unit - b.unit;
    const more = along(a) - along(b);
    return (order === 'changed' ? more : -more) || a.unit - b.unit;
  });
}

/** A filter before, its part along the filter after, and the rest. */
export function partsOf(before: Float32Array, after: Float32Array, { unit, beta }: Apart) {
  const [from, to] = [unit * PIXELS, (unit + 1) * PIXELS];
  const whole = before.subarray(from, to);
  const along = after.subarray(from, to).map((weight) => beta * weight);
  return { whole, along, residual: whole.map((weight, at) => weight - (along[at] ?? 0)) };
}

/** All figures of all filters as a table. */
export function filterRows(filters: readonly Apart[]): string[][] {
  const exact = (value: number) => (Number.isFinite(value) ? value.toFixed(4) : '');
  const three = (of: (apart: Apart) => number[]) => (apart: Apart) => of(apart).map(exact);
  const figures = three(({ before, after, residual, beta, cosine }) => [
    cosine,
    beta,
    cosine * cosine,
    before.short,
    after.short,
    residual.short,
    before.rare,
    after.rare,
    residual.rare,
  ]);
  return [
    [
      'unit',
      'cosine of before and after',
      'β',
      'share of energy along the filter after',
      'energy above 0.25 cycles per pixel, before',
      'after',
      'residual',
      'L1 norm on rarely lit pixels, before',
      'after',
      'residual',
    ],
    ...filters.map((apart) => [`${apart.unit}`, ...figures(apart)]),
  ];
}
