/** How tiles are painted: patterns once for a network, frames and hatches at every change. */
import { css } from '../../plots/colour';
import type { LayerLayout, TileLayout } from '../../plots/tileLayout';
import { SIDE } from '../../plots/weightMap';
import { atlasOf, atlasPlace } from './atlas';
import type { ink } from './ink';

type Ink = (typeof ink)['value'];

/** The canvas in device pixels, cleared only when its size changes. */
export function sized(canvas: HTMLCanvasElement, place: LayerLayout): CanvasRenderingContext2D {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  const [width, height] = [Math.round(place.width * ratio), Math.round(place.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

const corner = (unit: number, place: LayerLayout, pitch: number) => ({
  x: (unit % place.columns) * pitch,
  y: Math.floor(unit / place.columns) * pitch,
});

/** Patterns of a layer, or an empty layer; returns what stops a painting that came too late. */
export function paintPatterns(
  context: CanvasRenderingContext2D,
  layout: TileLayout,
  place: LayerLayout,
  patterns: Float32Array | null,
  colours: Ink,
): () => void {
  let wanted = true;
  if (!patterns) {
    context.clearRect(0, 0, place.width, place.height);
    return () => undefined;
  }
  void atlasOf(patterns, colours.scheme, colours.signed).then(({ picture }) => {
    if (!wanted) return;
    const scale = context.getTransform().a;
    // Whole multiples stay crisp; everything else would show uneven pixels without smoothing.
    context.imageSmoothingEnabled = (layout.inner * scale) % SIDE !== 0;
    context.imageSmoothingQuality = 'high';
    context.clearRect(0, 0, place.width, place.height);
    for (let unit = 0; unit < place.units; unit += 1) {
      const from = atlasPlace(unit);
      const { x, y } = corner(unit, place, layout.pitch);
      const to = [x + layout.frame, y + layout.frame, layout.inner, layout.inner] as const;
      context.drawImage(picture, from.x, from.y, SIDE, SIDE, ...to);
    }
  });
  return () => {
    wanted = false;
  };
}

export interface Frames {
  colours: Ink;
  /** Distortion of every unit, or null where it is not measured. */
  distortion: readonly number[] | null;
  pruned: (unit: number) => boolean;
  /** About to be pruned by what the visitor is holding. */
  about: (unit: number) => boolean;
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
function hatch(context: CanvasRenderingContext2D, colour: string): CanvasPattern | null {
  const ratio = context.getTransform().a;
  const pattern = context.createPattern(hatchTile(colour, ratio), 'repeat');
  // The tile is in device pixels, the context in the page's.
  pattern?.setTransform(new DOMMatrix([1 / ratio, 0, 0, 1 / ratio, 0, 0]));
  return pattern;
}

export function paintFrames(
  context: CanvasRenderingContext2D,
  layout: TileLayout,
  place: LayerLayout,
  { colours, distortion, pruned, about }: Frames,
): void {
  const { pitch, frame, inner } = layout;
  const side = inner + 2 * frame;
  context.clearRect(0, 0, place.width, place.height);
  const most = distortion ? distortion.reduce((top, value) => Math.max(top, value), 0) : 0;
  const lines = hatch(context, css(colours.ink));
  context.lineWidth = frame;
  for (let unit = 0; unit < place.units; unit += 1) {
    const { x, y } = corner(unit, place, pitch);
    const cut = pruned(unit);
    if (cut || about(unit)) {
      context.globalAlpha = cut ? 1 : 0.6;
      context.fillStyle = css(colours.paper);
      context.fillRect(x + frame, y + frame, inner, inner);
      context.globalAlpha = cut ? 0.8 : 1;
      context.fillStyle = lines ?? css(colours.muted);
      context.fillRect(x + frame, y + frame, inner, inner);
      context.globalAlpha = 1;
    }
    const share = most > 0 ? (distortion?.[unit] ?? 0) / most : 0;
    const step = Math.round(share * (colours.ramp.length - 1));
    context.strokeStyle = colours.ramp[step] ?? css(colours.line);
    context.strokeRect(x + frame / 2, y + frame / 2, side - frame, side - frame);
  }
}

/** Frames that cannot be overlooked around some units. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  layout: TileLayout,
  place: LayerLayout,
  colours: Ink,
  marked: ReadonlySet<number>,
): void {
  const { pitch, frame, inner } = layout;
  const side = inner + 2 * frame;
  const width = Math.max(1.5, frame);
  context.lineWidth = width;
  context.strokeStyle = css(colours.ink);
  for (const unit of marked) {
    const { x, y } = corner(unit, place, pitch);
    context.strokeRect(x + width / 2, y + width / 2, side - width, side - width);
  }
}
