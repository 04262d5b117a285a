/** Accuracies as shares and words. The only place that rounds a figure for the eye. */

export interface Measured {
  correct: number;
  total: number;
  low: number;
  high: number;
}

/** Share that was read right, 0 to 1. */
export const share = ({ correct, total }: Measured): number => (total > 0 ? correct / total : 0);

/** Half the width of the interval, in points of a hundred. */
export const halfWidth = ({ low, high }: Measured): number => ((high - low) / 2) * 100;

/** A share as per cent with one decimal, a true minus never needed. */
export const percent = (value: number): string => (value * 100).toFixed(1);

/** A count with thousands separated as the page writes them everywhere. */
export const count = (value: number): string =>
  `${Math.round(value)}`.replace(/\B(?=(\d{3})+$)/g, ',');

/** A number in as many digits as it deserves: 0.53, 12.4, 0.0031. */
export function short(value: number): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 0.1) return value.toFixed(2);
  if (size >= 0.001) return value.toFixed(4);
  return value.toExponential(1);
}

/** Seconds as people say them. */
export function seconds(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 90) return `${Math.round(value)} s`;
  return `${Math.round(value / 60)} min`;
}
