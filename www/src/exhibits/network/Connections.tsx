/** The strongest connections of the unit under the pointer or the keyboard, over everything. */
import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { css } from '../../plots/colour';
import { type Link, linksInto, linksOutOf } from '../../plots/links';
import type { TileLayout } from '../../plots/tileLayout';
import { SIDE } from '../../plots/weightMap';
import { tiles } from '../../state';
import { HEADING } from '../LayerSheets';
import { narrow, still } from '../parts/hooks';
import { ink } from '../parts/ink';
import { prunedNow, prunedPreview } from '../parts/plan';
import { pointed, type Unit } from '../parts/pointed';
import { placesOf, port } from '../parts/tileState';

/** So many on either side. */
const MOST = 8;
const FADE_MS = 240;
const DIGITS = 10;

export interface Links {
  of: Unit;
  into: Link[];
  outOf: Link[];
}

/** Null where nothing is pointed at, or what is pointed at is cut. */
function linksOf(at: Unit | null, gone: readonly ReadonlySet<number>[]): Links | null {
  const all = tiles.value;
  if (!at || !all || gone[at.layer]?.has(at.unit)) return null;
  const { layer, unit } = at;
  const units = (of: number) => all.layers[of]?.units ?? DIGITS;
  const [below, above] = [all.weights[layer], all.weights[layer + 1]];
  if (!below || !above) return null;
  // More than are drawn: some may lead to what is about to be cut.
  const left = (links: Link[], other: number) =>
    links.filter(({ at: end }) => !gone[other]?.has(end)).slice(0, MOST);
  return {
    of: at,
    into: left(linksInto(below, units(layer), unit, 4 * MOST), layer - 1),
    outOf: left(linksOutOf(above, units(layer + 1), unit, 4 * MOST), layer + 1),
  };
}

interface Place {
  x: number;
  y: number;
}

/** Where everything stands, in the pixels of the network's section. */
class Ground {
  readonly #corner: DOMRect;
  readonly #layers: DOMRect;
  readonly #section: HTMLElement;
  readonly #layout: TileLayout;
  #digits: DOMRect[] | null = null;

  constructor(section: HTMLElement, layout: TileLayout) {
    this.#section = section;
    this.#layout = layout;
    this.#corner = section.getBoundingClientRect();
    const layers = section.querySelector('.layers-box')?.getBoundingClientRect();
    this.#layers = layers ?? this.#corner;
  }

  /** The left or right edge of a tile; null where that is not in sight. */
  tile(layer: number, unit: number, edge: 'left' | 'right'): Place | null {
    const { pitch, inner, frame, layers } = this.#layout;
    const own = layers[layer];
    const place = placesOf.peek()[layer]?.[unit];
    if (!own || place === undefined) return null;
    const side = inner + 2 * frame;
    const left = own.x + (place % own.columns) * pitch - port.peek().x;
    const top = HEADING + Math.floor(place / own.columns) * pitch - port.peek().y;
    const middle = { x: left + side / 2, y: top + side / 2 };
    const { width, height } = this.#layers;
    if (middle.x < 0 || middle.y < 0 || middle.x > width || middle.y > height) return null;
    return this.#here(this.#layers, left + (edge === 'right' ? side : 0), middle.y);
  }

  digit(digit: number): Place | null {
    this.#digits ??= [...this.#section.querySelectorAll('.output .digit')].map((row) =>
      row.getBoundingClientRect(),
    );
    const row = this.#digits[digit];
    return row ? this.#here(row, -2, row.height / 2) : null;
  }

  pixel(pixel: number): Place | null {
    const box = this.#section.querySelector('.equation .pixels')?.getBoundingClientRect();
    if (!box) return null;
    const across = ((pixel % SIDE) + 0.5) * (box.width / SIDE);
    return this.#here(box, across, (Math.floor(pixel / SIDE) + 0.5) * (box.height / SIDE));
  }

  #here(box: DOMRect, x: number, y: number): Place {
    return { x: box.left - this.#corner.left + x, y: box.top - this.#corner.top + y };
  }
}

/** One stroke with paper around it, solid where the weight is positive, dashed where negative. */
function stroke(context: CanvasRenderingContext2D, path: Path2D, weight: number, share: number) {
  const { positive, negative, paper } = ink.peek();
  const width = 0.8 + 2.4 * share;
  context.setLineDash([]);
  context.strokeStyle = css(paper);
  context.lineWidth = width + 2;
  context.stroke(path);
  context.setLineDash(weight > 0 ? [] : [5, 3]);
  context.strokeStyle = css(weight > 0 ? positive : negative);
  context.lineWidth = width;
  context.stroke(path);
}

function paintLine(
  context: CanvasRenderingContext2D,
  from: Place | null,
  to: Place | null,
  weight: number,
  share: number,
): void {
  if (!from || !to) return;
  const bend = Math.max(12, Math.abs(to.x - from.x) / 2);
  const path = new Path2D();
  path.moveTo(from.x, from.y);
  path.bezierCurveTo(from.x + bend, from.y, to.x - bend, to.y, to.x, to.y);
  stroke(context, path, weight, share);
}

/** On a pixel: a circle where the weight is positive, a square where it is negative. */
function paintPixel(
  context: CanvasRenderingContext2D,
  at: Place | null,
  weight: number,
  share: number,
): void {
  if (!at) return;
  const reach = 2.5 + 2 * share;
  const path = new Path2D();
  if (weight > 0) path.arc(at.x, at.y, reach, 0, 2 * Math.PI);
  else path.rect(at.x - reach, at.y - reach, 2 * reach, 2 * reach);
  const { positive, negative, paper } = ink.peek();
  context.setLineDash([]);
  context.strokeStyle = css(paper);
  context.lineWidth = 3.5;
  context.stroke(path);
  context.strokeStyle = css(weight > 0 ? positive : negative);
  context.lineWidth = 1.6;
  context.stroke(path);
}

function paint(canvas: HTMLCanvasElement, layout: TileLayout, links: Links | null, alpha: number) {
  const section = canvas.parentElement;
  if (!section) return;
  const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
  const [width, height] = [section.clientWidth, section.clientHeight];
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (!links) return;
  context.globalAlpha = alpha;
  const ground = new Ground(section, layout);
  const { layer, unit } = links.of;
  const largest = (some: Link[]) => Math.abs(some[0]?.weight ?? 1);
  // The strongest lie above.
  for (const { at, weight } of links.into.toReversed()) {
    const share = Math.abs(weight) / largest(links.into);
    if (layer === 0) paintPixel(context, ground.pixel(at), weight, share);
    else {
      const from = ground.tile(layer - 1, at, 'right');
      paintLine(context, from, ground.tile(layer, unit, 'left'), weight, share);
    }
  }
  const toDigits = layer === layout.layers.length - 1;
  // In one column the digits stand far above.
  if (toDigits && narrow.peek()) return;
  for (const { at, weight } of links.outOf.toReversed()) {
    const share = Math.abs(weight) / largest(links.outOf);
    const to = toDigits ? ground.digit(at) : ground.tile(layer + 1, at, 'left');
    paintLine(context, ground.tile(layer, unit, 'right'), to, weight, share);
  }
}

export function Connections({ layout }: { layout: TileLayout }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const faded = useRef<Links | null>(null);
  const at = useComputed(() => {
    const now = pointed.value;
    return now ? `${now.layer} ${now.unit}` : '';
  }).value;
  const known = tiles.value;
  const [pruned, held] = [prunedNow.value, prunedPreview.value];
  const links = useMemo(() => {
    const gone = held ?? pruned;
    return linksOf(pointed.peek(), gone);
  }, [at, known, pruned, held]);
  const colours = ink.value;
  const seen = port.value;
  useEffect(() => {
    const own = canvas.current;
    if (!own) return;
    const before = faded.current;
    const now = pointed.peek();
    faded.current = links;
    // What was just cut lets go of its connections before one's eyes.
    const cut = !links && before && now?.layer === before.of.layer && now.unit === before.of.unit;
    if (!cut || still.peek()) {
      paint(own, layout, links, 1);
      return;
    }
    let due = 0;
    const start = performance.now();
    const fade = (time: number) => {
      const left = 1 - (time - start) / FADE_MS;
      paint(own, layout, left > 0 ? before : null, Math.min(1, left));
      if (left > 0) due = requestAnimationFrame(fade);
    };
    due = requestAnimationFrame(fade);
    return () => cancelAnimationFrame(due);
  }, [links, layout, colours, seen]);
  return <canvas ref={canvas} class="connections" />;
}
