/**
 * What the units of deeper layers look for in the chosen image: the product of the weights through
 * those units alone that the image makes active.
 */
import { deepTiles, image, imageTiles, penDown } from '../state';
import type { LabDesk } from './lab';
import type { Task } from './lane';
import type { ImageAttack, NetworkFacts, Recipe } from './types';

export class Effective {
  readonly #desk: LabDesk;
  /** The attack and the network that `imageTiles` show. */
  #of: ImageAttack | null = null;
  #digest = '';

  constructor(desk: LabDesk) {
    this.#desk = desk;
  }

  /** Another network is on screen, or none. */
  clear(): void {
    this.#of = null;
    if (imageTiles.peek()) imageTiles.value = null;
  }

  *tasks(facts: NetworkFacts, at: Recipe): Generator<Task> {
    const attacked = image.peek();
    const fits = attacked?.layers.length === facts.hidden.length;
    if (!attacked || !fits || facts.hidden.length < 2 || deepTiles.peek() !== 'patterns') {
      this.clear();
      return;
    }
    const done = attacked === this.#of && facts.digest === this.#digest;
    // While the pen moves, the image before is near enough.
    if (done || penDown.peek()) return;
    const key = `effective ${facts.digest} ${attacked.index}`;
    const run = (signal: AbortSignal) => this.#look(attacked, facts, at, signal);
    yield { key, repeats: true, run };
  }

  async #look(attacked: ImageAttack, facts: NetworkFacts, at: Recipe, signal: AbortSignal) {
    await this.#desk.hold(at, signal);
    const layers = facts.hidden.map((_, layer) => {
      if (layer === 0) return null;
      const below = attacked.layers.slice(0, layer).flatMap(({ clean }) => clean);
      const active = Uint8Array.from(below, (output) => (output > 0 ? 1 : 0));
      return this.#desk.client.call('patternsThrough', [layer, active]);
    });
    const patterns = await Promise.all(layers);
    if (signal.aborted) return;
    this.#of = attacked;
    this.#digest = facts.digest;
    imageTiles.value = patterns;
  }
}
