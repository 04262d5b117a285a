/** What the test images show, read once from the lab's worker. */
import { data } from '../state';
import type { LabDesk } from './lab';
import type { Task } from './lane';

export class Labels {
  readonly #desk: LabDesk;
  #known = new Uint8Array(0);

  constructor(desk: LabDesk) {
    this.#desk = desk;
  }

  /** Of the first `images`, once they are known. */
  first(images: number): Uint8Array | null {
    return this.#known.length >= images ? this.#known.subarray(0, images) : null;
  }

  *tasks(images: number): Generator<Task> {
    if (this.first(images) || data.peek().test < images) return;
    const run = async () => {
      this.#known = new Uint8Array(await this.#desk.client.call('labels', ['test', 0, images]));
    };
    yield { key: `labels ${images}`, run };
  }
}
