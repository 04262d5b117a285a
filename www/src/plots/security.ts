/**
 * Accuracy against the size of the attack: what attacks leave above, what is proven below, and
 * the truth between them. Data in, geometry out.
 */
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { type Box, LETTER, type Placed, placeLabels } from './labels';
import { type Measured, percent, share } from './measured';

export type Bound = 'adaptive' | 'certified';

export const BOUNDS: readonly { key: Bound; label: string }[] = [
  { key: 'adaptive', label: 're-attacked' },
  { key: 'certified', label: 'certified' },
];

export const TRUTH = 'the truth lies in here';

export interface Size {
  eps: number;
  adaptive: Measured | null;
  certified: Measured | null;
}

export interface Mark {
  value: number;
  label: string;
}

export interface Tick {
  x: number;
  label: string;
  anchor: 'start' | 'middle' | 'end';
  /** Of a size that the literature or the page singles out. */
  marked: boolean;
}

export interface Dot {
  x: number;
  y: number;
}

/** The name of the band: in it, or beside it with a line that leads there. */
export interface TruthLabel {
  lines: string[];
  x: number;
  y: number;
  box: Box;
  leader: { from: Dot; to: Dot } | null;
}

export interface SecurityGeometry {
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
  box: Box;
  lines: { key: Bound; path: string; dots: Dot[] }[];
  /** 95 % intervals. */
  intervals: { key: Bound; path: string }[];
  /** What lies between the two curves. */
  truth: string;
  truthLabel: TruthLabel | null;
  labels: Placed[];
  ticks: { x: Tick[]; y: number[] };
}

const MARGIN = { top: 28, right: 14, bottom: 34, left: 32 };
const TEXT = 13;
/** Air between the name of the band and its edges. */
const AIR = 3;

const round = (value: number) => Math.round(value * 100) / 100;

/** Geometry of the whole plot; `now` is the size that the figures are measured at. */
export function securityGeometry(
  sizes: readonly Size[],
  marks: readonly Mark[],
  reach: number,
  width: number,
  height: number,
  now: number | null,
): SecurityGeometry {
  const box = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: Math.max(40, width - MARGIN.left - MARGIN.right),
    height: Math.max(40, height - MARGIN.top - MARGIN.bottom),
  };
  const x = scaleLinear([0, reach], [box.x, box.x + box.width]);
  const y = scaleLinear([0, 1], [box.y + box.height, box.y]);
  const ordered = [...sizes].sort((a, b) => a.eps - b.eps);
  const measured = (key: Bound) =>
    ordered.flatMap(({ eps, [key]: found }) =>
      found && found.total > 0 ? [{ eps, ...found }] : [],
    );

  const lines = BOUNDS.map(({ key }) => {
    const dots = measured(key).map((point) => ({
      x: round(x(point.eps)),
      y: round(y(share(point))),
    }));
    const path = line<Dot>(
      (dot) => dot.x,
      (dot) => dot.y,
    )(dots);
    return { key, path: path ?? '', dots };
  });
  const intervals = BOUNDS.map(({ key }) => ({
    key,
    path:
      area<Measured & { eps: number }>()
        .x(({ eps }) => round(x(eps)))
        .y0(({ low }) => round(y(low)))
        .y1(({ high }) => round(y(high)))(measured(key)) ?? '',
  }));

  const both = ordered.flatMap(({ eps, adaptive, certified }) =>
    adaptive && certified && adaptive.total > 0 && certified.total > 0
      ? [{ x: round(x(eps)), top: round(y(share(adaptive))), bottom: round(y(share(certified))) }]
      : [],
  );
  const truth =
    both.length > 1
      ? (area<(typeof both)[number]>()
          .x((point) => point.x)
          .y0((point) => point.bottom)
          .y1((point) => point.top)(both) ?? '')
      : '';

  const inside = now !== null && now <= reach;
  const marker = inside ? [{ x: x(now) - 2, y: box.y, width: 4, height: box.height }] : [];
  const [upper, lower] = [lines[0]?.dots ?? [], lines[1]?.dots ?? []];
  const truthLabel = truth === '' ? null : nameBand(upper, lower, box, marker);
  const taken = truthLabel ? [...marker, truthLabel.box] : marker;
  const labels: Placed[] = [];
  const first = upper.length > 1 ? nameUpper(upper, box, taken) : null;
  if (first) labels.push(first);
  const blocked = [...taken, ...labels.map((label) => label.box)];
  const second = lower.length > 1 ? nameLower(upper, lower, box, blocked) : null;
  if (second) labels.push(second);
  // Flat curves have room above and below themselves.
  const rest = BOUNDS.flatMap(({ key, label }) => {
    const dots = lines.find((each) => each.key === key)?.dots ?? [];
    const named = labels.some((each) => each.key === key);
    return dots.length > 1 && !named ? [{ key, label, dots }] : [];
  });
  labels.push(...placeLabels(rest, box, [...taken, ...labels.map((label) => label.box)]));
  const ticks = { x: ticksOf(x, marks, reach, box), y: [0, 0.25, 0.5, 0.75, 1] };
  return { x, y, box, lines, intervals, truth, truthLabel, labels, ticks };
}

/** Height of a falling line at `x`; beyond its ends, that of the end. */
function at(dots: readonly Dot[], x: number): number {
  let [before, after] = [dots[0], dots.at(-1)];
  for (const dot of dots) {
    if (dot.x <= x) before = dot;
    else {
      after = dot;
      break;
    }
  }
  if (!before || !after) return 0;
  if (after.x <= before.x || x <= before.x) return before.y;
  return before.y + (after.y - before.y) * Math.min(1, (x - before.x) / (after.x - before.x));
}

const meet = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Where a falling curve has come down to `y`. */
function besideCurve(dots: readonly Dot[], frame: Box, y: number): number {
  let x = frame.x;
  while (x < frame.x + frame.width && at(dots, x) <= y) x += 1;
  return x;
}

/** The name of the upper curve: to its right, as far up as there is room. */
function nameUpper(upper: readonly Dot[], frame: Box, taken: readonly Box[]): Placed | null {
  const { key, label } = BOUNDS[0] ?? { key: '', label: '' };
  const [width, height] = [label.length * LETTER, TEXT + 1];
  const top = Math.max(frame.y + 0.12 * frame.height, (upper[0]?.y ?? 0) + 2);
  for (let y = top; y < frame.y + 0.7 * frame.height; y += 4) {
    const beside = { x: besideCurve(upper, frame, y + height) + 5, y, width, height };
    // Further to the right nothing is in the way but what stands there already.
    const before = taken.find((other) => meet(other, beside));
    const x = before ? before.x + before.width + 3 : beside.x;
    const box = { x: round(x), y: round(y), width, height };
    if (x + width > frame.x + frame.width || x > beside.x + 40) continue;
    if (!taken.some((other) => meet(other, box))) return written(key, label, box);
  }
  return null;
}

/** The name of the lower curve: under it, else where both curves have come down. */
function nameLower(
  upper: readonly Dot[],
  lower: readonly Dot[],
  frame: Box,
  taken: readonly Box[],
): Placed | null {
  const { key, label } = BOUNDS[1] ?? { key: '', label: '' };
  const [width, height] = [label.length * LETTER, TEXT + 1];
  const free = (box: Box) => !taken.some((other) => meet(other, box));
  const floor = frame.y + frame.height;
  for (let y = floor - 0.2 * frame.height; y <= floor - height - 2; y += 4) {
    const x = besideCurve(lower, frame, y - 4) - width - 4;
    const box = { x: round(x), y: round(y), width, height };
    if (x >= frame.x + 3 && free(box)) return written(key, label, box);
  }
  const y = floor - height - 5;
  const x = besideCurve(upper, frame, y + height) + 5;
  const box = { x: round(x), y: round(y), width, height };
  return x + width <= frame.x + frame.width && free(box) ? written(key, label, box) : null;
}

function written(key: string, label: string, box: Box): Placed {
  return { key, label, x: box.x, y: round(box.y + box.height - 3), box };
}

/** Lowest point of the upper line and highest of the lower one over a span, in pixels down. */
function room(upper: readonly Dot[], lower: readonly Dot[], from: number, to: number) {
  let [top, bottom] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let x = from; x <= to; x += 3) {
    top = Math.max(top, at(upper, x));
    bottom = Math.min(bottom, at(lower, x));
  }
  return { top, bottom };
}

/** Puts the band's name where it has most room: on one line, on two, or beside the band. */
function nameBand(
  upper: readonly Dot[],
  lower: readonly Dot[],
  frame: Box,
  taken: readonly Box[],
): TruthLabel | null {
  const right = frame.x + frame.width;
  const half = TRUTH.indexOf(' ', TRUTH.length / 2 - 3);
  for (const words of [[TRUTH], [TRUTH.slice(0, half), TRUTH.slice(half + 1)]]) {
    const width = Math.max(...words.map((text) => text.length)) * LETTER;
    const height = words.length * TEXT;
    let best: { x: number; y: number; slack: number } | null = null;
    for (let x = frame.x + AIR; x + width <= right; x += 3) {
      if (taken.some((box) => box.x < x + width && x < box.x + box.width)) continue;
      const { top, bottom } = room(upper, lower, x, x + width);
      const slack = bottom - top - height - 2 * AIR;
      if (slack >= 0 && (!best || slack > best.slack)) {
        best = { x, y: (top + bottom - height) / 2, slack };
      }
    }
    if (best) return named(words, best.x, best.y, width, null);
  }
  return besideBand(upper, lower, frame, taken);
}

/** To the right of the band, with a line to where it is widest. */
function besideBand(
  upper: readonly Dot[],
  lower: readonly Dot[],
  frame: Box,
  taken: readonly Box[],
): TruthLabel | null {
  const right = frame.x + frame.width;
  let widest = { x: frame.x, gap: -1 };
  for (let x = frame.x; x <= right; x += 1) {
    const gap = at(lower, x) - at(upper, x);
    if (gap > widest.gap) widest = { x, gap };
  }
  const to = { x: widest.x, y: round((at(upper, widest.x) + at(lower, widest.x)) / 2) };
  const size = { width: TRUTH.length * LETTER, height: TEXT };
  for (let y = to.y - TEXT / 2; y >= frame.y; y -= 3) {
    const x = besideCurve(upper, frame, y + TEXT) + 10;
    const box = { x, y, ...size };
    if (x + size.width > right || taken.some((other) => meet(other, box))) continue;
    const from = { x: round(x - 3), y: round(y + TEXT / 2 + 1) };
    return named([TRUTH], x, y, size.width, { from, to });
  }
  return null;
}

function named(
  lines: string[],
  x: number,
  y: number,
  width: number,
  leader: TruthLabel['leader'],
): TruthLabel {
  const box = { x: round(x), y: round(y), width: round(width), height: lines.length * TEXT };
  return { lines, x: box.x, y: round(y + TEXT - 3), box, leader };
}

/** The marked sizes, and as many others as fit between them. */
function ticksOf(
  x: ScaleLinear<number, number>,
  marks: readonly Mark[],
  reach: number,
  frame: Box,
): Tick[] {
  const right = frame.x + frame.width;
  const placed: { tick: Tick; from: number; to: number }[] = [];
  const place = (value: number, label: string, marked: boolean) => {
    const at = x(value);
    const half = (label.length * LETTER) / 2;
    const anchor = at + half > right + MARGIN.right ? 'end' : 'middle';
    // A name that ends at the frame leaves its number under its mark.
    const end = anchor === 'end' ? right + MARGIN.right - 2 : at + half;
    const from = end - 2 * half;
    if (placed.some((other) => from < other.to + 6 && end > other.from - 6)) return;
    const tick: Tick = { x: round(anchor === 'end' ? end : at), label, anchor, marked };
    placed.push({ tick, from, to: end });
  };
  const within = marks.filter(({ value }) => value <= reach);
  // The last one, where the axis ends, first.
  for (const { value, label } of within.toReversed()) place(value, label, true);
  place(0, '0', false);
  for (const value of x.ticks(4)) place(value, `${value}`, false);
  return placed.sort((a, b) => a.from - b.from).map(({ tick }) => tick);
}

/** The plotted figures as a table, one row a size. */
export function securityRows(sizes: readonly Size[], norm: string): string[][] {
  const heads = BOUNDS.flatMap(({ label }) => [
    `${label} accuracy, %`,
    `${label} low, %`,
    `${label} high, %`,
    `${label} test images`,
  ]);
  const cells = (found: Measured | null) =>
    found && found.total > 0
      ? [percent(share(found)), percent(found.low), percent(found.high), `${found.total}`]
      : ['', '', '', ''];
  const rows = [...sizes]
    .sort((a, b) => a.eps - b.eps)
    .map(({ eps, adaptive, certified }) => [`${eps}`, ...cells(adaptive), ...cells(certified)]);
  return [[`size ε, ${norm}`, ...heads], ...rows];
}
