import { describe, expect, it } from 'vitest';
import { apart, distance, sentence } from '../../../src/lessons/compare';
import type { Dot, DrawCurve, Prediction, SetNumber } from '../../../src/lessons/types';
import { filled } from '../../../src/lessons/words';

const common = { ask: '', covers: [], name: 'clean', series: 'clean' } as const;
const said = { near: 'near {measured}', above: 'above by {apart}', below: 'below {predicted}' };
const number: SetNumber = {
  ...common,
  kind: 'number',
  from: 50,
  near: 3,
  outcome: () => null,
  said,
};
const curve: DrawCurve = {
  ...common,
  kind: 'curve',
  at: [0, 50],
  axis: '',
  of: '',
  near: 5,
  outcome: () => null,
  said,
};

describe('a prediction beside its outcome', () => {
  it('is near, above or below', () => {
    expect(sentence(number, 93, 95.9)).toBe('near 95.9');
    expect(sentence(number, 92, 95.9)).toBe('below 92');
    expect(sentence({ ...number, said: { ...said, above: 'above' } }, 99, 95.9)).toBe('above');
  });

  it('is not told to whoever did not predict', () => {
    expect(sentence(number, null, 95.9)).toBeNull();
  });

  it('is right or wrong where something was chosen', () => {
    const choose: Prediction = {
      ...common,
      kind: 'choose',
      options: [],
      outcome: () => null,
      said: { right: 'right', wrong: 'wrong' },
    };
    expect(sentence(choose, 'a', 'a')).toBe('right');
    expect(sentence(choose, 'a', 'b')).toBe('wrong');
  });

  it('is as far apart as the curves are on average, without signs that cancel', () => {
    const measured: Dot[] = [
      [0, 90],
      [50, 10],
    ];
    const crossed: Dot[] = [
      [0, 70],
      [50, 30],
    ];
    expect(apart(crossed, measured)).toBe(0);
    expect(distance(crossed, measured)).toBe(20);
    expect(
      sentence(
        curve,
        [
          [0, 95],
          [50, 40],
        ],
        measured,
      ),
    ).toBe('above by 18');
  });

  it('leaves a name without a figure as it stands', () => {
    expect(filled('{a} of {b}', { a: '3' })).toBe('3 of {b}');
  });
});
