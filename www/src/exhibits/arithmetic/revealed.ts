/** What a lesson measured, beside what was predicted; the network may have gone on since. */
import { figures } from '../../state';
import { ACCURACY } from './accuracy';
import type { CardContent, Maker } from './card';

const SERIES = ['clean', 'transfer', 'adaptive', 'certified'] as const;

const told = (percent: string, what: string): CardContent => ({
  title: 'Measured in this lesson',
  value: `${percent} %`,
  what,
  worked: [],
  on: [],
  sources: [],
});

/** `revealed/adaptive/31.6`: an accuracy in per cent, as it was noted. */
const revealed: Maker = (name, percent = '') => {
  const series = SERIES.find((each) => each === name);
  if (!series) {
    return told(
      percent,
      'Read off the exhibit that this step leads to, where the figure has a card of its own.',
    );
  }
  const now = figures.value[series];
  const same = now?.done && ((100 * now.correct) / Math.max(1, now.total)).toFixed(1) === percent;
  if (same) return ACCURACY.accuracy(series);
  return told(
    percent,
    'Measured in this browser when this step was done, and noted here. The network on screen is another one by now; where the step makes its own again, the figures show their arithmetic.',
  );
};

export const LESSONS = { revealed };
