import { describe, expect, it } from 'vitest';
import { placed } from '../../../src/exhibits/arithmetic/placing';
import { nextPlace, type Placed } from '../../../src/exhibits/parts/walking';

const at = (x: number, y: number, series: string | null = null): Placed => ({ x, y, series });

describe('arrow keys', () => {
  const grid = [at(0, 0), at(10, 0), at(20, 0), at(0, 10), at(10, 10), at(20, 10)];

  it('walk a table', () => {
    expect(nextPlace(grid, 0, 'ArrowRight')).toBe(1);
    expect(nextPlace(grid, 1, 'ArrowDown')).toBe(4);
    expect(nextPlace(grid, 4, 'ArrowLeft')).toBe(3);
    expect(nextPlace(grid, 3, 'ArrowUp')).toBe(0);
    expect(nextPlace(grid, 2, 'ArrowRight')).toBe(-1);
    expect(nextPlace(grid, 4, 'Home')).toBe(0);
    expect(nextPlace(grid, 0, 'End')).toBe(5);
    expect(nextPlace(grid, 0, 'a')).toBe(-1);
  });

  // Two lines that cross.
  const lines = [
    at(0, 0, 'clean'),
    at(10, 20, 'clean'),
    at(20, 40, 'clean'),
    at(0, 30, 'old'),
    at(10, 25, 'old'),
    at(20, 10, 'old'),
  ];

  it('keep to a line sideways, however steep, and change it up and down', () => {
    expect(nextPlace(lines, 0, 'ArrowRight')).toBe(1);
    expect(nextPlace(lines, 1, 'ArrowRight')).toBe(2);
    expect(nextPlace(lines, 1, 'ArrowDown')).toBe(4);
    expect(nextPlace(lines, 2, 'ArrowUp')).toBe(5);
    expect(nextPlace(lines, 2, 'Home')).toBe(0);
    expect(nextPlace(lines, 3, 'End')).toBe(5);
  });
});

describe('a card', () => {
  const window = { width: 1440, height: 900 };
  const card = { width: 400, height: 500 };
  const box = (left: number, top: number) => ({ left, top, right: left + 60, bottom: top + 20 });

  it('stands beside what it explains', () => {
    expect(placed(box(1200, 100), card, window)).toEqual({ left: 792, top: 88 });
    expect(placed(box(20, 100), card, window)).toEqual({ left: 88, top: 88 });
  });

  it.each([
    [box(1200, 880), window],
    [box(0, 0), window],
    [box(160, 300), { width: 390, height: 844 }],
    [box(160, 20), { width: 390, height: 844 }],
    [box(160, 800), { width: 390, height: 844 }],
  ])('stays within the window', (anchor, room) => {
    const size = { width: Math.min(card.width, room.width - 16), height: card.height };
    const { left, top } = placed(anchor, size, room);
    expect(left).toBeGreaterThanOrEqual(8);
    expect(top).toBeGreaterThanOrEqual(8);
    expect(left + size.width).toBeLessThanOrEqual(room.width - 8);
    expect(top + size.height).toBeLessThanOrEqual(room.height - 8);
  });
});
