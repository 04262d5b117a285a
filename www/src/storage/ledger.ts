/** Turns this page's history into records, and knows which of them are written already. */
import { networkKey, remembered } from '../engine/keys';
import type { Own } from '../engine/own';
import type { Recipe } from '../engine/types';
import type { Found, Written } from './documents';
import { LONGEST_NAME, MOST_TEXT } from './records';
import type { StoredAside, StoredDocument } from './schema';

/** Everything of a visit that is kept. */
export interface Visit {
  entries: readonly Recipe[];
  at: number;
  /** What is being made. */
  target: Recipe;
  address: string;
  /** What the visitor calls networks, by `networkKey`. */
  names: ReadonlyMap<string, string>;
  aside: Own | null;
}

export class Ledger {
  readonly id: string;
  readonly #writer: string;
  readonly #numbers: Map<string, number>;
  #written: Set<number>;
  #next: number;

  /** Of a history that is new, or goes on with one that was found. */
  constructor(id: string, writer: string, found: ReadonlyMap<number, string> = new Map()) {
    this.id = id;
    this.#writer = writer;
    this.#numbers = new Map([...found].map(([number, text]) => [text, number]));
    this.#written = new Set(found.keys());
    this.#next = Math.max(0, ...found.keys()) + 1;
  }

  /** Nothing of it is in the database yet. */
  get isNew(): boolean {
    return this.#written.size === 0;
  }

  /**
   * Whether a line of entries goes on with what is written: another one, of a link without a
   * network for example, must not take its place.
   */
  continues({ entries }: Pick<Visit, 'entries'>): boolean {
    if (this.isNew) return true;
    const trained = entries.filter(({ steps }) => steps.length > 0);
    return trained.some((entry) => this.#written.has(this.#numbers.get(textOf(entry)) ?? -1));
  }

  /** What is to be written of it now. */
  write(visit: Visit): Written {
    const texts = new Map<number, string>();
    let size = 0;
    const numberOf = (recipe: Recipe): number => {
      const text = textOf(recipe);
      const number = this.#numbers.get(text) ?? this.#next++;
      this.#numbers.set(text, number);
      if (!texts.has(number)) size += text.length;
      texts.set(number, text);
      return number;
    };
    const here = visit.entries[visit.at] ?? visit.target;
    // Where there is no room for all, the newest stay, and what is on screen.
    numberOf(here);
    const busy = textOf(visit.target) !== textOf(here);
    const target = busy ? numberOf(visit.target) : null;
    const line = (entries: readonly Recipe[], at: number) => {
      const numbers: number[] = [];
      let place = at;
      for (const [index, entry] of [...entries.entries()].reverse()) {
        if (size + textOf(entry).length > MOST_TEXT && index !== at) {
          if (index < at) place -= 1;
          continue;
        }
        numbers.unshift(numberOf(entry));
      }
      return { entries: numbers, at: place };
    };
    const own = line(visit.entries, visit.at);
    const { aside } = visit;
    const before: StoredAside | null = aside && {
      ...line(aside.history.entries, aside.history.at),
      target: numberOf(aside.target),
      measures: measuresOf(aside.target),
      image: aside.image,
      curve: aside.curve,
    };
    const named = visit.names.size > 0 ? visit.entries : [];
    const names = named.flatMap((entry): [number, string][] => {
      const name = visit.names.get(networkKey(entry))?.slice(0, LONGEST_NAME);
      const number = this.#numbers.get(textOf(entry));
      return name && number !== undefined && texts.has(number) ? [[number, name]] : [];
    });
    const document: StoredDocument = {
      ...own,
      id: this.id,
      writer: this.#writer,
      when: Date.now(),
      address: visit.address,
      target,
      measures: measuresOf(here),
      names,
      aside: before,
    };
    const fresh = [...texts.keys()].filter((number) => !this.#written.has(number));
    const gone = [...this.#written].filter((number) => !texts.has(number));
    return { document, texts, fresh, gone };
  }

  /** This is in the database now; whether it is the first of its kind there. */
  wrote({ texts }: Found): boolean {
    const first = this.isNew;
    this.#written = new Set(texts.keys());
    for (const [text, number] of this.#numbers) {
      if (!texts.has(number)) this.#numbers.delete(text);
    }
    return first;
  }
}

/** A recipe without what is measured of it, which all entries of a history share. */
export const textOf = remembered(({ version, data, network, steps }) =>
  JSON.stringify({ version, ...(data === undefined ? {} : { data }), network, steps }),
);

export function measuresOf({ attack, measure, distortion }: Recipe): string {
  return JSON.stringify({ attack, measure, distortion });
}
