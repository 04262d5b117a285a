/** The way of a first visit: train, attack, prune, undo. */
import { expect, SMALL, test } from './page';

test('a fresh page is inviting: digits, one thing to press, no link', async ({ lab, page }) => {
  await lab.open();
  await expect(page.getByTestId('gallery').getByRole('button').first()).toBeVisible();
  await expect(page.getByTestId('train-button')).toBeEnabled();
  await expect(page.getByTestId('undo')).toBeDisabled();
  expect(new URL(page.url()).hash).toBe('');
});

test('train, attack, prune by tile and by slider, undo and redo', async ({ lab, page }) => {
  await lab.open();
  await lab.chooseSmall();
  await lab.train();
  expect(await lab.finished('clean')).toBeGreaterThan(80);
  await expect(page).toHaveURL(/#v=1.*images:5000.*digest=[0-9a-f]{16}/);

  // One tile, there and back, and with the keyboard.
  await lab.pressTile(0, 5, 128);
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '5');
  await lab.pressTile(0, 5, 128);
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '');
  await lab.pressTile(0, 130 - 128, 128);
  await lab.grid(0).press('ArrowRight');
  await lab.grid(0).press('Space');
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '2,3');

  // The slider replaces nothing but its own step.
  const clean = await lab.finished('clean');
  await page.getByTestId('amount-slider').fill('60');
  await expect.poll(async () => (await lab.pruned(0)).length).toBe(76);
  await expect(page).toHaveURL(/prune=amount:60/);
  await expect.poll(() => lab.finished('clean')).not.toBe(clean);

  await page.getByTestId('undo').click();
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '2,3');
  await page.getByTestId('undo').click();
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '2');
  await page.getByTestId('redo').click();
  await page.getByTestId('redo').click();
  await expect.poll(async () => (await lab.pruned(0)).length).toBe(76);
});

test('figures: old images flatter, re-attacked is measured to the end', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const clean = await lab.finished('clean');
  const transfer = await lab.finished('transfer');
  const adaptive = await lab.finished('adaptive');
  expect(clean).toBeGreaterThan(80);
  // Against the network that they were made for, both attacks find about the same.
  expect(transfer).toBeLessThan(clean);
  expect(adaptive).toBeLessThanOrEqual(transfer);
  await page.getByTestId('amount-slider').fill('40');
  await expect.poll(async () => (await lab.pruned(0)).length).toBe(51);
  const [cleanCut, transferCut, adaptiveCut] = [
    await lab.finished('clean'),
    await lab.finished('transfer'),
    await lab.finished('adaptive'),
  ];
  expect(cleanCut).toBeLessThanOrEqual(clean);
  expect(adaptiveCut).toBeLessThan(transferCut);
});

test('the attack on the chosen image follows its size', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await lab.chooseImage(3);
  await expect(page).toHaveURL(/image=3|view=image:3|view=3/);
  await page.getByTestId('eps-slider').fill('0');
  await expect(page).toHaveURL(/eps:0[&,]|eps=0&/);
  await expect(page.getByTestId('gallery')).toContainText(/0 of 24|no/i);
});

test('training can be paused, resumed and cancelled; the network stays', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const link = await lab.share();
  await lab.unfold('Train');
  await lab.set('Training images', '60000');
  await lab.set('Epochs', '20');
  await page.getByTestId('train-button').click();
  await page.getByTestId('pause-button').click();
  await expect(page.getByTestId('resume-button')).toBeVisible();
  const share = () => page.getByRole('progressbar').first().getAttribute('aria-valuenow');
  const before = await share();
  await page.waitForTimeout(500);
  expect(await share()).toBe(before);
  await page.getByTestId('resume-button').click();
  await expect.poll(share).not.toBe(before);
  await page.getByTestId('cancel-button').click();
  await expect(page.getByTestId('train-button')).toBeVisible();
  expect(await lab.share()).toBe(link);
  await expect(page.getByText(/trained with other settings/)).toBeVisible();
});
