/** A visit in the browsers that Playwright cannot drive as they are: Debian's Firefox and WebKit. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Site } from '../e2e/site.ts';
import { BROWSERS } from './browsers.ts';
import { Visitor } from './webdriver.ts';

interface Golden {
  link: string;
  digest: string;
  clean: number;
  transfer: number;
  adaptive: number;
  total: number;
}

// The outcomes that `cargo test` holds the native core to.
const file = new URL('../../../tests/fixtures/golden.json', import.meta.url);
const golden: Golden[] = JSON.parse(readFileSync(file, 'utf8'));
const cut = golden.find(({ link }) => link.includes('prune=amount:25,images:500'));

/** Whatever goes wrong in the page is noted, in any browser. */
const RECORDER = `
window.wrongs = [];
// Not a failure: a size that is only known a frame later.
const harmless = /^ResizeObserver loop/;
const note = (what) => harmless.test(what) || window.wrongs.push(String(what));
addEventListener('error', (event) => note(event.message ?? event.target?.src ?? event.type), true);
addEventListener('unhandledrejection', (event) => note(event.reason));
addEventListener('securitypolicyviolation', (event) => note(event.violatedDirective));
const say = console.error;
console.error = (...words) => { note(words.join(' ')); say(...words); };
`;

const { SECATEURS_SHOTS } = process.env;

for (const [name, start] of BROWSERS) {
  test(`${name}: trains, attacks, cuts, the same bits, and nothing goes wrong`, async ({
    baseURL,
  }) => {
    test.skip(start === null, `${name} is not here`);
    if (!start || !cut) throw new Error('There is nothing to visit.');
    const site = new Site(baseURL ?? '');
    site.beside['recorder.js'] = RECORDER;
    site.newer = '<script src="./recorder.js"></script>';
    const address = await site.start();
    const driven = await start();
    const visitor = new Visitor(driven.send);
    try {
      await visit(visitor, address, cut);
    } finally {
      if (SECATEURS_SHOTS) {
        writeFileSync(`${SECATEURS_SHOTS}/${name}.png`, await visitor.picture(), 'base64');
      }
      await driven.close();
      site.stop();
    }
  });
}

/** What an attribute of an element of the page says, once it says something. */
const attribute = (id: string, key: string) =>
  document.querySelector(`[data-testid="${id}"]`)?.getAttribute(key);

async function visit(visitor: Visitor, address: string, expected: Golden): Promise<void> {
  // A recipe that trains and cuts: digest and counts are the native ones.
  await visitor.open(`${address}#${expected.link}&digest=${expected.digest}`);
  const said = await visitor.until('the network to be reproduced', () => {
    const news = document.querySelector<HTMLElement>('[data-testid="verification"]');
    return news && news.dataset.phase !== 'replaying' && news.innerText;
  });
  expect(said).toContain('Reproduced, bit for bit.');
  for (const figure of ['clean', 'transfer', 'adaptive'] as const) {
    const id = `figure-${figure}`;
    await visitor.until(
      figure,
      (name: string) => document.querySelector(`[data-testid="${name}"][data-done="true"]`),
      id,
    );
    expect(await visitor.ask(attribute, id, 'data-total')).toBe(String(expected.total));
    expect(await visitor.ask(attribute, id, 'data-correct')).toBe(String(expected[figure]));
  }

  // A unit is cut with the mouse, by its tile.
  const grid = '[data-testid="grid-0"]';
  const pruned = () =>
    (document.querySelector('[data-testid="grid-0"]')?.getAttribute('data-pruned') ?? '')
      .split(',')
      .map(Number);
  const before = await visitor.ask(pruned);
  const columns = Number(await visitor.ask(attribute, 'grid-0', 'data-columns'));
  const unit = Array.from({ length: columns }, (_, at) => at).find((at) => !before.includes(at));
  if (unit === undefined) throw new Error('The first row of tiles is cut already.');
  await visitor.press(grid, (unit + 0.5) / columns, 0.5 / Math.ceil(32 / columns));
  await visitor.until(
    'the cut',
    (cut: number) =>
      document
        .querySelector('[data-testid="grid-0"]')
        ?.getAttribute('data-pruned')
        ?.split(',')
        .includes(String(cut)),
    unit,
  );

  // Code that is fetched when somebody comes near it, or asks for it.
  await visitor.press('[data-testid="to-findings"]');
  await visitor.until('the findings', () => document.querySelector('[data-testid^="finding-"]'));
  await visitor.until('all sections', () => {
    const missing = document.querySelector('.later');
    missing?.scrollIntoView();
    return !missing;
  });
  await visitor.press('[data-testid="study-pixels"] button');
  await visitor.until('the exhibit', () =>
    document.querySelector('[data-testid="study-pixels"] [data-testid="shows"]'),
  );
  expect(await visitor.ask(() => (window as unknown as { wrongs: string[] }).wrongs)).toEqual([]);
}
