import { describe, expect, it } from 'vitest';
import { parseColour, pixel, signedTable } from '../../../src/plots/colour';
import { inkTable, paintInk, paintSigned, signedScale } from '../../../src/plots/weightMap';

const paper = parseColour('#fcfbf7');
const ink = parseColour('#191917');

describe('weight maps', () => {
  it('takes a scale that one outlier does not bleach', () => {
    const weights = Float32Array.from({ length: 1000 }, (_, at) => Math.sin(at));
    weights[17] = 1000;
    expect(signedScale(weights)).toBeLessThan(2);
    expect(signedScale(new Float32Array(10))).toBe(1);
    expect(signedScale(new Float32Array([0.5, -2]))).toBe(2);
  });

  it('paints any slice of the values', () => {
    const table = signedTable({ negative: ink, zero: paper, positive: ink });
    const out = new Uint32Array(2);
    paintSigned([9, 0, 1], 1, table, out, 1, 3);
    expect(out[0]).toBe(pixel(paper));
    expect(out[1]).toBe(pixel(ink));
  });

  it('paints images as ink on paper, and what is missing as paper', () => {
    const out = new Uint32Array(3);
    paintInk([0, 255], 255, inkTable(paper, ink), out);
    expect([...out]).toEqual([pixel(paper), pixel(ink), pixel(paper)]);
  });
});
