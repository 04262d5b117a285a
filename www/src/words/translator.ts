/**
 * Texts of the page in another language. The catalogue holds whole texts, with `{0}`, `{1}`, … for
 * numbers, names and whatever else is set into them; what is set into one is translated by itself.
 */

interface Pattern {
  regex: RegExp;
  /** The number of the hole that each group of the expression stands for. */
  holes: string[];
  translation: string;
  /** How much of the text is given. */
  weight: number;
}

interface Said {
  text: string;
  /** No word of it was left as it is. */
  whole: boolean;
}

/** Of a text with elements in it: one character for each, which no text has. */
export const ELEMENT = /[\uE000-\uF8FF]/;
const HOLE = /\{(\d+)\}/;
/** Names in capitals, such as PGD, are the same in any language. */
const NAME = /(?<!\p{L})\p{Lu}{2,}\d*(?!\p{L})/gu;
/** Where a text that is put together may be taken apart again. */
const SEAM = /(?<=[.;:,?!…] )|(?<= · )|(?<= [–-] )|(?= \()|(?<=\()|(?=\))|(?<= )(?=[\p{L}\d])/u;
const DEEPEST = 8;
const MOST_KEPT = 5000;
/** So many patterns are tried for one text: a page must never wait for its words. */
const MOST_TRIES = 400;
/** What is found in a text that was put together has at most so many words. */
const LONGEST = 24;

export class Translator {
  readonly #exact = new Map<string, string>();
  readonly #small = new Map<string, string>();
  /** Patterns by the longest word that is given in them. */
  readonly #patterns = new Map<string, Pattern[]>();
  readonly #kept = new Map<string, Said>();
  #left = 0;
  readonly #group: string;
  readonly #decimal: string;

  constructor(catalogue: Readonly<Record<string, string>>, language: string) {
    const parts = new Intl.NumberFormat(language).formatToParts(12345.6);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
    this.#group = part('group');
    this.#decimal = part('decimal');
    for (const [text, translation] of Object.entries(catalogue)) this.#add(text, translation);
    for (const patterns of this.#patterns.values()) patterns.sort((a, b) => b.weight - a.weight);
  }

  /** The text in the other language, as far as the catalogue has it. */
  say(text: string): string {
    return this.tell(text).text;
  }

  tell(text: string): Said {
    this.#left = MOST_TRIES;
    return this.#tell(text, 0);
  }

  #add(text: string, translation: string): void {
    if (translation === '') return;
    const plain = spaced(text);
    if (!HOLE.test(plain)) {
      this.#exact.set(plain, translation);
      this.#small.set(plain.toLowerCase(), translation.toLowerCase());
      return;
    }
    const parts = plain.split(/\{(\d+)\}/);
    const given = parts.filter((_, at) => at % 2 === 0);
    const word = words(given.join(' ')).sort((a, b) => b.length - a.length)[0] ?? '';
    const source = parts.map((part, at) => (at % 2 === 0 ? escaped(part) : '(.*?)')).join('');
    const pattern = {
      regex: new RegExp(`^${source}$`, 'su'),
      holes: parts.filter((_, at) => at % 2 === 1),
      translation,
      weight: given.join('').length,
    };
    this.#patterns.set(word, [...(this.#patterns.get(word) ?? []), pattern]);
  }

  #tell(text: string, depth: number): Said {
    const plain = spaced(text);
    const kept = this.#kept.get(plain);
    if (kept) return kept;
    const [, before = '', core = '', after = ''] = /^([\s,;:·]*)(.*?)(\s*)$/su.exec(plain) ?? [];
    if (this.#kept.size > MOST_KEPT) this.#kept.clear();
    // A text that is set into itself is not found that way.
    this.#kept.set(plain, { text: plain, whole: false });
    const said = this.#core(core, depth);
    const outcome = { text: `${before}${said.text}${after}`, whole: said.whole };
    this.#kept.set(plain, outcome);
    return outcome;
  }

  #core(text: string, depth: number): Said {
    if (!hasWords(text)) return { text: this.#numbers(text), whole: true };
    const exact = this.#given(text);
    if (exact !== undefined) return { text: exact, whole: true };
    if (depth > DEEPEST) return { text, whole: false };
    let best = this.#matched(text, depth);
    if (!best?.whole) {
      const apart = this.#apart(text, depth);
      if (apart.whole || !best) best = apart;
    }
    return best;
  }

  /** A label may stand within a sentence, in small letters. */
  #given(text: string): string | undefined {
    return this.#exact.get(text) ?? this.#small.get(text);
  }

  /** By a text that it is an instance of. */
  #matched(text: string, depth: number): Said | null {
    const keys = new Set(words(text)).add('');
    if (this.#left <= 0) return null;
    const candidates = [...keys].flatMap((key) => this.#patterns.get(key) ?? []);
    candidates.sort((a, b) => b.weight - a.weight);
    let partly: Said | null = null;
    for (const { regex, holes, translation } of candidates) {
      if (this.#left-- <= 0) break;
      const found = regex.exec(text);
      if (!found) continue;
      const filled = holes.map((_, at) => this.#tell(found[at + 1] ?? '', depth + 1));
      const whole = filled.every((one) => one.whole);
      if (!whole && partly) continue;
      const put = (_: string, hole: string) => filled[holes.indexOf(hole)]?.text ?? '';
      const said = { text: translation.replace(/\{(\d+)\}/g, put), whole };
      if (whole) return said;
      partly = said;
    }
    return partly;
  }

  /** Piece by piece, the longest first; what is no known text stays as it is. */
  #apart(text: string, depth: number): Said {
    const pieces = text.split(SEAM);
    let told = '';
    let whole = true;
    for (let from = 0; from < pieces.length; ) {
      let next = this.#left > 0 ? Math.min(pieces.length, from + LONGEST) : from;
      let said: Said | null = null;
      for (; next > from && !said; next--) {
        if (from === 0 && next === pieces.length) continue;
        const some = pieces.slice(from, next).join('');
        // Letters and signs without a word may belong to the next one.
        if (next > from + 1 && !hasWords(some)) continue;
        said = this.#known(some, depth);
      }
      told += said?.text ?? pieces[from] ?? '';
      whole &&= said !== null;
      from = said ? next + 1 : from + 1;
    }
    return { text: told, whole };
  }

  /** Of a piece, with the marks and spaces around it. */
  #known(piece: string, depth: number): Said | null {
    const [, before = '', core = '', mark = '', after = ''] =
      /^([\s,;:·()[\]“”]*)(.*?)([.,;:·()[\]“”]*)(\s*)$/su.exec(piece) ?? [];
    for (const [text, left] of [
      [core + mark, ''],
      [core, mark],
    ] as const) {
      if (!hasWords(text)) return { text: this.#numbers(piece), whole: true };
      const exact = this.#given(text);
      const said = exact === undefined ? this.#matched(text, depth + 1) : null;
      const found = exact ?? (said?.whole ? said.text : undefined);
      if (found !== undefined) return { text: before + found + left + after, whole: true };
    }
    return null;
  }

  /** Numbers as the language writes them. */
  #numbers(text: string): string {
    return text.replace(/\d[\d,]*\.?\d*/g, (number) =>
      number.replace(/,(?=\d{3})|\./g, (mark) => (mark === ',' ? this.#group : this.#decimal)),
    );
  }
}

const spaced = (text: string) => text.replaceAll('\u00a0', ' ');
const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const hasWords = (text: string) => /\p{L}{2,}/u.test(text.replace(NAME, ''));
const words = (text: string): string[] => text.match(/\p{L}{2,}/gu) ?? [];
