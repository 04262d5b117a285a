/** The browser against the core run natively: the same recipes, the same bits. */
import { readFileSync } from 'node:fs';
import { expect, test } from './page';

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

// The page has nothing to show of a network that no step has touched.
const shown = golden.filter(({ link }) => link !== 'v=1');

/** Some of every kind; the others are looked at where there is time. */
const QUICK = shown.slice(1, 6);

for (const row of shown) {
  const { link, digest, total, ...counts } = row;
  const tag = QUICK.includes(row) ? [] : '@long';
  test(`has the bits of the native core: ${link.slice(0, 80)}`, { tag }, async ({ lab, page }) => {
    await lab.open(`${link}&digest=${digest}`);
    await expect(page.getByTestId('verification')).toHaveText(/Reproduced, bit for bit\./, {
      timeout: 45_000,
    });
    for (const name of ['clean', 'transfer', 'adaptive'] as const) {
      await lab.finished(name);
      await expect(lab.figure(name)).toHaveAttribute('data-total', String(total));
      await expect(lab.figure(name)).toHaveAttribute('data-correct', String(counts[name]));
    }
  });
}
