/** The same recipes come to the same bits in every browser, as they do natively. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { BROWSERS } from './browsers.ts';
import { Visitor } from './webdriver.ts';

/** `tests/old_links.rs` holds the native core to the same. */
const FILE = new URL('../../../tests/fixtures/links/v1.json', import.meta.url);
const LINKS: { link: string; digest: string; note: string }[] = JSON.parse(
  readFileSync(FILE, 'utf8'),
);
/** The page has nothing to show of a network that no step has touched, and a lesson brings its own. */
const TRAINED = LINKS.filter(
  ({ link }) => link.includes('&train=') && !link.includes('&lesson='),
).slice(0, 20);

for (const [name, start] of BROWSERS) {
  test(`${name}: twenty recipes, the digests of the native core`, async ({ baseURL }) => {
    test.skip(start === null, `${name} is not here`);
    if (!start) throw new Error('There is nothing to visit.');
    test.setTimeout(300_000);
    expect(TRAINED).toHaveLength(20);
    const driven = await start();
    const visitor = new Visitor(driven.send);
    try {
      await visitor.open(baseURL ?? '');
      for (const { link, digest, note } of TRAINED) {
        // Without a digest: the page writes the one that it found itself.
        await visitor.ask((hash: string) => {
          location.hash = hash;
        }, link);
        const found = await visitor.until(
          note,
          () => /digest=([0-9a-f]{16})$/.exec(location.hash)?.[1],
        );
        expect(found, note).toBe(digest);
      }
    } finally {
      await driven.close();
    }
  });
}
