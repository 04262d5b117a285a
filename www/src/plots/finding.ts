/** The figures of a finding, network under network: data in, geometry out. */
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { LETTER } from './labels';

export type Tone = 'clean' | 'transfer' | 'adaptive' | 'certified';

export const TONES: readonly { tone: Tone; label: string; short: string }[] = [
  { tone: 'clean', label: 'clean', short: 'clean' },
  { tone: 'transfer', label: 'old adversarial', short: 'old' },
  { tone: 'adaptive', label: 're-attacked', short: 're-att.' },
  { tone: 'certified', label: 'certified', short: 'certified' },
];

interface Share {
  correct: number;
  total: number;
}

interface Sized {
  eps: number;
  count: Share;
}

/** One network that was, or is to be, measured. */
export interface Arm {
  /** Those of one label differ in the seed alone. */
  label: string;
  asked: { transfer?: boolean; adaptive?: readonly number[]; certified?: readonly number[] };
  outcome: {
    sparsity: number;
    clean: Share;
    transfer: readonly Sized[];
    adaptive: readonly Sized[];
    certified: readonly Sized[];
  } | null;
}

/** A figure over the seeds, in per cent, as the core sums it up. */
export interface Summed {
  label: string;
  measure: string;
  eps?: number | null | undefined;
  value: number;
  low: number;
  high: number;
}

export interface Dot {
  tone: Tone;
  /** Per cent, of every seed that has come. */
  seeds: number[];
  /** Their mean. */
  value: number | null;
  /** The 95 % interval, once all seeds have come. */
  interval: { low: number; high: number } | null;
}

export interface Row {
  /** `clean`, or the size of the attack. */
  label: string;
  dots: Dot[];
}

export interface Group {
  label: string;
  /** Share of weights that are zero, where some are. */
  note: string;
  rows: Row[];
}

const percentOf = ({ correct, total }: Share) => (total > 0 ? (100 * correct) / total : 0);

/** Every network with its figures, as far as they have come. */
export function findingGroups(arms: readonly Arm[], figures: readonly Summed[]): Group[] {
  const labels = [...new Set(arms.map(({ label }) => label))];
  return labels.map((label) => {
    const mine = arms.filter((arm) => arm.label === label);
    const outcomes = mine.flatMap(({ outcome }) => (outcome ? [outcome] : []));
    const asked: Arm['asked'] = mine[0]?.asked ?? {};
    const dot = (tone: Tone, eps: number | null): Dot => {
      const seeds = outcomes.flatMap((outcome) => {
        if (tone === 'clean') return [percentOf(outcome.clean)];
        const at = outcome[tone].find((each) => each.eps === eps);
        return at ? [percentOf(at.count)] : [];
      });
      const summed = figures.find(
        (each) => each.label === label && each.measure === tone && (each.eps ?? null) === eps,
      );
      const mean = seeds.reduce((a, b) => a + b, 0) / seeds.length;
      return {
        tone,
        seeds,
        value: summed?.value ?? (seeds.length > 0 ? mean : null),
        interval: summed ? { low: summed.low, high: summed.high } : null,
      };
    };
    const sizes = [...new Set([...(asked.adaptive ?? []), ...(asked.certified ?? [])])];
    const rows = sizes
      .sort((a, b) => a - b)
      .map((eps) => {
        const dots: Dot[] = [];
        if (asked.adaptive?.includes(eps)) {
          if (asked.transfer) dots.push(dot('transfer', eps));
          dots.push(dot('adaptive', eps));
        }
        if (asked.certified?.includes(eps)) dots.push(dot('certified', eps));
        return { label: `ε ${eps}`, dots };
      });
    const zero = outcomes.reduce((sum, { sparsity }) => sum + sparsity, 0) / outcomes.length;
    return {
      label,
      note: zero > 0 ? `${(100 * zero).toFixed(1)} % of weights zero` : '',
      rows: [{ label: 'clean', dots: [dot('clean', null)] }, ...rows],
    };
  });
}

export interface PlacedDot {
  tone: Tone;
  y: number;
  seeds: number[];
  x: number | null;
  from: number | null;
  to: number | null;
  number: { x: number; text: string };
}

export interface FindingGeometry {
  x: ScaleLinear<number, number>;
  width: number;
  height: number;
  left: number;
  right: number;
  /** Top and bottom of the rules. */
  top: number;
  bottom: number;
  /** Names of the columns of numbers, by which the dots' colours are known. */
  heads: { tone: Tone; label: string; x: number }[];
  groups: {
    label: string;
    note: string;
    y: number;
    rows: { label: string; y: number; dots: PlacedDot[] }[];
  }[];
  ticks: number[];
}

const HEAD = 20;
const GROUP = 24;
const ROW = 19;
const BOTTOM = 34;
/** Room for the names of the rows. */
const LEFT = 58;
/** Two figures of one row stand apart, so that neither hides the other. */
const APART = 3.5;

/** Geometry of the plot at this width; it is as high as it has rows, whatever has come. */
export function findingGeometry(groups: readonly Group[], width: number): FindingGeometry {
  const used = TONES.filter(({ tone }) =>
    groups.some(({ rows }) => rows.some(({ dots }) => dots.some((dot) => dot.tone === tone))),
  );
  const roomy = width >= 520;
  const columns = used.map(({ label, short }) => {
    const words = roomy ? label : short;
    return { words, width: Math.max(40, words.length * LETTER + 12) };
  });
  const right = Math.max(LEFT + 60, width - columns.reduce((sum, each) => sum + each.width, 0) - 8);
  const x = scaleLinear([0, 100], [LEFT, right]);
  let end = right + 8;
  const heads = used.map(({ tone }, at) => {
    end += columns[at]?.width ?? 0;
    return { tone, label: columns[at]?.words ?? '', x: end };
  });
  let y = HEAD;
  const placed = groups.map(({ label, note, rows }) => {
    const head = y + GROUP - 8;
    y += GROUP;
    const lines = rows.map((row) => {
      const middle = y + ROW / 2;
      y += ROW;
      const dots = row.dots.map((dot, at): PlacedDot => {
        const { tone, seeds, value, interval } = dot;
        return {
          tone,
          y: middle + (at - (row.dots.length - 1) / 2) * 2 * APART,
          seeds: seeds.map((seed) => x(seed)),
          x: value === null ? null : x(value),
          from: interval && x(Math.max(0, interval.low)),
          to: interval && x(Math.min(100, interval.high)),
          number: {
            x: heads.find((each) => each.tone === tone)?.x ?? right,
            text: value === null ? '' : value.toFixed(1),
          },
        };
      });
      return { label: row.label, y: middle, dots };
    });
    return { label, note, y: head, rows: lines };
  });
  const ticks = right - LEFT > 260 ? [0, 25, 50, 75, 100] : [0, 50, 100];
  return {
    x,
    width,
    height: y + BOTTOM,
    left: LEFT,
    right,
    top: HEAD,
    bottom: y + 4,
    heads,
    groups: placed,
    ticks,
  };
}

/** The figures as a table. */
export function findingRows(groups: readonly Group[]): string[][] {
  const label = (tone: Tone) => TONES.find((each) => each.tone === tone)?.label ?? tone;
  const rows = groups.flatMap((group) =>
    group.rows.flatMap((row) =>
      row.dots.map(({ tone, seeds, value, interval }) => [
        group.label,
        tone === 'clean' ? 'clean' : `${label(tone)}, ${row.label}`,
        value === null ? '' : value.toFixed(1),
        interval ? interval.low.toFixed(1) : '',
        interval ? interval.high.toFixed(1) : '',
        `${seeds.length}`,
      ]),
    ),
  );
  return [['network', 'accuracy', '%', '95 % from', 'to', 'seeds'], ...rows];
}
