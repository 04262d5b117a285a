/** On paper the page is a report. */
import { expect, SMALL, test } from './page';

test('prints what was done and what came of it, and no controls', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const digest = (await lab.share()).match(/digest=([0-9a-f]{16})/)?.[1] ?? '';
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.locator('.printed')).toContainText(digest);
  await expect(page.locator('.printed')).toContainText('1 epoch of 5,000 images');
  await expect(lab.figure('clean')).toBeVisible();
  await expect(lab.grid(0)).toBeVisible();
  for (const id of ['train-button', 'undo', 'share-button', 'amount-slider', 'draw-button']) {
    await expect(page.getByTestId(id)).toBeHidden();
  }
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  await expect(page.locator('body')).toHaveCSS('color', 'rgb(0, 0, 0)');
});
