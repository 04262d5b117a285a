/** What a line drawn around tiles encloses. Pure geometry. */
import type { LayerLayout } from './tileLayout';

export interface Point {
  x: number;
  y: number;
}

/** Points closer together than this say nothing new. */
const NEAR = 3;

/** The line with one more point, if that is far enough from the last. */
export function drawnOn(line: readonly Point[], to: Point): readonly Point[] {
  const last = line.at(-1);
  if (last && Math.hypot(last.x - to.x, last.y - to.y) < NEAR) return line;
  return [...line, to];
}

/** Whether a closed line goes around a point (the rule of even and odd). */
export function encloses(line: readonly Point[], { x, y }: Point): boolean {
  let inside = false;
  let before = line.at(-1);
  for (const point of line) {
    if (before && point.y > y !== before.y > y) {
      const crossing = point.x + ((y - point.y) / (before.y - point.y)) * (before.x - point.x);
      if (x < crossing) inside = !inside;
    }
    before = point;
  }
  return inside;
}

/** The places of a layer whose middle is inside; `line` is in the layer's own coordinates. */
export function enclosedPlaces(
  line: readonly Point[],
  layer: LayerLayout,
  pitch: number,
  side: number,
): number[] {
  if (line.length < 3) return [];
  const [xs, ys] = [line.map(({ x }) => x), line.map(({ y }) => y)];
  const reach = (values: number[], most: number) =>
    [
      Math.max(0, Math.floor(Math.min(...values) / pitch)),
      Math.min(most - 1, Math.floor(Math.max(...values) / pitch)),
    ] as const;
  const [left, right] = reach(xs, layer.columns);
  const [top, bottom] = reach(ys, layer.rows);
  const places: number[] = [];
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const place = row * layer.columns + column;
      const middle = { x: column * pitch + side / 2, y: row * pitch + side / 2 };
      if (place < layer.units && encloses(line, middle)) places.push(place);
    }
  }
  return places;
}
