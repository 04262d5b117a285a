/** A perturbation for the eye, which would not see it as it is. */

/** The largest change of any pixel. */
export function largestChange(values: ArrayLike<number>): number {
  let largest = 0;
  for (let at = 0; at < values.length; at += 1) {
    largest = Math.max(largest, Math.abs(values[at] ?? 0));
  }
  return largest;
}

/**
 * How many times a perturbation is magnified so that its largest change nearly gets full colour:
 * a number of one digit that can be said, like ×3 or ×20, never less than 1.
 */
export function magnification(largest: number): number {
  if (!(largest > 0) || largest >= 1) return 1;
  // A change of 0.1 may have come back from the network's numbers as 0.10000001.
  const whole = (1 / largest) * (1 + 1e-3);
  const digit = 10 ** Math.floor(Math.log10(whole));
  return Math.floor(whole / digit) * digit;
}

/** What is added to one image to get another, pixel by pixel. */
export function difference(to: ArrayLike<number>, from: ArrayLike<number>): Float32Array {
  return Float32Array.from(to, (value, at) => value - (from[at] ?? 0));
}
