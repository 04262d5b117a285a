/** Files to take away, as the core writes them. */
import { distortion, type Figure, figures, network, recipe } from '../state';
import { Core } from './core';
import type { Engine } from './engine';
import type { NetworkFacts, NetworkFormat, TakenFigures } from './types';

export interface TakenFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** How files of a network are called: its digest tells which it is. */
export const nameOf = (digest: string) => `secateurs-${digest}`;

/** What is known of the network on screen, for the script to print beside its own. */
export function takenFigures(facts: NetworkFacts): TakenFigures {
  const { clean, transfer, adaptive } = figures.peek();
  const whole = (figure: Figure | null) => (figure?.done ? figure.correct : undefined);
  const measured = distortion.peek();
  // What is shown may be of the network before the newest cut.
  const own = measured?.digest === facts.digest ? measured : null;
  return {
    clean: whole(clean),
    transfer: whole(transfer),
    adaptive: whole(adaptive),
    distortion: own?.layers.map(({ units }) => units) ?? [],
  };
}

export class Files {
  readonly #engine: Engine;
  readonly #core: Core;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#core = new Core(engine.session);
  }

  async network(format: NetworkFormat): Promise<TakenFile> {
    const { facts, at, bytes } = this.#held();
    const file = await this.#core.ask('networkFile', [at, bytes, format]);
    return { name: `${nameOf(facts.digest)}.${format}`, bytes: own(file) };
  }

  /** A network that was put aside. */
  async kept(digest: string, format: NetworkFormat): Promise<TakenFile> {
    const { matrices } = this.#engine.session.measures;
    const [bytes, at] = [matrices.bytesOf(digest), matrices.recipeOf(digest)];
    if (!bytes || !at) throw new Error('This network is not kept any more.');
    const file = await this.#core.ask('networkFile', [at, bytes, format]);
    return { name: `${nameOf(digest)}.${format}`, bytes: own(file) };
  }

  /** The script with all that it needs, in one zip. */
  async experiment(): Promise<TakenFile> {
    const { facts, at, bytes, reference } = this.#held();
    const asked = [at, bytes, reference, takenFigures(facts)] as const;
    const file = await this.#core.ask('experimentFile', [...asked]);
    return { name: `${nameOf(facts.digest)}-experiment.zip`, bytes: own(file) };
  }

  async script(): Promise<string> {
    const { facts, at, bytes, reference } = this.#held();
    return this.#core.ask('experimentScript', [at, bytes, reference, takenFigures(facts)]);
  }

  /** Texts under their names, in one zip. */
  async zip(name: string, texts: readonly { name: string; text: string }[]): Promise<TakenFile> {
    const names = texts.map((entry) => entry.name);
    const bodies = texts.map(({ text }) => text);
    return { name, bytes: own(await this.#core.ask('zipTexts', [names, bodies])) };
  }

  /** The network on screen, what it was before its first cut, and its recipe. */
  #held() {
    const [facts, at] = [network.peek(), recipe.peek()];
    const { session } = this.#engine;
    if (!facts) throw new Error('There is no network yet: train one first.');
    if (!session.settled) throw new Error('The network is being made; try again in a moment.');
    const bytes = session.desk.bytesOf(facts.digest);
    const reference = session.desk.bytesOf(facts.referenceDigest);
    if (!bytes || !reference) throw new Error('The network is not here any more; train it again.');
    return { facts, at, bytes, reference };
  }
}

/** In a buffer of its own, as `Blob` wants it. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
