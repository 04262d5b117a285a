/** Which language the page speaks: that of `?lang=`, else the browser's, else English. */

/** A catalogue: texts by where in the sources they stand. */
export type Catalogue = Readonly<Record<string, Readonly<Record<string, string>>>>;

const ENGLISH = 'en';
/** English with accents and brackets, for tests. */
const PSEUDO = 'en-XA';

const catalogues = import.meta.glob<Catalogue>('../../words/*.json', { import: 'default' });
const file = (language: string) => `../../words/${language}.json`;

/** Loads what the language needs; nothing at all for English. */
export async function chooseLanguage(search = location.search): Promise<void> {
  const asked = new URLSearchParams(search).get('lang');
  const language = chosen(asked === null ? navigator.languages : [asked], Object.keys(catalogues));
  if (language === ENGLISH) return;
  const load = catalogues[file(language === PSEUDO ? ENGLISH : language)];
  try {
    const [catalogue, { Translator }, { speak }, { pseudo }] = await Promise.all([
      load?.() ?? {},
      import('./translator'),
      import('./page'),
      import('./pseudo'),
    ]);
    const texts = Object.assign({}, ...Object.values(catalogue)) as Record<string, string>;
    const known = language === PSEUDO ? pseudo(texts) : texts;
    speak(new Translator(known, language), language);
  } catch {
    // Then in English.
  }
}

/** The first wish that there is a file for; of `de-CH`, a `de` will do. */
export function chosen(wishes: readonly string[], files: readonly string[]): string {
  for (const wish of wishes) {
    if (wish === PSEUDO) return PSEUDO;
    const parts = wish.split('-');
    for (let length = parts.length; length > 0; length--) {
      const language = parts.slice(0, length).join('-');
      if (language === ENGLISH || files.includes(file(language))) return language;
    }
  }
  return ENGLISH;
}
