/** What the network reads. */

/** The digit with the largest probability. */
export function read(probabilities: readonly number[]): number {
  return probabilities.indexOf(Math.max(...probabilities));
}
