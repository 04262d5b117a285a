/** Every unit's pattern of a layer as one picture, painted once for a network and a scheme. */
import { PIXELS, paintSigned, SIDE, signedScale } from '../../plots/weightMap';

export interface Atlas {
  picture: HTMLCanvasElement;
  /** Absolute weight at full colour. */
  scale: number;
}

const ACROSS = 32;
/** Units painted before the page gets a chance to do something else. */
const SLICE = 96;

/** Where a unit's pattern stands in the picture. */
export const atlasPlace = (unit: number) => ({
  x: (unit % ACROSS) * SIDE,
  y: Math.floor(unit / ACROSS) * SIDE,
});

const kept = new WeakMap<Float32Array, Map<string, Promise<Atlas>>>();

const nextTask = () => new Promise<void>((resolve) => setTimeout(resolve));

async function paint(patterns: Float32Array, table: Uint32Array): Promise<Atlas> {
  const units = Math.floor(patterns.length / PIXELS);
  const picture = document.createElement('canvas');
  picture.width = Math.min(units, ACROSS) * SIDE;
  picture.height = Math.max(1, Math.ceil(units / ACROSS)) * SIDE;
  const scale = signedScale(patterns);
  const context = picture.getContext('2d');
  const pixels = new ImageData(SIDE, SIDE);
  const words = new Uint32Array(pixels.data.buffer);
  for (let unit = 0; unit < units; unit += 1) {
    if (unit % SLICE === SLICE - 1) await nextTask();
    paintSigned(patterns, scale, table, words, unit * PIXELS, (unit + 1) * PIXELS);
    const { x, y } = atlasPlace(unit);
    context?.putImageData(pixels, x, y);
  }
  return { picture, scale };
}

/** The picture of these patterns in this scheme; painted only the first time it is asked for. */
export function atlasOf(
  patterns: Float32Array,
  scheme: string,
  table: Uint32Array,
): Promise<Atlas> {
  const schemes = kept.get(patterns) ?? new Map<string, Promise<Atlas>>();
  kept.set(patterns, schemes);
  const made = schemes.get(scheme) ?? paint(patterns, table);
  schemes.set(scheme, made);
  return made;
}
