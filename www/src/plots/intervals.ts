/** Figures as dots on one scale, each with its interval: data in, geometry out. */
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { LETTER } from './labels';

export interface Interval {
  label: string;
  value: number;
  low: number;
  high: number;
}

export interface IntervalRow {
  label: string;
  /** The label on as many lines as it needs. */
  lines: string[];
  /** Middle of the row. */
  y: number;
  dot: number;
  from: number;
  to: number;
  /** Beside the dot, on the side where there is room. */
  number: { x: number; anchor: 'start' | 'end' };
}

export interface IntervalGeometry {
  x: ScaleLinear<number, number>;
  rows: IntervalRow[];
  ticks: number[];
  left: number;
  right: number;
  top: number;
  bottom: number;
  width: number;
  height: number;
}

const LINE = 14;
const AIR = 12;
const TOP = 8;
const BOTTOM = 34;
const SIDE = 16;
/** Room for the number beside a dot. */
const NUMBER = 46;

/** Splits a text at its spaces into lines of at most `most` letters. */
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** The scale: from 0 to 100 % where everything is a share, else as far as the figures reach. */
function domain(figures: readonly Interval[], shares: boolean): [number, number] {
  if (shares) return [0, 1];
  const low = Math.min(0, ...figures.map((figure) => figure.low));
  const high = Math.max(0, ...figures.map((figure) => figure.high));
  return high > low ? [low, high] : [low, low + 1];
}

/** Geometry of the plot at this width; it is as high as its labels need. */
export function intervalGeometry(
  figures: readonly Interval[],
  width: number,
  shares: boolean,
): IntervalGeometry {
  const longest = Math.max(0, ...figures.map(({ label }) => label.length * LETTER));
  // Labels take what they need, but leave most of the width to the figures.
  const left = Math.round(Math.min(longest, 0.44 * width)) + 10;
  const most = Math.max(8, Math.floor((left - 10) / LETTER));
  const right = Math.max(left + 40, width - SIDE);
  const x = scaleLinear(domain(figures, shares), [left, right]);
  if (!shares) x.nice(5);
  let y = TOP;
  const rows = figures.map(({ label, value, low, high }) => {
    const lines = wrapped(label, most);
    const height = lines.length * LINE + AIR;
    const [dot, from, to] = [x(value), x(low), x(high)];
    const after = Math.max(dot, to);
    const beside = after + NUMBER <= right + SIDE;
    const row: IntervalRow = {
      label,
      lines,
      y: y + height / 2,
      dot,
      from,
      to,
      number: beside
        ? { x: after + 7, anchor: 'start' }
        : { x: Math.min(dot, from) - 7, anchor: 'end' },
    };
    y += height;
    return row;
  });
  const ticks = shares ? [0, 0.25, 0.5, 0.75, 1] : x.ticks(5);
  return { x, rows, ticks, left, right, top: TOP, bottom: y, width, height: y + BOTTOM };
}
