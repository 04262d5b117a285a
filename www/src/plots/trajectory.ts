/** The way of an attack on one image, look by look: data in, geometry out. */
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Box } from './labels';
import { short } from './measured';

/** What was seen at each look; all lists are as long as each other. */
export interface Way {
  /** Steps done before each look. */
  steps: readonly number[];
  /** Cross-entropy of the digit that the attack minds. */
  losses: readonly number[];
  /** The digit read. */
  read: readonly number[];
  norms: readonly number[];
}

export interface Run {
  digit: number;
  x: number;
  width: number;
  /** Whether the attack has not yet got what it wants. */
  holds: boolean;
}

export interface TrajectoryGeometry {
  /** Place of each look, from 0 to the last; the scrubber moves along it. */
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
  box: Box;
  path: string;
  /** Looks in a row at which the same digit was read. */
  runs: Run[];
  /** The largest loss. */
  most: number;
  ticks: { at: number; step: number }[];
}

/** Room for the loss's scale on the left, and for the last step's number on the right. */
const MARGIN = { top: 6, right: 14, left: 34 };

/** `holds`: whether a digit read means that the attack has not succeeded. */
export function trajectoryGeometry(
  { steps, losses, read }: Way,
  holds: (digit: number) => boolean,
  width: number,
  height: number,
): TrajectoryGeometry {
  const box = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: Math.max(40, width - MARGIN.left - MARGIN.right),
    height: Math.max(10, height - MARGIN.top),
  };
  const last = Math.max(1, losses.length - 1);
  const x = scaleLinear([0, last], [box.x, box.x + box.width]);
  const most = losses.reduce((top, loss) => Math.max(top, loss), 0);
  const y = scaleLinear([0, most > 0 ? most : 1], [box.y + box.height, box.y]);
  const path = line<number>(
    (_, at) => round(x(at)),
    (loss) => round(y(loss)),
  )([...losses]);

  const runs: Run[] = [];
  read.forEach((digit, at) => {
    // A look stands for the time around it.
    const from = x(Math.max(0, at - 0.5));
    const to = x(Math.min(last, at + 0.5));
    const run = runs.at(-1);
    if (run?.digit === digit) run.width = round(to - run.x);
    else runs.push({ digit, x: round(from), width: round(to - from), holds: holds(digit) });
  });

  const places = [...new Set([0, Math.floor(last / 2), last])];
  const ticks = places.flatMap((at) => {
    const step = steps[at];
    return step === undefined ? [] : [{ at, step }];
  });
  return { x, y, box, path: path ?? '', runs, most, ticks };
}

/** The plotted figures as a table, one row a look. */
export function trajectoryRows({ steps, losses, read, norms }: Way, norm: string): string[][] {
  const rows = steps.map((step, at) => [
    `${step}`,
    short(losses[at] ?? 0),
    `${read[at] ?? ''}`,
    (norms[at] ?? 0).toFixed(4),
  ]);
  return [['step', 'loss', 'read as', `${norm} norm`], ...rows];
}

const round = (value: number) => Math.round(value * 100) / 100;
