/** How a worker ends, and what it says of it. */

/**
 * A trap, or what browsers throw when memory or the stack is at its end: in the middle of the core,
 * which cannot go on from there. What the core itself refuses is an ordinary `Error`.
 */
export function isBeyondUse(error: unknown): boolean {
  const name = error instanceof Error ? error.name : '';
  return name === 'RuntimeError' || name === 'RangeError' || name === 'InternalError';
}

export function brokeDown(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `The compute worker broke down (${why}).`;
}

/** What is said of work that took every worker that tried it with it. */
export function givenUp(reason: string): string {
  return `This stopped the compute worker again and again, so it was given up. ${reason}`;
}
