import { describe, expect, it } from 'vitest';
import { layoutTiles, unitAt, walk } from '../../../src/plots/tileLayout';

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

  it('finds the unit under a point and nothing between rows that end', () => {
    const { layers, pitch } = layoutTiles([128, 64], 600, 410);
    const first = layers[0];
    if (!first) throw new Error('no layer');
    expect(unitAt(first, pitch, 1, 1)).toBe(0);
    expect(unitAt(first, pitch, pitch * 1.5, pitch * 1.5)).toBe(first.columns + 1);
    expect(unitAt(first, pitch, -1, 5)).toBe(-1);
    expect(unitAt(first, pitch, first.columns * pitch + 1, 5)).toBe(-1);
    expect(unitAt(first, pitch, 5, first.rows * pitch + 1)).toBe(-1);
  });

  it('walks with arrow keys, over the edge into the next layer', () => {
    const { layers } = layoutTiles([128, 64], 600, 410);
    const columns = layers[0]?.columns ?? 0;
    expect(walk(layers, { layer: 0, unit: 0 }, 'ArrowLeft')).toEqual({ layer: 0, unit: 0 });
    expect(walk(layers, { layer: 0, unit: 0 }, 'ArrowDown')).toEqual({ layer: 0, unit: columns });
    expect(walk(layers, { layer: 0, unit: columns - 1 }, 'ArrowRight')).toEqual({
      layer: 1,
      unit: 0,
    });
    expect(walk(layers, { layer: 1, unit: 0 }, 'ArrowLeft')).toEqual({
      layer: 0,
      unit: columns - 1,
    });
    expect(walk(layers, { layer: 0, unit: 5 }, 'End')).toEqual({ layer: 0, unit: 127 });
  });
});
