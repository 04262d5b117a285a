/** A drawing as the pen left it: lines, not pixels. Nothing here has state. */

export interface Point {
  /** Across, in widths of the surface: 0 at its left, 1 at its right. */
  readonly x: number;
  /** Down, in the same measure. */
  readonly y: number;
}

/** Where the middle of the pen went, from putting it down to lifting it. */
export type Stroke = readonly Point[];

/** Width of the pen on the surface, in widths of the surface. */
export const SURFACE_PEN = 0.085;

/** Steps of the pen shorter than this leave no mark of their own. */
const SHORTEST = 1 / 250;

const inside = (value: number) => (value > 0 ? Math.min(1, value) : 0);

/** A point on the surface; one beside it is taken to its border. */
export const onSurface = (x: number, y: number): Point => ({ x: inside(x), y: inside(y) });

/** The drawing after the pen was put down. */
export function begun(strokes: readonly Stroke[], at: Point): readonly Stroke[] {
  return [...strokes, [at]];
}

/** The drawing after the pen was moved; the same drawing where it hardly moved. */
export function continued(strokes: readonly Stroke[], to: readonly Point[]): readonly Stroke[] {
  const stroke = strokes.at(-1);
  let last = stroke?.at(-1);
  if (!stroke || !last) return strokes;
  const added: Point[] = [];
  for (const point of to) {
    if (Math.hypot(point.x - last.x, point.y - last.y) < SHORTEST) continue;
    added.push(point);
    last = point;
  }
  return added.length === 0 ? strokes : [...strokes.slice(0, -1), [...stroke, ...added]];
}

/** The drawing without its newest stroke. */
export const withoutLast = (strokes: readonly Stroke[]): readonly Stroke[] => strokes.slice(0, -1);

/** A stroke as the path of an SVG whose surface is `side` wide; a point is a line of no length. */
export function pathOf(stroke: Stroke, side: number): string {
  const place = ({ x, y }: Point) => `${round(x * side)} ${round(y * side)}`;
  const [first, ...rest] = stroke;
  if (!first) return '';
  return `M${place(first)}${rest.length ? rest.map((point) => `L${place(point)}`).join('') : 'h0'}`;
}

const round = (value: number) => Math.round(value * 100) / 100;
