/** Criteria against each other and against chance: data in, geometry out. */
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import {
  area,
  line,
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';
import { SERIES, type SeriesKey } from './curve';
import { type Box, type Placed, placeLabels } from './labels';
import { type Measured, percent, share } from './measured';

/** One network that was measured. */
export interface RaceEntry {
  by: string;
  amount: number;
  link: string;
  clean: Measured | null;
  transfer: Measured | null;
  adaptive: Measured | null;
}

/** One amount of one criterion, over all networks measured there. */
export interface RacePoint {
  amount: number;
  /** Mean over the networks. */
  value: number;
  /** Of one network the 95 % interval, of several the lowest and the highest. */
  low: number;
  high: number;
  networks: number;
  /** To the first of them. */
  link: string;
}

export const RANDOM = 'random' as const;
/** What is not cut at all, where every curve begins. */
export const WHOLE = 'whole' as const;

/** The marks that tell criteria apart, in every panel the same. */
const MARKS = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolWye];
export const MOST_CRITERIA = MARKS.length;

/** The mark of the criterion at this place, around the origin. */
export function mark(place: number, size = 44): string {
  return symbol(MARKS[place % MARKS.length] ?? symbolCircle, size)() ?? '';
}

/** What one criterion came to, amount by amount. */
export function racePoints(
  entries: readonly RaceEntry[],
  by: string,
  figure: SeriesKey,
): RacePoint[] {
  const byAmount = new Map<number, { measured: Measured; link: string }[]>();
  for (const entry of entries) {
    const measured = entry.by === by || entry.by === WHOLE ? entry[figure] : null;
    if (!measured || measured.total === 0) continue;
    const there = byAmount.get(entry.amount) ?? [];
    byAmount.set(entry.amount, [...there, { measured, link: entry.link }]);
  }
  // Where nothing of the criterion itself has come yet, there is no curve.
  if (!entries.some((entry) => entry.by === by && (entry[figure]?.total ?? 0) > 0)) return [];
  const points = [...byAmount].map(([amount, found]) => {
    const shares = found.map(({ measured }) => share(measured));
    const [first] = found;
    const alone = found.length === 1 && first ? first.measured : null;
    return {
      amount,
      value: shares.reduce((a, b) => a + b, 0) / shares.length,
      low: alone?.low ?? Math.min(...shares),
      high: alone?.high ?? Math.max(...shares),
      networks: found.length,
      link: first?.link ?? '',
    };
  });
  return points.sort((a, b) => a.amount - b.amount);
}

export interface RaceLine {
  by: string;
  label: string;
  /** Its place among the criteria, which has its mark. */
  place: number;
  path: string;
  dots: { x: number; y: number; low: number; high: number; point: RacePoint }[];
}

export interface RacePanel {
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
  box: Box;
  lines: RaceLine[];
  /** Where random orders lie. */
  band: string;
  /** Their mean. */
  middle: string;
  labels: Placed[];
  ticks: { x: number[]; y: number[] };
}

const MARGIN = { top: 14, right: 12, bottom: 34, left: 32 };
const round = (value: number) => Math.round(value * 100) / 100;

/** One panel: one figure of every criterion. */
export function racePanel(
  entries: readonly RaceEntry[],
  criteria: readonly { by: string; label: string }[],
  figure: SeriesKey,
  width: number,
  height: number,
): RacePanel {
  const box = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: Math.max(40, width - MARGIN.left - MARGIN.right),
    height: Math.max(40, height - MARGIN.top - MARGIN.bottom),
  };
  const x = scaleLinear([0, 100], [box.x, box.x + box.width]);
  const y = scaleLinear([0, 1], [box.y + box.height, box.y]);
  const joined = line<{ x: number; y: number }>(
    (dot) => dot.x,
    (dot) => dot.y,
  );
  const lines = criteria.map(({ by, label }, place) => {
    const dots = racePoints(entries, by, figure).map((point) => ({
      x: round(x(point.amount)),
      y: round(y(point.value)),
      low: round(y(point.low)),
      high: round(y(point.high)),
      point,
    }));
    return { by, label, place, path: joined(dots) ?? '', dots };
  });
  const random = racePoints(entries, RANDOM, figure).map((point) =>
    // Of one network alone there is no lowest and no highest.
    point.networks > 1 ? point : { ...point, low: point.value, high: point.value },
  );
  const band =
    random.length > 1
      ? (area<RacePoint>()
          .x(({ amount }) => round(x(amount)))
          .y0(({ low }) => round(y(low)))
          .y1(({ high }) => round(y(high)))(random) ?? '')
      : '';
  const means = random.map(({ amount, value }) => ({ x: round(x(amount)), y: round(y(value)) }));
  const chance = means.length > 1 ? [{ key: RANDOM, label: 'random', dots: means }] : [];
  const named = lines.filter(({ dots }) => dots.length > 1);
  const labels = placeLabels(
    // Room for the mark before the name.
    [...named.map(({ by: key, label, dots }) => ({ key, label: `  ${label}`, dots })), ...chance],
    box,
  ).map((placed) => ({ ...placed, label: placed.label.trim() }));
  const ticks = { x: [0, 25, 50, 75, 100], y: [0, 0.25, 0.5, 0.75, 1] };
  return { x, y, box, lines, band, middle: joined(means) ?? '', labels, ticks };
}

/** The plotted figures as a table, one row a network. */
export function raceRows(
  entries: readonly (RaceEntry & { seed: number; draw: number })[],
  label: (by: string) => string,
): string[][] {
  const heads = SERIES.flatMap(({ label: name }) => [`${name}, %`, `${name} low`, `${name} high`]);
  const cells = (measured: Measured | null) =>
    measured && measured.total > 0
      ? [percent(share(measured)), percent(measured.low), percent(measured.high)]
      : ['', '', ''];
  const rows = entries.map((entry) => [
    label(entry.by),
    `${entry.amount}`,
    `${entry.seed}`,
    entry.by === RANDOM ? `${entry.draw}` : '',
    ...SERIES.flatMap(({ key }) => cells(entry[key])),
    entry.link,
  ]);
  return [['criterion', 'cut, %', 'seed', 'random order', ...heads, 'link'], ...rows];
}
