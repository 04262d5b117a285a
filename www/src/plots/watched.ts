/** Two courses of robust accuracy, epoch by epoch, on one scale from 0 to 1. */

interface Point {
  fgsm: number;
  pgd: number;
}

/** Paths of the two lines; null before there are two points to join. */
export function courses(
  epochs: readonly Point[],
  width: number,
  height: number,
): { fgsm: string; pgd: string } | null {
  if (epochs.length < 2) return null;
  const round = (value: number) => Math.round(value * 100) / 100;
  const path = (key: keyof Point) =>
    epochs
      .map((point, at) => {
        const x = round((at / (epochs.length - 1)) * width);
        return `${at ? 'L' : 'M'}${x} ${round((1 - point[key]) * height)}`;
      })
      .join('');
  return { fgsm: path('fgsm'), pgd: path('pgd') };
}
