import { describe, expect, it } from 'vitest';
import { parseColour } from '../../../src/plots/colour';
import { contrast, heatColour, heatGeometry, heatRows, rowShares } from '../../../src/plots/heat';

const ten = (value: (row: number, column: number) => number | null) =>
  Array.from({ length: 10 }, (_, row) =>
    Array.from({ length: 10 }, (_, column) => value(row, column)),
  );

describe('a heat map', () => {
  it('fits a phone and does not grow without end', () => {
    const shares = ten((row, column) => (row === column ? 1 : 0));
    for (const width of [300, 358, 440, 900]) {
      const drawn = heatGeometry(shares, { width, left: 24, top: 20, most: 40 });
      expect(drawn.width).toBeLessThanOrEqual(width);
      expect(drawn.size).toBeLessThanOrEqual(40);
      expect(drawn.cells).toHaveLength(100);
    }
    const phone = heatGeometry(shares, { width: 358, left: 24, top: 20, most: 40 });
    expect(phone.size).toBe(33);
    expect(phone.cells[11]).toEqual({
      row: 1,
      column: 1,
      x: 57,
      y: 53,
      size: 32,
      share: 1,
      text: '100',
    });
    expect(phone.middles[1]).toBe(49);
  });

  it('writes no numbers where there is no room for them', () => {
    const shares = Array.from({ length: 20 }, () => Array.from({ length: 20 }, () => 0.5));
    const texts = (width: number) =>
      heatGeometry(shares, { width, left: 100, top: 20, most: 40 }).cells.map(({ text }) => text);
    expect(new Set(texts(358))).toEqual(new Set(['']));
    expect(new Set(texts(600))).toEqual(new Set(['50']));
  });

  it('says what is nothing, what is nearly nothing, and what is missing', () => {
    const { cells } = heatGeometry(
      [
        [0, 0.004],
        [0.005, null],
      ],
      { width: 100, left: 0, top: 0, most: 40 },
    );
    expect(cells.map(({ text }) => text)).toEqual(['', '<1', '1', '']);
  });

  it('writes on every colour so that it can be read', () => {
    const schemes = [
      ['#fcfbf7', '#d55e00'],
      ['#161614', '#ff8b3d'],
      ['#fcfbf7', '#0072b2'],
      ['#161614', '#56b4e9'],
    ];
    for (const [paper = '', full = ''] of schemes) {
      for (let share = 0; share <= 1; share += 0.01) {
        const { fill, text } = heatColour(share, parseColour(paper), parseColour(full));
        expect(contrast(fill, text)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('takes shares of each row', () => {
    expect(
      rowShares([
        [3, 1],
        [0, 0],
      ]),
    ).toEqual([
      [0.75, 0.25],
      [null, null],
    ]);
    expect(heatRows('from', ['a', 'b'], ['x', 'y'], [['1', '2'], ['3']])).toEqual([
      ['from', 'x', 'y'],
      ['a', '1', '2'],
      ['b', '3', ''],
    ]);
  });
});
