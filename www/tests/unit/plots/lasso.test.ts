import { describe, expect, it } from 'vitest';
import { drawnOn, enclosedPlaces, encloses } from '../../../src/plots/lasso';
import { layoutTiles } from '../../../src/plots/tileLayout';

const around = (x: number, y: number, radius: number, points = 40) =>
  Array.from({ length: points }, (_, at) => ({
    x: x + radius * Math.cos((2 * Math.PI * at) / points),
    y: y + radius * Math.sin((2 * Math.PI * at) / points),
  }));

describe('a lasso', () => {
  it('goes around a point or not, wherever the line begins and however it bends', () => {
    const bent = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
      { x: 5, y: 2 },
      { x: 0, y: 10 },
    ];
    expect(encloses(bent, { x: 1, y: 5 })).toBe(true);
    expect(encloses(bent, { x: 5, y: 5 })).toBe(false);
    const turned = [...bent.slice(2), ...bent.slice(0, 2)].reverse();
    expect(encloses(turned, { x: 1, y: 5 })).toBe(true);
    expect(encloses(turned, { x: 5, y: 5 })).toBe(false);
    expect(encloses([], { x: 0, y: 0 })).toBe(false);
  });

  it('chooses the tiles whose middle it goes around', () => {
    const { layers, pitch, inner, frame } = layoutTiles([128, 64], 600, 410);
    const [layer] = layers;
    if (!layer) throw new Error('no layer');
    const side = inner + 2 * frame;
    const middle = (place: number) => ({
      x: (place % layer.columns) * pitch + side / 2,
      y: Math.floor(place / layer.columns) * pitch + side / 2,
    });
    const line = around(200, 180, 75);
    const chosen = new Set(enclosedPlaces(line, layer, pitch, side));
    expect(chosen.size).toBeGreaterThan(10);
    for (let place = 0; place < layer.units; place += 1) {
      const { x, y } = middle(place);
      const away = Math.hypot(x - 200, y - 180);
      // A polygon lies a little inside its circle.
      if (away < 74) expect(chosen.has(place)).toBe(true);
      if (away > 75) expect(chosen.has(place)).toBe(false);
    }
    const everything = enclosedPlaces(around(200, 200, 2000), layer, pitch, side);
    expect(everything).toHaveLength(128);
    expect(enclosedPlaces(around(-900, 180, 75), layer, pitch, side)).toEqual([]);
    expect(enclosedPlaces(line.slice(0, 2), layer, pitch, side)).toEqual([]);
  });

  it('takes no point that says nothing new', () => {
    const line = [{ x: 0, y: 0 }];
    expect(drawnOn(line, { x: 1, y: 1 })).toBe(line);
    expect(drawnOn(line, { x: 4, y: 0 })).toHaveLength(2);
  });
});
