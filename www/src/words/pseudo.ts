/** English that nobody would mistake for it: shows what no translation would reach. */

const ACCENTED: Record<string, string> = {
  ...{ a: 'á', c: 'ç', e: 'é', i: 'í', n: 'ñ', o: 'ó', s: 'š', u: 'ú', y: 'ý', z: 'ž' },
  ...{ A: 'Á', C: 'Ç', E: 'É', I: 'Í', N: 'Ñ', O: 'Ó', S: 'Š', U: 'Ú', Y: 'Ý', Z: 'Ž' },
};

export function pseudo(catalogue: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.keys(catalogue).map((text) => [text, `⟦${accented(text)}⟧`]);
  return Object.fromEntries(pairs);
}

function accented(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => ACCENTED[letter] ?? letter);
}
