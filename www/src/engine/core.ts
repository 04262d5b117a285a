/** Quick questions to the core, answered by the lab's worker between two steps of its own. */
import { effect } from '@preact/signals';
import { engine } from '../state';
import { WorkerLost } from './client';
import type { Answer, Arguments, Method } from './protocol';
import type { Session } from './session';
import type { Recipe } from './types';

/** So many at once, so that the lab's worker is not held up. */
const AT_ONCE = 40;
const ATTEMPTS = 3;

export class Core {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Answered by the next worker, should the lab's die meanwhile. */
  async ask<M extends Method>(method: M, args: Arguments<M>): Promise<Answer<M>> {
    for (let attempt = 1; ; attempt++) {
      await ready();
      try {
        return await this.#session.desk.client.call(method, args);
      } catch (error) {
        if (!(error instanceof WorkerLost) || attempt >= ATTEMPTS) throw error;
      }
    }
  }

  /** The link to the network of each recipe. */
  async links(recipes: readonly Recipe[]): Promise<string[]> {
    const links: string[] = [];
    for (let from = 0; from < recipes.length; from += AT_ONCE) {
      const some = recipes.slice(from, from + AT_ONCE);
      const written = some.map((recipe) =>
        this.ask('formatLink', [recipe, { image: 0 }, undefined]),
      );
      links.push(...(await Promise.all(written)));
    }
    return links;
  }
}

const NOT_RUNNING = 'The compute worker is not running: start it again first.';

/** Resolves once the lab's worker takes calls; rejects where none is going to. */
function ready(): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = effect(() => {
      const { phase, sentence } = engine.value;
      if (phase === 'starting' || phase === 'restarting') return;
      if (phase === 'ready') resolve();
      else reject(new Error(phase === 'stopped' ? NOT_RUNNING : sentence));
      queueMicrotask(() => stop());
    });
  });
}
