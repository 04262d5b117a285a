import { describe, expect, it } from 'vitest';
import {
  css,
  mix,
  parseColour,
  pixel,
  rampTable,
  type Signed,
  signedColour,
  signedIndex,
  signedTable,
} from '../../../src/plots/colour';

const paper = parseColour('#fcfbf7');
const signed: Signed = {
  negative: parseColour('#0b5cad'),
  zero: paper,
  positive: parseColour('#b3202b'),
};

describe('colours', () => {
  it('reads what browsers and style sheets write', () => {
    expect(parseColour('#D55E00')).toEqual([213, 94, 0]);
    expect(parseColour('rgb(213, 94, 0)')).toEqual([213, 94, 0]);
    expect(css(parseColour('color(srgb 1 0.5 0)'))).toBe('#ff8000');
  });

  it('mixes evenly to the eye and ends exactly at both ends', () => {
    const orange = parseColour('#d55e00');
    expect(css(mix(paper, orange, 0))).toBe('#fcfbf7');
    expect(css(mix(paper, orange, 1))).toBe('#d55e00');
    expect(css(mix(paper, orange, 0.5))).toMatchInlineSnapshot(`"#eeaf8e"`);
    expect(rampTable(paper, orange, 5)).toMatchInlineSnapshot(`
      [
        "#fcfbf7",
        "#f6d5c2",
        "#eeaf8e",
        "#e38857",
        "#d55e00",
      ]
    `);
  });

  it('shows zero as paper, below as blue, above as red, beyond as full colour', () => {
    expect(css(signedColour(0, signed))).toBe('#fcfbf7');
    expect(css(signedColour(-1, signed))).toBe('#0b5cad');
    expect(css(signedColour(7, signed))).toBe('#b3202b');
    expect(css(signedColour(Number.NaN, signed))).toBe('#fcfbf7');
  });

  it('has a table that agrees with the colours', () => {
    const table = signedTable(signed);
    for (const value of [-9, -1, -0.5, 0, 0.2, 1, 9]) {
      const step = Math.round(Math.min(1, Math.max(-1, value)) * 255) / 255;
      expect(table[signedIndex(value)]).toBe(pixel(signedColour(step, signed)));
    }
    expect(table[signedIndex(Number.NaN)]).toBe(pixel(paper));
  });
});
