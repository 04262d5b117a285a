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
export const LETTER = 6.6;
const HEIGHT = 14;
/** Clearance between a line and the nearest edge of its label. */
const CLEAR = 4;
/** How far a label may hang over the edge of the plot before it meets the axis. */
const OVER = 5;

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

/** A line read once at every pixel of the frame, since it is asked for thousands of times. */
interface Sampled {
  own: Labelled;
  heights: Float64Array;
}

function sample(own: Labelled, frame: Box): Sampled {
  const heights = new Float64Array(Math.ceil(frame.width) + 1);
  for (let at = 0; at < heights.length; at += 1) {
    heights[at] = heightAt(own.dots, frame.x + at) ?? Number.NaN;
  }
  return { own, heights };
}

const read = (line: Sampled, frame: Box, x: number): number =>
  line.heights[Math.round(x - frame.x)] ?? Number.NaN;

/** How many pixels of `line` run through the box. */
function crossing(box: Box, line: Sampled, frame: Box): number {
  let hit = 0;
  for (let x = box.x; x <= box.x + box.width; x += 3) {
    const y = read(line, frame, x);
    if (y > box.y - 2 && y < box.y + box.height + 2) hit += 3;
  }
  return hit;
}

/** How much further than its own line another line must be from a label's middle. */
const NEARER = 16;

/** A label as near to another line as to its own could be read as that line's. */
function nearness(box: Box, own: Sampled, other: Sampled, frame: Box): number {
  const gap = (line: Sampled) => {
    const y = read(line, frame, box.x + box.width / 2);
    return Math.max(box.y - y, y - box.y - box.height, 0);
  };
  const difference = gap(other) - gap(own);
  return Number.isFinite(difference) ? Math.max(0, NEARER - difference) * 40 : 0;
}

/** Highest and lowest point of a line under a label, or null where it has none. */
function span(line: Sampled, frame: Box, from: number, to: number): [number, number] | null {
  let [top, bottom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let x = from; x <= to; x += 6) {
    const y = read(line, frame, x);
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return top <= bottom ? [top, bottom] : null;
}

/** Places every label near its own line, away from all lines, other labels and `taken` boxes. */
export function placeLabels(
  lines: readonly Labelled[],
  frame: Box,
  taken: readonly Box[] = [],
): Placed[] {
  const placed: Placed[] = [];
  const sampled = lines.map((line) => sample(line, frame));
  for (const line of sampled) {
    const { key, label } = line.own;
    const width = label.length * LETTER;
    let best: Placed | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (let x = frame.x + 4; x <= frame.x + frame.width - width; x += 6) {
      // The label keeps clear of the line over its whole width, not only at one point.
      const under = span(line, frame, x, x + width);
      if (!under) continue;
      const [top, bottom] = under;
      for (const { way, away } of SIDES) {
        const y = way === 'above' ? top - CLEAR - HEIGHT - away : bottom + CLEAR + away;
        const box = { x, y, width, height: HEIGHT };
        const beyond = Math.max(0, frame.y - y, y + HEIGHT - frame.y - frame.height);
        const outside = beyond > OVER ? 4000 : beyond * 10;
        let penalty = outside + (bottom - top) * 0.3 + away * 2;
        for (const other of placed) penalty += overlap(box, other.box) * 40;
        for (const other of taken) penalty += overlap(box, other) * 12;
        for (const other of sampled) {
          // Nothing can make up for what is lost already.
          if (penalty >= least) break;
          penalty += crossing(box, other, frame) * 60;
          if (other !== line) penalty += nearness(box, line, other, frame);
        }
        if (penalty < least) {
          least = penalty;
          best = { key, label, x, y: y + HEIGHT - 3, box };
        }
      }
    }
    if (best) placed.push(best);
  }
  return placed;
}
