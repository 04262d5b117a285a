import { describe, expect, it } from 'vitest';
import { trajectoryGeometry, trajectoryRows } from '../../../src/plots/trajectory';

const WAY = {
  steps: [0, 2, 4, 6, 8],
  losses: [0.1, 0.5, 2, 4, 3],
  read: [7, 7, 3, 3, 7],
  norms: [0.05, 0.08, 0.1, 0.1, 0.1],
};
const holds = (digit: number) => digit === 7;

describe('the way of an attack', () => {
  it('draws the loss from 0 to its largest, within its box', () => {
    const { path, box, most, x, y } = trajectoryGeometry(WAY, holds, 248, 46);
    expect(box).toEqual({ x: 34, y: 6, width: 200, height: 40 });
    expect(most).toBe(4);
    expect(path).toBe('M34,45L84,41L134,26L184,6L234,16');
    expect([x(0), x(4), y(0), y(4)]).toEqual([34, 234, 46, 6]);
  });

  it('joins looks at which the same digit was read, from one end to the other', () => {
    const { runs } = trajectoryGeometry(WAY, holds, 248, 46);
    expect(runs).toEqual([
      { digit: 7, x: 34, width: 75, holds: true },
      { digit: 3, x: 109, width: 100, holds: false },
      { digit: 7, x: 209, width: 25, holds: true },
    ]);
    expect(runs.reduce((sum, { width }) => sum + width, 0)).toBe(200);
  });

  it('names steps, not looks, at both ends and between', () => {
    const { ticks } = trajectoryGeometry(WAY, holds, 248, 46);
    expect(ticks).toEqual([
      { at: 0, step: 0 },
      { at: 2, step: 4 },
      { at: 4, step: 8 },
    ]);
  });

  it('manages a single look, none, and no loss at all', () => {
    const one = { steps: [0], losses: [1], read: [7], norms: [0] };
    const geometry = trajectoryGeometry(one, holds, 100, 46);
    expect(geometry.ticks).toEqual([{ at: 0, step: 0 }]);
    expect(geometry.runs).toHaveLength(1);
    const none = { steps: [], losses: [], read: [], norms: [] };
    expect(trajectoryGeometry(none, holds, 0, 0)).toMatchObject({ path: '', runs: [], ticks: [] });
    const flat = trajectoryGeometry({ ...WAY, losses: [0, 0, 0, 0, 0] }, holds, 248, 46);
    expect(flat.path).toBe('M34,46L84,46L134,46L184,46L234,46');
  });

  it('is a table, too', () => {
    expect(trajectoryRows(WAY, 'L∞').slice(0, 3)).toEqual([
      ['step', 'loss', 'read as', 'L∞ norm'],
      ['0', '0.10', '7', '0.0500'],
      ['2', '0.50', '7', '0.0800'],
    ]);
  });
});
