/** The figures of a finding, network under network: data in, geometry out. */
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { LETTER } from './labels';

export type Tone =
  | 'clean'
  | 'transfer'
  | 'adaptive'
  | 'certified'
  | 'overlap'
  | 'spearman'
  | 'share';

export const TONES: readonly { tone: Tone; label: string; short: string }[] = [
  { tone: 'clean', label: 'clean', short: 'clean' },
  { tone: 'transfer', label: 'old adversarial', short: 'old' },
  { tone: 'adaptive', label: 're-attacked', short: 're-att.' },
  { tone: 'certified', label: 'certified', short: 'certified' },
  { tone: 'overlap', label: 'overlap, %', short: 'overlap' },
  { tone: 'spearman', label: 'Spearman × 100', short: 'ρ·100' },
  { tone: 'share', label: 'share, %', short: 'share' },
];

interface Share {
  correct: number;
  total: number;
}

interface Sized {
  eps: number;
  count: Share;
}

interface Alike {
  overlap?: number | null | undefined;
  spearman?: number | null | undefined;
}

/** What distortions are compared between, in the core's words. */
const COMPARED = [
  ['halves', 'halves of the images'],
  ['attacks', 'attacks'],
  ['sizes', 'sizes of the attack'],
  ['digits', 'digits'],
  ['images', 'single images'],
  ['noise', 'noise'],
  ['activation', 'mean output'],
] as const;

/** What filters are made of, in the core's words. */
const PARTS = [
  ['short', 'energy in short waves'],
  ['rare', 'weights on rarely lit pixels'],
] as const;

type Likeness = Record<(typeof COMPARED)[number][0], Alike> & {
  chance?: number | null | undefined;
};
type MadeOf = Partial<Record<(typeof PARTS)[number][0], number | null | undefined>>;

interface Outcome {
  sparsity: number;
  clean: Share;
  transfer: readonly Sized[];
  adaptive: readonly Sized[];
  certified: readonly Sized[];
  similarity?: Likeness | undefined;
  filters?: MadeOf | undefined;
}

/** One network that was, or is to be, measured. */
export interface Arm {
  /** Those of one label differ in the seed alone. */
  label: string;
  asked: {
    transfer?: boolean;
    adaptive?: readonly number[];
    certified?: readonly number[];
    similarity?: boolean;
    filters?: boolean;
  };
  outcome: Outcome | null;
}

/** A figure over the seeds, as the core sums it up. */
export interface Summed {
  label: string;
  measure: string;
  eps?: number | null | undefined;
  value: number;
  low: number;
  high: number;
  /** Correlations have none; everything else is in per cent. */
  unit: string;
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

/** One figure that was asked for: its name in the core, and where an outcome has it. */
interface Figure {
  tone: Tone;
  measure: string;
  eps: number | null;
  /** As a share. */
  of: (outcome: Outcome) => number | null | undefined;
}

const shareOf = ({ correct, total }: Share) => (total > 0 ? correct / total : 0);

const sized = (tone: 'transfer' | 'adaptive' | 'certified', eps: number): Figure => ({
  tone,
  measure: tone,
  eps,
  of: (outcome) => {
    const at = outcome[tone].find((each) => each.eps === eps);
    return at && shareOf(at.count);
  },
});

/** Every figure that is asked of a network, row by row. */
function figuresOf(asked: Arm['asked']): { label: string; figures: Figure[] }[] {
  const clean: Figure = {
    tone: 'clean',
    measure: 'clean',
    eps: null,
    of: (outcome) => shareOf(outcome.clean),
  };
  const { adaptive = [], certified = [] } = asked;
  const sizes = [...new Set([...adaptive, ...certified])].sort((a, b) => a - b);
  const rows = sizes.map((eps) => {
    const figures: Figure[] = [];
    if (adaptive.includes(eps)) {
      if (asked.transfer) figures.push(sized('transfer', eps));
      figures.push(sized('adaptive', eps));
    }
    if (certified.includes(eps)) figures.push(sized('certified', eps));
    return { label: `ε ${eps}`, figures };
  });
  const alike = COMPARED.map(([key, label]) => ({
    label,
    figures: (['overlap', 'spearman'] as const).map((tone): Figure => {
      const measure = `${tone === 'overlap' ? 'overlap' : 'Spearman'}, ${label}`;
      return { tone, measure, eps: null, of: ({ similarity }) => similarity?.[key][tone] };
    }),
  }));
  const parts = PARTS.map(([key, label]) => ({
    label,
    figures: [
      { tone: 'share', measure: label, eps: null, of: ({ filters }) => filters?.[key] } as Figure,
    ],
  }));
  return [
    { label: 'clean', figures: [clean] },
    ...rows,
    ...(asked.similarity ? alike : []),
    ...(asked.filters ? parts : []),
  ];
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Every network with its figures, as far as they have come. */
export function findingGroups(arms: readonly Arm[], summed: readonly Summed[]): Group[] {
  const labels = [...new Set(arms.map(({ label }) => label))];
  return labels.map((label) => {
    const mine = arms.filter((arm) => arm.label === label);
    const outcomes = mine.flatMap(({ outcome }) => (outcome ? [outcome] : []));
    const dot = ({ tone, measure, eps, of }: Figure): Dot => {
      const seeds = outcomes.flatMap((outcome) => {
        const found = of(outcome);
        return found === undefined || found === null ? [] : [100 * found];
      });
      const known = summed.find(
        (each) => each.label === label && each.measure === measure && (each.eps ?? null) === eps,
      );
      const scale = known?.unit === '%' ? 1 : 100;
      const fallback = seeds.length > 0 ? mean(seeds) : null;
      return {
        tone,
        seeds,
        value: known ? scale * known.value : fallback,
        interval: known ? { low: scale * known.low, high: scale * known.high } : null,
      };
    };
    const rows = figuresOf(mine[0]?.asked ?? {}).map((row) => ({
      label: row.label,
      dots: row.figures.map(dot),
    }));
    return { label, note: noteOf(outcomes), rows };
  });
}

/** What else there is to know of a network: how much is zero, what chance would do. */
function noteOf(outcomes: readonly Outcome[]): string {
  const zero = mean(outcomes.map(({ sparsity }) => sparsity));
  if (zero > 0) return `${(100 * zero).toFixed(1)} % of weights zero`;
  const chances = outcomes.flatMap(({ similarity }) => similarity?.chance ?? []);
  return chances.length > 0 ? `by chance an overlap of ${(100 * mean(chances)).toFixed(1)} %` : '';
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
  /** What the horizontal axis counts. */
  axis: string;
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
/** Least room for the names of the rows, and beside them. */
const LEFT = 58;
const BESIDE = 14;
/** Two figures of one row stand apart, so that neither hides the other. */
const APART = 3.5;
const ACCURACIES: readonly Tone[] = ['clean', 'transfer', 'adaptive', 'certified'];
/** What lies beyond the plot, as a negative correlation, is drawn at its end. */
const within = (value: number) => Math.min(100, Math.max(0, value));

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
  const longest = Math.max(
    ...groups.flatMap(({ rows }) => rows.map(({ label }) => label.length)),
    0,
  );
  const left = Math.max(LEFT, longest * LETTER + BESIDE);
  const right = Math.max(left + 50, width - columns.reduce((sum, each) => sum + each.width, 0) - 8);
  const x = scaleLinear([0, 100], [left, right]);
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
          seeds: seeds.map((seed) => x(within(seed))),
          x: value === null ? null : x(within(value)),
          from: interval && x(within(interval.low)),
          to: interval && x(within(interval.high)),
          number: {
            x: heads.find((each) => each.tone === tone)?.x ?? right,
            text: value === null ? '' : value.toFixed(1).replace('-', '−'),
          },
        };
      });
      return { label: row.label, y: middle, dots };
    });
    return { label, note, y: head, rows: lines };
  });
  const ticks = right - left > 260 ? [0, 25, 50, 75, 100] : [0, 50, 100];
  return {
    x,
    width,
    height: y + BOTTOM,
    left,
    right,
    top: HEAD,
    bottom: y + 4,
    axis: used.every(({ tone }) => ACCURACIES.includes(tone)) ? 'accuracy, % →' : '% →',
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
        tone === 'clean' ? 'clean' : `${label(tone).replace(', %', '')}, ${row.label}`,
        value === null ? '' : value.toFixed(1),
        interval ? interval.low.toFixed(1) : '',
        interval ? interval.high.toFixed(1) : '',
        `${seeds.length}`,
      ]),
    ),
  );
  return [['network', 'figure', '%', '95 % from', 'to', 'seeds'], ...rows];
}
