/** When a worker that died is replaced, and when no more. */

/** Deaths with nothing done in between after which another try would only be the next, … */
const MOST_IN_A_ROW = 5;
/** … those before the page was left alone for so long not counted; … */
const FORGOTTEN_MS = 90_000;
/** … and deaths within a minute, whatever was done in between. */
const MOST_A_MINUTE = 30;
const MINUTE_MS = 60_000;

const FIRST_REST_MS = 250;
const LONGEST_REST_MS = 4000;

/** How long to wait before the next try, after so many in a row; not at all after the first. */
export function restOf(deaths: number): number {
  return deaths < 2 ? 0 : Math.min(FIRST_REST_MS * 2 ** (deaths - 2), LONGEST_REST_MS);
}

export class Restarts {
  readonly #now: () => number;
  /** When the worker died. */
  #row: number[] = [];
  #minute: number[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The worker did something that the next one need not do again. */
  did(): void {
    this.#row = [];
  }

  /** The worker died: milliseconds until another is started; null when none is to be. */
  died(): number | null {
    const now = this.#now();
    this.#row = [...this.#row.filter((then) => now - then < FORGOTTEN_MS), now];
    this.#minute = [...this.#minute.filter((then) => now - then < MINUTE_MS), now];
    const over = this.#row.length >= MOST_IN_A_ROW || this.#minute.length >= MOST_A_MINUTE;
    return over ? null : restOf(this.#row.length);
  }

  /** The visitor wants it tried again. */
  again(): void {
    this.#row = [];
    this.#minute = [];
  }
}
