import { describe, expect, it } from 'vitest';
import {
  layoutTiles,
  mostZoom,
  placeAt,
  rectangle,
  walk,
  windowOf,
  zoomedTiles,
} from '../../../src/plots/tileLayout';

const SHAPES = [
  [1],
  [128, 64],
  [10],
  [1024],
  [1, 1024, 1, 1024],
  [1024, 1024, 1024, 1024],
  [300, 200, 100, 50],
];
const BOXES = [
  [600, 410],
  [760, 330],
  [358, 420],
] as const;

describe('tiles', () => {
  it.each(SHAPES.map((shape) => [shape]))('shows every unit of %j in any box', (shape) => {
    for (const [width, height] of BOXES) {
      const layout = layoutTiles(shape, width, height);
      expect(layout.layers.map(({ units }) => units)).toEqual(shape);
      expect(layout.inner).toBeGreaterThanOrEqual(8);
      for (const layer of layout.layers) {
        expect(layer.columns * layer.rows).toBeGreaterThanOrEqual(layer.units);
        expect((layer.rows - 1) * layer.columns).toBeLessThan(layer.units);
      }
    }
  });

  it('keeps the usual network inside its box', () => {
    const layout = layoutTiles([128, 64], 600, 410);
    expect(layout.width).toBeLessThanOrEqual(600);
    expect(layout.height).toBeLessThanOrEqual(410);
    expect(layout).toMatchInlineSnapshot(`
      {
        "frame": 2,
        "height": 406,
        "inner": 28,
        "layers": [
          {
            "columns": 11,
            "height": 406,
            "rows": 12,
            "units": 128,
            "width": 372,
            "x": 0,
          },
          {
            "columns": 6,
            "height": 372,
            "rows": 11,
            "units": 64,
            "width": 202,
            "x": 394,
          },
        ],
        "pitch": 34,
        "width": 598,
      }
    `);
  });

  it('never grows wider than the box, only higher', () => {
    for (const [width, height] of BOXES) {
      expect(layoutTiles([1024, 1024, 1024], width, height).width).toBeLessThanOrEqual(width);
    }
  });

  it('finds the place under a point and nothing between rows that end', () => {
    const { layers, pitch } = layoutTiles([128, 64], 600, 410);
    const first = layers[0];
    if (!first) throw new Error('no layer');
    expect(placeAt(first, pitch, 1, 1)).toBe(0);
    expect(placeAt(first, pitch, pitch * 1.5, pitch * 1.5)).toBe(first.columns + 1);
    expect(placeAt(first, pitch, -1, 5)).toBe(-1);
    expect(placeAt(first, pitch, first.columns * pitch + 1, 5)).toBe(-1);
    expect(placeAt(first, pitch, 5, first.rows * pitch + 1)).toBe(-1);
  });

  it('walks with arrow keys, over the edge into the next layer', () => {
    const { layers } = layoutTiles([128, 64], 600, 410);
    const columns = layers[0]?.columns ?? 0;
    expect(walk(layers, { layer: 0, place: 0 }, 'ArrowLeft')).toEqual({ layer: 0, place: 0 });
    expect(walk(layers, { layer: 0, place: 0 }, 'ArrowDown')).toEqual({ layer: 0, place: columns });
    expect(walk(layers, { layer: 0, place: columns - 1 }, 'ArrowRight')).toEqual({
      layer: 1,
      place: 0,
    });
    expect(walk(layers, { layer: 1, place: 0 }, 'ArrowLeft')).toEqual({
      layer: 0,
      place: columns - 1,
    });
    expect(walk(layers, { layer: 0, place: 5 }, 'End')).toEqual({ layer: 0, place: 127 });
  });

  it('zooms without moving a tile to another row or column', () => {
    const fitting = layoutTiles([512, 256], 358, 400);
    expect(mostZoom(fitting)).toBeGreaterThan(3);
    const close = zoomedTiles(fitting, 3);
    expect(close.pitch).toBe(3 * fitting.pitch);
    expect(close.layers.map(({ columns, rows }) => [columns, rows])).toEqual(
      fitting.layers.map(({ columns, rows }) => [columns, rows]),
    );
    expect(close.height).toBeGreaterThan(2.9 * fitting.height);
    expect(zoomedTiles(fitting, 1)).toBe(fitting);
  });

  it('chooses a rectangle between two places, and none beyond the last', () => {
    const layer = layoutTiles([128, 64], 600, 410).layers[0];
    if (!layer) throw new Error('no layer');
    const { columns } = layer;
    expect(rectangle(layer, columns + 3, 2)).toEqual([2, 3, columns + 2, columns + 3]);
    expect(rectangle(layer, 5, 5)).toEqual([5]);
    const all = rectangle(layer, 0, layer.rows * columns - 1);
    expect(all).toEqual(Array.from({ length: 128 }, (_, at) => at));
  });

  it('paints what is seen and some around it, and keeps that while it will do', () => {
    const whole = { x: 0, y: 0, width: 300, height: 4000 };
    const first = windowOf(whole, { x: 0, y: 1000, width: 300, height: 400 }, null);
    expect(first).toEqual({ x: 0, y: 900, width: 300, height: 600 });
    expect(windowOf(whole, { x: 0, y: 1080, width: 300, height: 400 }, first)).toBe(first);
    const next = windowOf(whole, { x: 0, y: 1250, width: 300, height: 400 }, first);
    expect(next).toEqual({ x: 0, y: 1050, width: 300, height: 800 });
    // At an end there is nothing around it.
    const end = windowOf(whole, { x: 0, y: 3700, width: 300, height: 400 }, next);
    expect(end).toEqual({ x: 0, y: 3500, width: 300, height: 500 });
    const away = windowOf(whole, { x: 900, y: 0, width: 300, height: 400 }, null);
    expect(away.width * away.height).toBe(0);
  });
});
