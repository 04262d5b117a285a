/** How tiles are painted: patterns, then frames and hatches, then what the image does to each. */
import { css } from '../../plots/colour';
import type { Box, LayerLayout, TileLayout } from '../../plots/tileLayout';
import { type Atlas, atlasPlace } from './atlas';
import type { ink } from './ink';

type Ink = (typeof ink)['value'];

/** Where the tiles of a layer stand, and which part of the layer a canvas shows. */
export interface Scene {
  layout: TileLayout;
  place: LayerLayout;
  window: Box;
  /** Corners, by unit. */
  x: Float32Array;
  y: Float32Array;
}

/** A whole layer at rest; `order` is the unit at each place, by itself its number. */
export function restingScene(
  layout: TileLayout,
  place: LayerLayout,
  order: readonly number[] | null = null,
  window: Box = { x: 0, y: 0, width: place.width, height: place.height },
): Scene {
  const [x, y] = [new Float32Array(place.units), new Float32Array(place.units)];
  for (let at = 0; at < place.units; at += 1) {
    const unit = order?.[at] ?? at;
    x[unit] = (at % place.columns) * layout.pitch;
    y[unit] = Math.floor(at / place.columns) * layout.pitch;
  }
  return { layout, place, window, x, y };
}

/** The canvas in device pixels, cleared only when its size changes. */
export function sized(canvas: HTMLCanvasElement, window: Box): CanvasRenderingContext2D {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  const [width, height] = [Math.round(window.width * ratio), Math.round(window.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.setTransform(ratio, 0, 0, ratio, -window.x * ratio, -window.y * ratio);
  return context;
}

export const clear = (context: CanvasRenderingContext2D, { window }: Scene) =>
  context.clearRect(window.x, window.y, window.width, window.height);

/** Whether any of a tile is in the window. */
function isSeen({ x, y, layout, window }: Scene, unit: number): boolean {
  const [left, top] = [x[unit] ?? 0, y[unit] ?? 0];
  const { pitch } = layout;
  return (
    left + pitch > window.x &&
    top + pitch > window.y &&
    left < window.x + window.width &&
    top < window.y + window.height
  );
}

/** Every pattern in its place; `fast` while they move. */
export function paintPatterns(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { picture, cells }: Atlas,
  fast = false,
): void {
  const { inner, frame } = scene.layout;
  const { columns, rows } = cells;
  const scale = context.getTransform().a;
  // Whole multiples stay crisp; everything else would show uneven pixels without smoothing.
  const whole = (inner * scale) % columns === 0 && (inner * scale) % rows === 0;
  context.imageSmoothingEnabled = !whole && !fast;
  context.imageSmoothingQuality = inner * scale > columns ? 'low' : 'high';
  clear(context, scene);
  for (let unit = 0; unit < scene.place.units; unit += 1) {
    if (!isSeen(scene, unit)) continue;
    const from = atlasPlace(unit, cells);
    const [x, y] = [(scene.x[unit] ?? 0) + frame, (scene.y[unit] ?? 0) + frame];
    context.drawImage(picture, from.x, from.y, columns, rows, x, y, inner, inner);
  }
}

export interface Frames {
  colours: Ink;
  /** Distortion of every unit, or null where it is not measured. */
  distortion: readonly number[] | null;
  /** How much of a unit's hatch is drawn, from 0 to 1. */
  hatched: (unit: number) => number;
  /** Whether it is cut, or only about to be by what the visitor is holding. */
  pruned: (unit: number) => boolean;
}

const hatches = new Map<string, HTMLCanvasElement>();

/** One repeat of lines at 45°, in device pixels; drawn once for a colour. */
function hatchTile(colour: string, ratio: number): HTMLCanvasElement {
  const key = `${colour} ${ratio}`;
  const known = hatches.get(key);
  if (known) return known;
  const side = Math.round(4 * ratio);
  const tile = document.createElement('canvas');
  tile.width = side;
  tile.height = side;
  const drawing = tile.getContext('2d');
  if (drawing) {
    drawing.strokeStyle = colour;
    drawing.lineWidth = 0.8 * ratio;
    drawing.beginPath();
    for (const shift of [-side, 0, side]) {
      drawing.moveTo(shift, side);
      drawing.lineTo(shift + side, 0);
    }
    drawing.stroke();
  }
  hatches.set(key, tile);
  return tile;
}

/** The sign of what is cut. */
export function hatch(context: CanvasRenderingContext2D, colour: string): CanvasPattern | null {
  const ratio = context.getTransform().a;
  const pattern = context.createPattern(hatchTile(colour, ratio), 'repeat');
  // The tile is in device pixels, the context in the page's.
  pattern?.setTransform(new DOMMatrix([1 / ratio, 0, 0, 1 / ratio, 0, 0]));
  return pattern;
}

/** Frames and hatches of all units, or of some. */
export function paintFrames(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { colours, distortion, hatched, pruned }: Frames,
  some?: Iterable<number>,
): void {
  const { frame, inner } = scene.layout;
  const side = inner + 2 * frame;
  const most = distortion ? distortion.reduce((top, value) => Math.max(top, value), 0) : 0;
  const lines = hatch(context, css(colours.ink)) ?? css(colours.muted);
  const paper = css(colours.paper);
  const plain = css(colours.line);
  if (!some) clear(context, scene);
  context.lineWidth = frame;
  for (const unit of some ?? scene.x.keys()) {
    if (!isSeen(scene, unit)) continue;
    const [x, y] = [scene.x[unit] ?? 0, scene.y[unit] ?? 0];
    if (some) context.clearRect(x, y, side, side);
    const share = hatched(unit);
    if (share > 0) {
      const cut = pruned(unit);
      context.globalAlpha = cut ? 1 : 0.6;
      context.fillStyle = paper;
      context.fillRect(x + frame, y + frame, inner * share, inner);
      context.globalAlpha = cut ? 0.8 : 1;
      context.fillStyle = lines;
      context.fillRect(x + frame, y + frame, inner * share, inner);
      context.globalAlpha = 1;
    }
    const size = most > 0 ? (distortion?.[unit] ?? 0) / most : 0;
    context.strokeStyle = colours.ramp[Math.round(size * (colours.ramp.length - 1))] ?? plain;
    context.strokeRect(x + frame / 2, y + frame / 2, side - frame, side - frame);
  }
}

/** Outputs of a layer's units on the chosen image. */
export interface Outputs {
  clean: ArrayLike<number>;
  attacked: ArrayLike<number>;
  /** The output whose bar fills its half. */
  most: number;
}

/** In tiles smaller than this a bar would only be grain. */
const READABLE = 12;

/** Whether a layout has room for bars in its tiles. */
export const hasBars = ({ inner }: TileLayout): boolean => inner >= READABLE;

/** At each tile's lower edge a bar to the left of the middle, clean, and one to the right, attacked. */
export function paintOutputs(
  context: CanvasRenderingContext2D,
  scene: Scene,
  colours: Ink,
  { clean, attacked, most }: Outputs,
): void {
  const { layout, place } = scene;
  const { frame, inner } = layout;
  if (!hasBars(layout) || !(most > 0)) return;
  const tall = Math.max(2, Math.min(7, Math.round(inner * 0.1)));
  const half = inner / 2 - 0.5;
  const lit: number[] = [];
  for (let unit = 0; unit < place.units; unit += 1) {
    const some = (clean[unit] ?? 0) > 0 || (attacked[unit] ?? 0) > 0;
    if (some && isSeen(scene, unit)) lit.push(unit);
  }
  const bottom = (unit: number) => (scene.y[unit] ?? 0) + frame + inner;
  const left = (unit: number) => (scene.x[unit] ?? 0) + frame;
  const length = (value: number | undefined) => half * Math.min(1, Math.max(0, value ?? 0) / most);
  context.fillStyle = css(colours.paper);
  for (const unit of lit) context.fillRect(left(unit), bottom(unit) - tall - 1, inner, tall + 1);
  context.fillStyle = css(colours.clean);
  for (const unit of lit) {
    const long = length(clean[unit]);
    context.fillRect(left(unit) + half - long, bottom(unit) - tall, long, tall);
  }
  context.fillStyle = css(colours.adaptive);
  for (const unit of lit) {
    context.fillRect(left(unit) + half + 1, bottom(unit) - tall, length(attacked[unit]), tall);
  }
}

/** Frames that cannot be overlooked around some units. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  scene: Scene,
  colours: Ink,
  marked: ReadonlySet<number>,
): void {
  const { frame, inner } = scene.layout;
  const side = inner + 2 * frame;
  const width = Math.max(1.5, frame);
  context.lineWidth = width;
  context.strokeStyle = css(colours.ink);
  for (const unit of marked) {
    if (!isSeen(scene, unit)) continue;
    const [x, y] = [scene.x[unit] ?? 0, scene.y[unit] ?? 0];
    context.strokeRect(x + width / 2, y + width / 2, side - width, side - width);
  }
}
