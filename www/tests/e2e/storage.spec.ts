/** What is kept on the device: across reloads, for every tab its own, and where nothing can be. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, Lab, SMALL, test } from './page';

const pruned = (lab: Lab) => expect.poll(async () => (await lab.pruned(0)).length);

async function cut(lab: Lab, percent: string, units: number): Promise<void> {
  await lab.page.getByTestId('amount-slider').fill(percent);
  await pruned(lab).toBe(units);
}

/** What went wrong in a page; of what any page requests, the test's own has heard. */
const wrong = ({ errors }: Lab) => errors.filter((error) => !error.startsWith('A request'));

/** Loads the page anew; the network of its address is then on screen again. */
async function reload(lab: Lab): Promise<void> {
  await lab.page.reload();
  await lab.hasNetwork();
}

/** Breaks one step of what is kept, as a failing disk might. */
async function damage(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const request = indexedDB.open('secateurs');
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    const entries = request.result.transaction('entries', 'readwrite').objectStore('entries');
    const all = entries.getAll();
    await new Promise((resolve) => {
      all.onsuccess = resolve;
    });
    const middle = all.result.find(({ text }) => text.includes('"amount":30'));
    const put = entries.put({ ...middle, text: '{"steps":[{"step":"evil"}]}' });
    await new Promise((resolve) => {
      put.onsuccess = resolve;
    });
    request.result.close();
  });
}

test('a reload keeps the history but for what is damaged, until all of it is deleted', {
  tag: '@long',
}, async ({ lab, page }) => {
  test.slow();
  await lab.open(SMALL);
  await lab.hasNetwork();
  await cut(lab, '20', 25);
  await page.getByLabel('Name of step 1').fill('mine');
  await page.getByLabel('Name of step 1').press('Tab');
  await cut(lab, '30', 38);
  await cut(lab, '40', 51);
  await expect(page).toHaveURL(/prune=amount:40/);
  await damage(page);
  await page.getByTestId('undo').click();
  await pruned(lab).toBe(38);
  await page.getByTestId('undo').click();
  await pruned(lab).toBe(25);
  // Of the step between, which is damaged now, nothing but its link would be left.
  await expect(page).toHaveURL(/prune=amount:20/);
  await reload(lab);
  await pruned(lab).toBe(25);
  await expect(page.getByTestId('notice')).toContainText('were damaged and are left out');
  await expect(page.getByLabel('Name of step 1')).toHaveValue('mine');
  await page.getByTestId('redo').click();
  await pruned(lab).toBe(51);
  await page.getByTestId('files-button').click();
  await expect(page.getByTestId('kept-here').getByRole('listitem')).toHaveText(/on screen/);
  await page.getByTestId('forget-all').click();
  await page.getByTestId('forget-all-sure').click();
  await expect(page.getByText('Deleted. What you do from now on')).toBeVisible();
  await expect(page.getByTestId('kept-here')).toHaveCount(0);
});

test('a duplicated tab goes its own way, and both are offered afterwards', {
  tag: '@long',
}, async ({ lab, page, context }) => {
  test.slow();
  await lab.open(SMALL);
  await lab.hasNetwork();
  await cut(lab, '20', 25);
  await expect(page).toHaveURL(/prune=amount:20/);
  // It begins with what its opener remembers, as a duplicated tab does.
  const opening = context.waitForEvent('page');
  await page.evaluate(() => window.open('about:blank'));
  const copy = new Lab(await opening);
  await copy.page.goto(page.url());
  await copy.hasNetwork();
  await pruned(copy).toBe(25);
  await cut(copy, '40', 51);
  await expect(copy.page).toHaveURL(/prune=amount:40/);
  await cut(lab, '30', 38);
  await expect(page).toHaveURL(/prune=amount:30/);
  expect(wrong(copy)).toEqual([]);
  await copy.page.close();
  await page.close();

  const later = new Lab(await context.newPage());
  await later.open();
  const offered = later.page.getByTestId('resume');
  await expect(offered).toContainText('784-128-64-10, 30 % of hidden units cut, today', {
    // The tabs before may take a moment to let go of theirs.
    timeout: 40_000,
  });
  await later.page.getByTestId('files-button').click();
  const listed = later.page.getByTestId('kept-here').getByRole('listitem');
  await expect(listed).toHaveText([/30 % of hidden units cut/, /40 % of hidden units cut/]);
  const found = await new AxeBuilder({ page: later.page }).include('dialog[open]').analyze();
  expect(found.violations).toEqual([]);
  await listed.last().getByRole('button', { name: 'Go on' }).click();
  await pruned(later).toBe(51);
  await later.page.getByTestId('undo').click();
  await pruned(later).toBe(25);
  expect(wrong(later)).toEqual([]);
});

test('where storage is refused a sentence says so, and the page works', async ({ lab, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', {
      get() {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
  });
  await lab.open(SMALL);
  await lab.hasNetwork();
  await cut(lab, '20', 25);
  await expect(page.getByTestId('notice')).toContainText('Your history cannot be kept on this');
  await page.getByTestId('undo').click();
  await pruned(lab).toBe(0);
});

test('a link is shown, and a reload goes on, though the address had not followed', {
  tag: '@long',
}, async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const uncut = async () => {
    await page.getByTestId('undo').click();
    await expect(lab.grid(0)).toHaveAttribute('data-pruned', '');
  };
  await lab.pressTile(0, 3, 128);
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '3');
  await expect(page).toHaveURL(/cut=.*&digest=/);
  // So that it is kept.
  await page.waitForTimeout(500);
  const link = page.url();
  await uncut();
  await lab.open(link);
  await expect(page.getByTestId('verification')).toContainText('bit for bit');
  await expect(page.getByTestId('redo')).toBeDisabled();
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '3');
  await page.waitForTimeout(500);
  await uncut();
  await reload(lab);
  await expect(page.getByTestId('redo')).toBeEnabled();
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '');
});
