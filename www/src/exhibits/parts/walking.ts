/** From one mark of a plot to the next by arrow keys, wherever the marks happen to lie. */

export interface Placed {
  x: number;
  y: number;
  /** Marks of one line; those of tables have none. */
  series: string | null;
}

const ARROWS: Record<string, { x: number; y: number }> = {
  ArrowRight: { x: 1, y: 0 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowDown: { x: 0, y: 1 },
  ArrowUp: { x: 0, y: -1 },
};

/** Nearer than this is the same place. */
const SAME = 0.5;
/** What lies askew is further than what lies ahead. */
const ASKEW = 4;

/** The place that a key leads to from another one, or −1 where there is none. */
export function nextPlace(places: readonly Placed[], from: number, key: string): number {
  const here = places[from];
  if (!here) return -1;
  const own = (place: Placed) => here.series === null || place.series === here.series;
  if (key === 'Home') return places.findIndex(own);
  if (key === 'End') return places.findLastIndex(own);
  const arrow = ARROWS[key];
  if (!arrow) return -1;
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  places.forEach((place, at) => {
    const [dx, dy] = [place.x - here.x, place.y - here.y];
    const ahead = dx * arrow.x + dy * arrow.y;
    // Along a line left and right, from line to line up and down.
    if (at === from || ahead < SAME || (arrow.x !== 0 && !own(place))) return;
    if (arrow.y !== 0 && here.series !== null && own(place)) return;
    const far = ahead + ASKEW * Math.abs(arrow.x === 0 ? dx : own(place) && here.series ? 0 : dy);
    if (far < least) [best, least] = [at, far];
  });
  return best;
}

/** The same with elements on the page. */
export function walk(marks: readonly Element[], from: Element, key: string): Element | null {
  const places = marks.map((mark) => {
    const { left, top, width, height } = mark.getBoundingClientRect();
    const series = mark.getAttribute('data-series');
    return { x: left + width / 2, y: top + height / 2, series };
  });
  return marks[nextPlace(places, marks.indexOf(from), key)] ?? null;
}
