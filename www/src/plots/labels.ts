/** Direct labels on lines, where they hide nothing. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Labelled {
  key: string;
  label: string;
  dots: readonly { x: number; y: number }[];
}

export interface Placed {
  key: string;
  label: string;
  x: number;
  y: number;
  box: Box;
}

/** Generous size of a letter at the label size of 11 px, since the system font is not known. */
const LETTER = 6.6;
const HEIGHT = 14;
/** Clearance between a line and the nearest edge of its label. */
const CLEAR = 5;

/** Close to the line where that is possible, further away where it is crowded. */
const SIDES = [0, 6, 12, 18, 26, 36].flatMap((away) => [
  { way: 'above' as const, away },
  { way: 'below' as const, away },
]);

const overlap = (a: Box, b: Box): number => {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return across > 0 && down > 0 ? across * down : 0;
};

/** Height of a polyline at `x`, or null where it has none. */
export function heightAt(dots: Labelled['dots'], x: number): number | null {
  for (let at = 1; at < dots.length; at += 1) {
    const [from, to] = [dots[at - 1], dots[at]];
    if (!from || !to || x < from.x || x > to.x) continue;
    const share = to.x > from.x ? (x - from.x) / (to.x - from.x) : 0;
    return from.y + (to.y - from.y) * share;
  }
  return null;
}

/** How many pixels of `line` run through the box. */
function crossing(box: Box, line: Labelled): number {
  let hit = 0;
  for (let x = box.x; x <= box.x + box.width; x += 3) {
    const y = heightAt(line.dots, x);
    if (y !== null && y > box.y - 2 && y < box.y + box.height + 2) hit += 3;
  }
  return hit;
}

/** How much further than its own line another line must be from a label's middle. */
const NEARER = 16;

/** A label as near to another line as to its own could be read as that line's. */
function nearness(box: Box, own: Labelled, other: Labelled): number {
  const gap = (line: Labelled) => {
    const y = heightAt(line.dots, box.x + box.width / 2);
    return y === null ? Number.POSITIVE_INFINITY : Math.max(box.y - y, y - box.y - box.height, 0);
  };
  const difference = gap(other) - gap(own);
  return Number.isFinite(difference) ? Math.max(0, NEARER - difference) * 30 : 0;
}

/** Places every label near its own line, away from all lines, other labels and `taken` boxes. */
export function placeLabels(
  lines: readonly Labelled[],
  frame: Box,
  taken: readonly Box[] = [],
): Placed[] {
  const placed: Placed[] = [];
  for (const own of lines) {
    const width = own.label.length * LETTER;
    let best: Placed | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (let x = frame.x + 4; x <= frame.x + frame.width - width; x += 6) {
      for (const side of SIDES) {
        // The label keeps clear of the line over its whole width, not only at one point.
        const heights: number[] = [];
        for (let at = x; at <= x + width; at += 6) {
          const height = heightAt(own.dots, at);
          if (height !== null) heights.push(height);
        }
        if (heights.length === 0) continue;
        const y =
          side.way === 'above'
            ? Math.min(...heights) - CLEAR - HEIGHT - side.away
            : Math.max(...heights) + CLEAR + side.away;
        const box = { x, y, width, height: HEIGHT };
        const outside = y < frame.y || y + HEIGHT > frame.y + frame.height ? 4000 : 0;
        const steep = Math.max(...heights) - Math.min(...heights);
        let penalty = outside + steep * 0.3 + side.away * 2;
        for (const line of lines) {
          penalty += crossing(box, line) * 60;
          if (line !== own) penalty += nearness(box, own, line);
        }
        for (const other of placed) penalty += overlap(box, other.box) * 40;
        for (const other of taken) penalty += overlap(box, other) * 12;
        if (penalty < least) {
          least = penalty;
          best = { key: own.key, label: own.label, x, y: y + HEIGHT - 3, box };
        }
      }
    }
    if (best) placed.push(best);
  }
  return placed;
}
