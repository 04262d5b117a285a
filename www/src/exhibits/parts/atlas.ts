/** Every unit's pattern of a layer as one picture, painted once for a network and a scheme. */
import { PIXELS, paintSigned, SIDE, signedScale } from '../../plots/weightMap';

export interface Atlas {
  picture: HTMLCanvasElement;
  /** Absolute weight at full colour. */
  scale: number;
  cells: Cells;
}

/** How a unit's values are laid out. */
export interface Cells {
  columns: number;
  rows: number;
  /** The value at each place; by itself, the values lie in order. */
  order?: readonly number[];
}

/** A pattern over the image. */
export const IMAGE: Cells = { columns: SIDE, rows: SIDE };

const ACROSS = 32;
/** Values painted before the page gets a chance to do something else. */
const SLICE = 96 * PIXELS;

/** Where a unit's pattern stands in the picture. */
export const atlasPlace = (unit: number, { columns, rows }: Cells) => ({
  x: (unit % ACROSS) * columns,
  y: Math.floor(unit / ACROSS) * rows,
});

const kept = new WeakMap<Float32Array, Map<string, { cells: Cells; made: Promise<Atlas> }>>();

const nextTask = () => new Promise<void>((resolve) => setTimeout(resolve));

async function paint(values: Float32Array, table: Uint32Array, cells: Cells): Promise<Atlas> {
  const { columns, rows, order } = cells;
  // The last row may not be full.
  const each = order?.length ?? columns * rows;
  const units = Math.floor(values.length / each);
  const picture = document.createElement('canvas');
  picture.width = Math.min(units, ACROSS) * columns;
  picture.height = Math.max(1, Math.ceil(units / ACROSS)) * rows;
  const scale = signedScale(values);
  const context = picture.getContext('2d');
  const pixels = new ImageData(columns, rows);
  const words = new Uint32Array(pixels.data.buffer);
  const turned = order && new Float32Array(each);
  let painted = 0;
  for (let unit = 0; unit < units; unit += 1) {
    painted += each;
    if (painted > SLICE) {
      painted = 0;
      await nextTask();
    }
    if (turned) {
      order.forEach((from, to) => {
        turned[to] = values[unit * each + from] ?? 0;
      });
      paintSigned(turned, scale, table, words);
    } else paintSigned(values, scale, table, words, unit * each, (unit + 1) * each);
    const { x, y } = atlasPlace(unit, cells);
    context?.putImageData(pixels, x, y);
  }
  return { picture, scale, cells };
}

/** The picture of these patterns in this scheme; painted only the first time it is asked for. */
export function atlasOf(
  patterns: Float32Array,
  scheme: string,
  table: Uint32Array,
  cells: Cells = IMAGE,
): Promise<Atlas> {
  const schemes = kept.get(patterns) ?? new Map<string, { cells: Cells; made: Promise<Atlas> }>();
  kept.set(patterns, schemes);
  const known = schemes.get(scheme);
  if (known?.cells === cells) return known.made;
  const made = paint(patterns, table, cells);
  schemes.set(scheme, { cells, made });
  return made;
}
