/**
 * The losses and the pace of the newest training. Cuts replay the recipe without any, and must not
 * take the line of the network they cut away.
 */
import { effect, signal } from '@preact/signals';
import { network, training } from '../../state';

export const losses = signal<number[]>([]);
export const pace = signal<{
  seconds: number;
  rate: number;
  counted: { images: number; seconds: number };
} | null>(null);

effect(() => {
  const { losses: now, secondsTaken, imagesPerSecond, counted, panel } = training.value;
  if (panel === 'prune') return;
  if (now.length > 0) {
    losses.value = now;
    if (secondsTaken > 0) pace.value = { seconds: secondsTaken, rate: imagesPerSecond, counted };
  } else if (network.value === null) {
    losses.value = [];
    pace.value = null;
  }
});
