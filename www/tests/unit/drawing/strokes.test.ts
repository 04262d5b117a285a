import { describe, expect, it } from 'vitest';
import { begun, continued, onSurface, pathOf, withoutLast } from '../../../src/drawing/strokes';

describe('strokes', () => {
  const at = onSurface;

  it('are put down, continued and taken back, each a new drawing', () => {
    const dot = begun([], at(0.5, 0.5));
    expect(dot).toEqual([[{ x: 0.5, y: 0.5 }]]);
    const line = continued(dot, [at(0.6, 0.5), at(0.7, 0.5)]);
    expect(line).toEqual([[at(0.5, 0.5), at(0.6, 0.5), at(0.7, 0.5)]]);
    expect(dot[0]).toHaveLength(1);
    const two = begun(line, at(0.1, 0.1));
    expect(withoutLast(two)).toEqual(line);
    expect(withoutLast([])).toEqual([]);
  });

  it('do not grow while the pen rests', () => {
    const dot = begun([], at(0.5, 0.5));
    expect(continued(dot, [at(0.501, 0.5), at(0.502, 0.501)])).toBe(dot);
    // Slowly, too, the pen gets somewhere.
    const crept = Array.from({ length: 11 }, (_, step) => at(0.5 + step / 1000, 0.5));
    expect(continued(dot, crept)[0]?.length).toBe(3);
    expect(continued([], [at(0, 0)])).toEqual([]);
  });

  it('stay on the surface', () => {
    expect(at(-1, 2)).toEqual({ x: 0, y: 1 });
    expect(at(Number.NaN, 0.25)).toEqual({ x: 0, y: 0.25 });
  });

  it('are paths; a point is a line of no length', () => {
    expect(pathOf([at(0.5, 0.25)], 100)).toBe('M50 25h0');
    expect(pathOf([at(0, 0), at(1, 1 / 3)], 100)).toBe('M0 0L100 33.33');
    expect(pathOf([], 100)).toBe('');
  });
});
