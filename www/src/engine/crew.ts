/**
 * Workers side by side that can be replaced: started when there is something to do, replaced when
 * one dies, ended when there is nothing left.
 */
import { type Client, WorkerLost } from './client';
import { restOf } from './restarts';

/** Work that took so many workers with it is not tried again. */
export const ATTEMPTS = 3;
/** So many deaths in a row beyond one of each worker, and another would only be the next. */
const MOST_DEATHS = 5;

export type CrewClient = Pick<Client, 'call' | 'job' | 'terminate' | 'lost' | 'retryData'>;

export class Crew<S extends { client: CrewClient }> {
  readonly slots: S[] = [];
  readonly #size: number;
  readonly #make: () => S;
  readonly #rested: () => void;
  /** Deaths since a worker last did something. */
  #deaths = 0;
  #resting: ReturnType<typeof setTimeout> | undefined;

  /**
   * `make` starts a worker, with all that is known of a new one; `rested` is called when workers
   * that died can be replaced, and has to call `fill`.
   */
  constructor(size: number, make: () => S, rested: () => void) {
    this.#size = size;
    this.#make = make;
    this.#rested = rested;
  }

  /** Starts the workers that are not there, unless they died so fast that it is better to wait. */
  fill(): void {
    for (const slot of [...this.slots]) if (slot.client.lost) this.#remove(slot);
    if (this.#resting !== undefined) return;
    while (this.slots.length < this.#size) this.slots.push(this.#make());
  }

  /** A worker did what it was asked. */
  did(): void {
    this.#deaths = 0;
  }

  /** Gives up a worker that died of what it was asked; returns whether it had. */
  died(slot: S, error: unknown): boolean {
    if (!(error instanceof WorkerLost)) return false;
    this.#remove(slot);
    this.#deaths++;
    // All of them may die at once, when memory is short; after that each next one is waited for.
    const rest = restOf(this.#deaths - this.#size);
    if (rest > 0 && this.#resting === undefined) {
      this.#resting = setTimeout(() => {
        this.#resting = undefined;
        this.#rested();
      }, rest);
    }
    return true;
  }

  /** Whether they die one after the other, whatever they are asked; asked again, it forgets. */
  hopeless(): boolean {
    const hopeless = this.#deaths >= this.#size + MOST_DEATHS;
    if (hopeless) this.#deaths = 0;
    return hopeless;
  }

  retryData(): void {
    for (const slot of this.slots) slot.client.retryData();
  }

  terminate(): void {
    clearTimeout(this.#resting);
    this.#resting = undefined;
    for (const slot of this.slots) slot.client.terminate();
    this.slots.length = 0;
  }

  #remove(slot: S): void {
    const at = this.slots.indexOf(slot);
    if (at >= 0) this.slots.splice(at, 1);
  }
}
