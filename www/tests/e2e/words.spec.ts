/** Whatever the page says can be said in another language: nothing bypasses the catalogue. */
import type { Page } from '@playwright/test';
import { expect, test } from './page';

/** Measured in a moment, with whatever there is to say of a cut. */
const TINY =
  'v=1&hidden=16-12&train=epochs:1,images:2000&prune=amount:20&measure=images:64&distortion=images:64';

/** Texts, and parts of texts, that are not in the brackets of the made-up language. */
async function untranslated(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const bare = (text: string) => {
      let [before, after] = ['', text];
      // They stand within each other.
      while (before !== after) [before, after] = [after, after.replace(/⟦[^⟦⟧]*⟧/g, '')];
      // Names in capitals are the same in any language.
      return after.replace(/\b[A-Z]{2,}\d*\b/g, '');
    };
    const left: string[] = [];
    const look = (text: string | null | undefined) => {
      if (text && /\p{L}{2,}/u.test(bare(text))) left.push(text);
    };
    for (const element of document.querySelectorAll('body, body *')) {
      if (element.closest('script, style, code, textarea, noscript, [translate="no"]')) continue;
      for (const name of ['title', 'aria-label', 'aria-valuetext', 'alt', 'placeholder']) {
        look(element.getAttribute(name));
      }
      const nodes = [...element.childNodes];
      const own = nodes.map((node) => (node instanceof Text ? node.data : '\ue000')).join('');
      if (nodes.some((node) => node instanceof Text && bare(node.data).trim() !== '')) look(own);
    }
    return [...new Set(left)];
  });
}

test('every text of the page is in the catalogue', async ({ lab, page, baseURL }) => {
  test.setTimeout(120_000);
  await lab.open(`${baseURL}?lang=en-XA`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en-XA');
  await expect(page.getByTestId('gallery').getByRole('button').first()).toBeVisible();
  expect(await untranslated(page)).toEqual([]);
  await lab.open(`${baseURL}?lang=en-XA#${TINY}`);
  await lab.hasNetwork();
  await lab.finished('adaptive');
  expect(await untranslated(page)).toEqual([]);
  await page.getByTestId('share-button').click();
  expect(await untranslated(page)).toEqual([]);
  await page.keyboard.press('Escape');
  // Whatever unfolds, and whatever is fetched once somebody comes near it.
  await page.evaluate(() => {
    const folded = document.querySelectorAll<HTMLElement>('button[aria-expanded="false"]');
    for (const button of folded) button.click();
  });
  const missing = () => {
    const section = document.querySelector('.later');
    section?.scrollIntoView();
    return section !== null;
  };
  await expect.poll(() => page.evaluate(missing)).toBe(false);
  await expect(page.getByTestId('shows')).toHaveCount(3, { timeout: 60_000 });
  expect(await untranslated(page)).toEqual([]);
});

test('English loads no catalogue', async ({ lab, page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await lab.open();
  await expect(page.getByTestId('train-button')).toBeEnabled();
  expect(asked.filter((url) => /\/(en|translator|pseudo)-/.test(url))).toEqual([]);
});
