/** How well conditions agree, a row each: dots on scales from nothing to everything. Pure. */
import { type ScaleLinear, scaleLinear } from 'd3-scale';

/** One row of figures; NaN where one is not defined. */
export interface Agreed {
  kind: string;
  measures: number;
  jaccard: number;
  jaccardLeast: number;
  jaccardMost: number;
  spearman: number;
  spearmanLeast: number;
  spearmanMost: number;
  concordance: number;
}

export interface Mark {
  /** The mean; null where it is not defined. */
  x: number | null;
  from: number;
  to: number;
  text: string;
  textX: number;
  textAnchor: 'start' | 'end';
}

export interface AgreementGeometry {
  /** Baselines of the names, and the height of the dots. */
  rows: { kind: string; nameY: number; y: number; jaccard: Mark; spearman: Mark; text: string }[];
  jaccard: Scale;
  spearman: Scale;
  /** Whether names stand above their rows, for want of width. */
  stacked: boolean;
  concordanceX: number;
  top: number;
  bottom: number;
  height: number;
}

export interface Scale {
  x: ScaleLinear<number, number>;
  left: number;
  right: number;
  ticks: number[];
  /** What two measures that know nothing of each other come to; null where that is not known. */
  chance: number | null;
}

const TOP = 34;
const NAMES = 236;
const GAP = 34;
const LAST = 52;
/** Below this there is no room for names beside the scales. */
const NARROW = 620;
/** Room that a number beside its dot takes. */
const NUMBER = 34;

/** Geometry of all rows at this width; the chance overlap is that of the Jaccard index. */
export function agreementGeometry(
  all: readonly Agreed[],
  chance: number,
  width: number,
): AgreementGeometry {
  const stacked = width < NARROW;
  const left = stacked ? 6 : NAMES;
  const pitch = stacked ? 46 : 30;
  const gap = stacked ? 18 : GAP;
  const half = Math.max(40, (width - left - gap - LAST - (stacked ? 4 : 12)) / 2);
  const least = all.reduce(
    (low, { spearmanLeast }) => (spearmanLeast < low ? spearmanLeast : low),
    0,
  );
  const jaccard: Scale = {
    x: scaleLinear([0, 1], [left, left + half]),
    left,
    right: left + half,
    ticks: [0, 0.5, 1],
    chance: Number.isFinite(chance) ? chance : null,
  };
  const second = left + half + gap;
  const lowest = Math.min(0, Math.floor(least * 4) / 4);
  const spearman: Scale = {
    x: scaleLinear([lowest, 1], [second, second + half]),
    left: second,
    right: second + half,
    ticks: lowest < 0 ? [lowest, 0, 0.5, 1] : [0, 0.5, 1],
    chance: 0,
  };
  const rows = all.map((agreed, at) => {
    const top = TOP + at * pitch;
    return {
      kind: agreed.kind,
      nameY: top + (stacked ? 13 : 19),
      y: top + (stacked ? 29 : 15),
      jaccard: markOf(jaccard, agreed.jaccard, agreed.jaccardLeast, agreed.jaccardMost),
      spearman: markOf(spearman, agreed.spearman, agreed.spearmanLeast, agreed.spearmanMost),
      text: figure(agreed.concordance),
    };
  });
  const bottom = TOP + all.length * pitch;
  return {
    rows,
    jaccard,
    spearman,
    stacked,
    concordanceX: width - 2,
    top: TOP,
    bottom,
    height: bottom + 20,
  };
}

function markOf({ x, right }: Scale, mean: number, least: number, most: number): Mark {
  if (!Number.isFinite(mean)) {
    return { x: null, from: 0, to: 0, text: '–', textX: round(x(0) + 6), textAnchor: 'start' };
  }
  const [from, at, to] = [x(least), x(mean), x(most)];
  // Beside the whole range, where nothing is crossed.
  const outside = to + 7 + NUMBER <= right + 12;
  return {
    x: round(at),
    from: round(from),
    to: round(to),
    text: figure(mean),
    textX: round(outside ? to + 8 : from - 8),
    textAnchor: outside ? 'start' : 'end',
  };
}

/** A coefficient as it is written: two decimals, no nought before the point. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const text = Math.abs(value).toFixed(2);
  const bare = text.startsWith('0') ? text.slice(1) : text;
  return value < 0 && Number(text) > 0 ? `−${bare}` : bare;
}

/** The figures as a table. */
export function agreementRows(
  all: readonly Agreed[],
  name: (kind: string) => string,
  chance: number,
): string[][] {
  const exact = (value: number) => (Number.isFinite(value) ? value.toFixed(4) : '');
  return [
    [
      'compared',
      'measures',
      'overlap of the most distorted tenth (Jaccard), mean',
      'least',
      'most',
      'overlap by chance',
      'Spearman, mean',
      'least',
      'most',
      'Kendall’s W',
    ],
    ...all.map((agreed) => [
      name(agreed.kind),
      `${agreed.measures}`,
      exact(agreed.jaccard),
      exact(agreed.jaccardLeast),
      exact(agreed.jaccardMost),
      exact(chance),
      exact(agreed.spearman),
      exact(agreed.spearmanLeast),
      exact(agreed.spearmanMost),
      exact(agreed.concordance),
    ]),
  ];
}

const round = (value: number) => Math.round(value * 100) / 100;
