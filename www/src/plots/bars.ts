/** Bars of a ranked quantity and a plain line of losses: data in, geometry out. */

export interface Bar {
  unit: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One bar per unit in the order given, standing on `height`. */
export function barsOf(
  values: readonly number[],
  order: readonly number[],
  most: number,
  width: number,
  height: number,
): Bar[] {
  const pitch = width / Math.max(1, order.length);
  const space = pitch >= 3 ? 1 : 0;
  return order.map((unit, at) => {
    const tall = most > 0 ? Math.max(0, ((values[unit] ?? 0) / most) * height) : 0;
    return {
      unit,
      x: round(at * pitch),
      y: round(height - tall),
      width: round(Math.max(0.5, pitch - space)),
      height: round(tall),
    };
  });
}

/** Bars on their way from one order to another, each unit's own; in the order they go to. */
export function barsBetween(from: readonly Bar[], to: readonly Bar[], share: number): Bar[] {
  const before = new Map(from.map((bar) => [bar.unit, bar]));
  return to.map((bar) => {
    const old = before.get(bar.unit) ?? bar;
    const at = (key: 'x' | 'y' | 'width' | 'height') =>
      round(old[key] + (bar[key] - old[key]) * share);
    return { unit: bar.unit, x: at('x'), y: at('y'), width: at('width'), height: at('height') };
  });
}

/** The places (not units) of a brush from one point to another, both ends included. */
export function brushed(from: number, to: number, width: number, bars: number): [number, number] {
  const place = (x: number) =>
    Math.min(bars - 1, Math.max(0, Math.floor((x / Math.max(1, width)) * bars)));
  const [a, b] = [place(from), place(to)];
  return a <= b ? [a, b] : [b, a];
}

/** A line through the values, at most one point for every pixel (means of what falls together). */
export function sparkline(values: readonly number[], width: number, height: number): string {
  const points = Math.min(values.length, Math.max(2, Math.floor(width)));
  if (values.length < 2) return '';
  const means: number[] = [];
  for (let at = 0; at < points; at += 1) {
    const from = Math.floor((at * values.length) / points);
    const to = Math.max(from + 1, Math.floor(((at + 1) * values.length) / points));
    let sum = 0;
    for (let index = from; index < to; index += 1) sum += values[index] ?? 0;
    means.push(sum / (to - from));
  }
  const most = Math.max(...means);
  const y = (value: number) => (most > 0 ? height - (value / most) * height : height);
  return means
    .map((value, at) => `${at ? 'L' : 'M'}${round((at / (points - 1)) * width)} ${round(y(value))}`)
    .join('');
}

const round = (value: number) => Math.round(value * 100) / 100;
