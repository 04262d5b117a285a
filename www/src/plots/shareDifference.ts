/** How far two shares lie apart, and how sure that is. */
import { type Measured, share } from './measured';

export interface ShareDifference {
  /** Right minus left, from −1 to 1, … */
  value: number;
  /** … with its 95 % interval. */
  low: number;
  high: number;
  /** Whether the interval leaves zero out. */
  clear: boolean;
}

/**
 * The difference of two shares with the interval made of their Wilson intervals (Newcombe 1998,
 * Statistics in Medicine 17, 873–890, method 10). It takes them for independent: of the same
 * images, as here, it is rather too wide.
 */
export function shareDifference(left: Measured, right: Measured): ShareDifference {
  const [a, b] = [share(left), share(right)];
  const value = b - a;
  const low = value - Math.hypot(b - right.low, left.high - a);
  const high = value + Math.hypot(right.high - b, a - left.low);
  return { value, low, high, clear: low > 0 || high < 0 };
}

/** Points of a hundred with their sign, and a true minus. */
export function points(value: number): string {
  const text = Math.abs(value * 100).toFixed(1);
  if (text === '0.0') return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}
