/** A training that diverges is said in a sentence, and the network before stays. */
import { expect, SMALL, test } from './page';

test('a training that diverges leaves the network before', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const clean = await lab.finished('clean');
  const link = await lab.share();
  await lab.unfold('Train');
  await page.getByLabel('Optimiser', { exact: true }).first().selectOption('sgd');
  await lab.set('Learning rate', '10');
  await lab.set('Momentum', '0.999');
  await lab.set('Weight decay', '1');
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('notice')).toContainText(
    /Training diverged.*smaller learning rate/,
  );
  // It would diverge again.
  await expect(page.getByTestId('notice').getByRole('button')).toHaveText(['Dismiss']);
  // What is on screen is what was before, and what is shared leads to it.
  await lab.hasNetwork();
  expect(await lab.finished('clean')).toBe(clean);
  expect(await lab.share()).toBe(link);
  await expect(page.locator('main')).not.toContainText(/NaN|Infinity|undefined/);
});
