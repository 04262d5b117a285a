/** Links: reproduced bit for bit, or told that they are not; hostile ones are in hostile.spec.ts. */
import { expect, Lab, SMALL, test } from './page';

test('a link opened in a fresh profile reproduces, bit for bit', async ({ lab, page, browser }) => {
  await lab.open(`${SMALL}&hidden=40-20&seed=7`);
  await lab.hasNetwork();
  await page.getByTestId('amount-slider').fill('25');
  await expect.poll(async () => (await lab.pruned(0)).length).toBe(10);
  await lab.pressTile(1, 3, 20);
  await expect.poll(async () => (await lab.pruned(1)).includes(3)).toBe(true);
  const cut = await lab.pruned(1);
  const clean = await lab.finished('clean');
  const adaptive = await lab.finished('adaptive');
  const link = await lab.share();
  expect(link.length).toBeLessThan(500);

  const context = await browser.newContext();
  const other = new Lab(await context.newPage());
  await other.open(link);
  await expect(other.page.getByTestId('verification')).toHaveText(/Reproduced, bit for bit\./);
  expect(await other.pruned(1)).toEqual(cut);
  expect(await other.finished('clean')).toBe(clean);
  expect(await other.finished('adaptive')).toBe(adaptive);
  // Undo walks back along what the sender did.
  await other.page.getByTestId('undo').click();
  await expect.poll(async () => (await other.pruned(0)).length).toBe(10);
  expect(other.errors).toEqual([]);
  await context.close();
});

test('a link whose digest differs says so', async ({ lab, page }) => {
  await lab.open(`${SMALL}&digest=0123456789abcdef`);
  await expect(page.getByTestId('verification')).toContainText('0123456789abcdef');
  await expect(page.getByTestId('verification')).toHaveAttribute('data-phase', 'differs');
});

test('what was on screen needs no second word when the page is loaded anew', {
  tag: '@long',
}, async ({ lab, page }) => {
  await lab.open('v=1&hidden=16&train=epochs:40&measure=images:64');
  const offer = page.getByTestId('offered');
  await offer.getByRole('button', { name: 'Begin' }).click();
  await lab.hasNetwork();
  await expect(page).toHaveURL(/digest=/);
  await page.reload();
  await expect(page.getByTestId('verification')).toBeVisible();
  await expect(offer).toBeHidden();
});

test('a link that would work long waits for a word', async ({ lab, page }) => {
  const long = 'v=1&hidden=512-512&train=epochs:50&measure=images:64';
  await lab.open(long);
  const offer = page.getByTestId('offered');
  await expect(offer).toContainText('This link will train for about 7 min on an ordinary laptop.');
  await expect(page.getByTestId('train-button')).toBeEnabled();
  await expect(page).toHaveURL(new RegExp(`${long}$`));
  await offer.getByRole('button', { name: 'Begin' }).click();
  await expect(offer).toBeHidden();
  await page.getByTestId('cancel-button').click();

  await lab.open('v=1&train=epochs:1,images:5000&attack=method:autoattack&measure=images:10000');
  await expect(offer).toContainText('may measure for up to');
  await offer.getByRole('button', { name: 'Go on without it' }).click();
  await expect(offer).toBeHidden();
  await expect.poll(() => new URL(page.url()).hash).toBe('');
});
