/**
 * Workers side by side that can be replaced: started when there is something to do, mended when
 * one dies, ended when there is nothing left.
 */
import { type Client, WorkerLost } from './client';

/** Work that took so many workers with it is not tried again. */
export const ATTEMPTS = 3;

export type CrewClient = Pick<Client, 'call' | 'job' | 'terminate' | 'lost' | 'retryData'>;

export class Crew<S extends { client: CrewClient }> {
  readonly slots: S[] = [];
  readonly #size: number;
  readonly #make: () => S;

  /** `make` starts a worker, with all that is known of a new one. */
  constructor(size: number, make: () => S) {
    this.#size = size;
    this.#make = make;
  }

  fill(): void {
    while (this.slots.length < this.#size) this.slots.push(this.#make());
  }

  /** Puts a new worker into the place of one that died; returns whether it had. */
  mended(slot: S, error: unknown): boolean {
    const lost = error instanceof WorkerLost;
    const at = this.slots.indexOf(slot);
    if (lost && at >= 0) this.slots[at] = this.#make();
    return lost;
  }

  retryData(): void {
    for (const slot of this.slots) slot.client.retryData();
  }

  terminate(): void {
    for (const slot of this.slots) slot.client.terminate();
    this.slots.length = 0;
  }
}
