import { describe, expect, it } from 'vitest';
import { defaultControls } from '../../../src/engine/defaults';
import { withCut, withFile, withLearn, withPrune, withTraining } from '../../../src/engine/recipes';
import { historyWords, whenWords } from '../../../src/storage/words';

const controls = defaultControls();
const trained = withTraining(controls);

describe('a history in words', () => {
  it('says what the network is, how it came about and what was cut last', () => {
    expect(historyWords(trained)).toBe('784-128-64-10, trained');
    const against = withTraining({ ...controls, train: { ...controls.train, against: 'pgd' } });
    expect(historyWords(against)).toBe('784-128-64-10, trained against PGD');
    expect(historyWords(withPrune(trained, { ...controls.prune, amount: 20 }))).toMatch(
      /^784-128-64-10, 20 % of hidden units cut$/,
    );
    expect(historyWords(withLearn(trained, { ...controls.learn, amount: 80 }))).toMatch(
      /, 80 % of \w+ cut$/,
    );
    expect(historyWords(withCut(trained, [[1, 2], [3]]))).toMatch(/, 3 units cut by hand$/);
    expect(historyWords(withCut(trained, [[1], []]))).toMatch(/, 1 unit cut by hand$/);
    expect(historyWords(withCut(trained, [[], []], [7]))).toMatch(/, pixels cut by hand$/);
    expect(historyWords(withFile(controls, 'abc', [30]))).toBe('784-30-10, from a file');
  });

  it('says how long ago by days as a calendar counts them', () => {
    const now = new Date(2026, 2, 10, 0, 30).getTime();
    expect(whenWords(now, now)).toBe('today');
    expect(whenWords(new Date(2026, 2, 9, 23, 50).getTime(), now)).toBe('yesterday');
    expect(whenWords(new Date(2026, 2, 1, 12, 0).getTime(), now)).toBe('9 days ago');
  });
});
