/** Accuracy against the share that is cut: data in, geometry out. */
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { area, curveLinear, line } from 'd3-shape';
import { type Box, type Placed, placeLabels } from './labels';
import { type Measured, percent, share } from './measured';

export type SeriesKey = 'clean' | 'transfer' | 'adaptive';

export const SERIES: readonly { key: SeriesKey; label: string; direct: string }[] = [
  { key: 'clean', label: 'clean', direct: 'clean' },
  // The plot is small; the figures above it carry the whole name beside the same dashes.
  { key: 'transfer', label: 'old adversarial', direct: 'old' },
  { key: 'adaptive', label: 're-attacked', direct: 're-attacked' },
];

export interface Point {
  amount: number;
  clean: Measured | null;
  transfer: Measured | null;
  adaptive: Measured | null;
}

export interface Margin {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface CurveGeometry {
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
  box: Box;
  lines: { key: SeriesKey; label: string; path: string; dots: { x: number; y: number }[] }[];
  /** 95 % interval of the re-attacked figure. */
  band: string;
  labels: Placed[];
  ticks: { x: number[]; y: number[] };
}

const MARGIN: Margin = { top: 28, right: 14, bottom: 34, left: 32 };

/** Geometry of the whole plot; `now` is the share cut in the network on screen, if any. */
export function curveGeometry(
  points: readonly Point[],
  width: number,
  height: number,
  now: number | null,
  margin: Margin = MARGIN,
): CurveGeometry {
  const box = {
    x: margin.left,
    y: margin.top,
    width: Math.max(40, width - margin.left - margin.right),
    height: Math.max(40, height - margin.top - margin.bottom),
  };
  const x = scaleLinear([0, 100], [box.x, box.x + box.width]);
  const y = scaleLinear([0, 1], [box.y + box.height, box.y]);
  const ordered = [...points].sort((a, b) => a.amount - b.amount);

  const lines = SERIES.map(({ key, direct: label }) => {
    const dots = ordered.flatMap((point) => {
      const measured = point[key];
      return measured && measured.total > 0
        ? [{ x: round(x(point.amount)), y: round(y(share(measured))) }]
        : [];
    });
    const path = line<{ x: number; y: number }>(
      (dot) => dot.x,
      (dot) => dot.y,
    ).curve(curveLinear)(dots);
    return { key, label, path: path ?? '', dots };
  });

  const measured = ordered.flatMap((point) =>
    point.adaptive && point.adaptive.total > 0 ? [{ amount: point.amount, ...point.adaptive }] : [],
  );
  const band =
    area<(typeof measured)[number]>()
      .x((point) => round(x(point.amount)))
      .y0((point) => round(y(point.low)))
      .y1((point) => round(y(point.high)))(measured) ?? '';

  const marker = now === null ? [] : [{ x: x(now) - 2, y: box.y, width: 4, height: box.height }];
  const labels = placeLabels(
    lines.filter(({ dots }) => dots.length > 1),
    box,
    marker,
  );
  return {
    x,
    y,
    box,
    lines,
    band,
    labels,
    ticks: { x: [0, 25, 50, 75, 100], y: [0, 0.25, 0.5, 0.75, 1] },
  };
}

const round = (value: number) => Math.round(value * 100) / 100;

/** The plotted figures as a table, one row a point. */
export function curveRows(points: readonly Point[], what: string): string[][] {
  const cell = (measured: Measured | null) =>
    measured && measured.total > 0
      ? [
          percent(share(measured)),
          percent(measured.low),
          percent(measured.high),
          `${measured.total}`,
        ]
      : ['', '', '', ''];
  const heads = SERIES.flatMap(({ label }) => [
    `${label} accuracy, %`,
    `${label} low, %`,
    `${label} high, %`,
    `${label} test images`,
  ]);
  const rows = [...points]
    .sort((a, b) => a.amount - b.amount)
    .map((point) => [
      `${point.amount}`,
      ...cell(point.clean),
      ...cell(point.transfer),
      ...cell(point.adaptive),
    ]);
  return [[`${what} cut, %`, ...heads], ...rows];
}

/** Rows as comma-separated values (RFC 4180). */
export function csv(rows: readonly (readonly string[])[]): string {
  const quote = (text: string) =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return `${rows.map((row) => row.map(quote).join(',')).join('\r\n')}\r\n`;
}
