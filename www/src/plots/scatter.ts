/** Panels of dots side by side, or below each other where there is no room. Pure geometry. */
import { scaleLinear } from 'd3-scale';

export interface Dots {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** How the axes run: each over its own values, from 0 where they come near it, or from 0 to 1. */
export type Reach = 'each' | 'unit';

export interface Panel {
  left: number;
  top: number;
  right: number;
  bottom: number;
  dots: { x: number; y: number; at: number }[];
  xTicks: { x: number; label: string }[];
  yTicks: { y: number; label: string }[];
  /** Places on the page of any values. */
  place: (x: number, y: number) => { x: number; y: number };
}

export interface ScatterGeometry {
  panels: Panel[];
  height: number;
}

const MARGIN = { top: 26, right: 12, bottom: 34, left: 40 };
/** Narrower panels are put below each other. */
const LEAST = 215;
const MOST = 300;

/** Geometry of these panels at this width; dots without a place are left out. */
export function scatterGeometry(
  all: readonly Dots[],
  width: number,
  reach: Reach,
  foot = 0,
): ScatterGeometry {
  const across = Math.max(1, Math.min(all.length, Math.floor(width / LEAST)));
  const cell = width / across;
  const side = Math.min(MOST, cell - MARGIN.left - MARGIN.right);
  const tall = reach === 'unit' ? side : Math.min(side, 210);
  const pitch = MARGIN.top + tall + MARGIN.bottom + foot;
  const panels = all.map(({ x: xs, y: ys }, index) => {
    const left = (index % across) * cell + MARGIN.left;
    const top = Math.floor(index / across) * pitch + MARGIN.top;
    const [right, bottom] = [left + side, top + tall];
    const x = scaleLinear(reach === 'unit' ? [0, 1] : reachOf(xs), [left, right]);
    const y = scaleLinear(reach === 'unit' ? [0, 1] : reachOf(ys), [bottom, top]);
    const dots = Array.from({ length: xs.length }, (_, at) => ({
      x: round(x(xs[at] ?? Number.NaN)),
      y: round(y(ys[at] ?? Number.NaN)),
      at,
    })).filter((dot) => Number.isFinite(dot.x) && Number.isFinite(dot.y));
    const ticks = (scale: typeof x) => {
      if (reach === 'unit') {
        return [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, label: `${100 * value}` }));
      }
      const written = scale.tickFormat(4);
      return scale.ticks(4).map((value) => ({ value, label: written(value) }));
    };
    return {
      left: round(left),
      top,
      right: round(right),
      bottom: round(bottom),
      dots,
      xTicks: ticks(x).map(({ value, label }) => ({ x: round(x(value)), label })),
      yTicks: ticks(y).map(({ value, label }) => ({ y: round(y(value)), label })),
      place: (a: number, b: number) => ({ x: round(x(a)), y: round(y(b)) }),
    };
  });
  return { panels, height: Math.ceil(all.length / across) * pitch };
}

function reachOf(values: ArrayLike<number>): [number, number] {
  const finite = Array.from(values).filter(Number.isFinite);
  const most = finite.reduce((top, value) => Math.max(top, value), 0);
  const least = finite.reduce((low, value) => Math.min(low, value), most);
  if (!(most > 0)) return [0, 1];
  const air = 0.05 * (most - least);
  // Nought is shown unless the dots would crowd together far from it.
  return [least > 0.4 * most ? least - air : 0, most + air];
}

const round = (value: number) => Math.round(value * 100) / 100;
