/** After the first visit the page needs no network, and it says when there is a newer one. */
import { expect, type Page } from '@playwright/test';
import { SMALL, test } from './page';
import { Site } from './site';

const base = test.extend<{ site: Site; address: string }>({
  site: async ({ baseURL }, use) => {
    const site = new Site(baseURL ?? '');
    await use(site);
    site.stop();
  },
  address: async ({ site }, use) => use(await site.start()),
});

/** How many files are kept of how many there are. */
async function kept(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const script = await (await fetch('./service-worker.js')).text();
    const { code, data } = JSON.parse(script.slice('self.site='.length, script.indexOf(';\n')));
    const files: [string, string][] = [...code, ...data];
    const found = await Promise.all(
      files.map(([path, hash]) =>
        caches.match(`${new URL(path, location.href.split('#')[0])}?${encodeURIComponent(hash)}`),
      ),
    );
    return found.filter(Boolean).length / files.length;
  });
}

base('works offline after the first visit', async ({ lab, page, site, address }) => {
  await lab.open(address);
  await expect.poll(() => kept(page), { timeout: 30_000 }).toBe(1);
  site.down = true;
  site.asked = [];
  await lab.open(`${address}#${SMALL}`);
  await lab.hasNetwork();
  await lab.finished('clean');
  // Code that the first visit did not ask for.
  await page.getByTestId('study-pixels').getByRole('button').first().click();
  await expect(page.getByTestId('study-pixels').getByTestId('shows')).toBeVisible();
  await page.getByRole('button', { name: 'Findings', exact: true }).click();
  await expect(page.getByTestId('finding-deletion')).toBeVisible();
  await page.goto(`${address}licences.html`);
  await expect(page.getByRole('heading', { name: 'The texts' })).toBeVisible();
  expect(site.asked).toEqual([]);
  // The browser itself says that its look for a newer version failed.
  lab.errors.splice(0);
});

base(
  'a newer version is announced, and is opened by a reload',
  { tag: '@long' },
  async ({ lab, page, context, site, address }) => {
    // One time in ten or so the reload hangs while the newer worker takes over, though never in a
    // browser that no tool is attached to: then better soon, to be tried again.
    await lab.open(`${address}#${SMALL}`);
    await lab.hasNetwork();
    await expect.poll(() => kept(page), { timeout: 30_000 }).toBe(1);
    const other = await context.newPage();
    await other.goto(address);
    await expect(other.getByTestId('train-button')).toBeEnabled();
    // Its own look for a newer version comes once it has its images.
    await expect.poll(() => kept(other), { timeout: 30_000 }).toBe(1);
    await page.bringToFront();
    site.newer = '<meta name="test" content="newer">';
    const news = page.getByTestId('notice').filter({ hasText: 'A new version is ready' });
    // The page looks whenever it is turned to.
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await expect(news).toBeVisible();
    // Nothing is forced: both go on as they are, also with code that they have not asked for yet.
    await expect(page.locator('meta[name="test"]')).toHaveCount(0);
    await news.getByRole('button', { name: 'Reload' }).click();
    await expect(page.locator('meta[name="test"]')).toHaveCount(1);
    await lab.hasNetwork();
    await expect(news).toHaveCount(0);
    site.down = true;
    await other.getByTestId('study-pixels').getByRole('button').first().click();
    await other.getByRole('button', { name: 'Findings', exact: true }).click();
    await expect(other.getByTestId('finding-deletion')).toBeVisible();
    lab.errors.splice(0);
  },
);
