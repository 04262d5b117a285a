/** Training against attacks, pruning with a schedule, and the steps of a visit. */
import { expect, SMALL, test } from './page';

test('every step is listed with its figures, named and returned to', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const clean = await lab.finished('clean');
  await lab.pressTile(0, 5, 128);
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '5');
  const rows = page.getByTestId('history').locator('tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText(/train from fresh weights: 1 epoch of 5,000 images/);
  await expect(rows.first()).toContainText(`${clean}`);
  await expect(rows.last()).toContainText(/cut by hand, 1 unit in all.*on screen/);

  await page.getByLabel('Name of step 1').fill('before');
  await page.getByLabel('Name of step 1').press('Tab');
  await page.getByRole('button', { name: /^Return to before/ }).press('Enter');
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toHaveAttribute('aria-current', 'step');
  await page.getByTestId('redo').click();
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '5');
  // A kept network goes by the name of its step.
  await page.getByTestId('return-1').click();
  await page.getByRole('button', { name: 'Keep this network' }).click();
  await expect(page.getByTestId('kept').getByRole('textbox')).toHaveValue('before');
});

test('two steps are put side by side, and what differs is marked', async ({ lab, page }) => {
  await lab.open(`${SMALL}&prune=amount:10`);
  await lab.hasNetwork();
  await lab.finished('adaptive');
  // The first step of a link was never on screen; it is measured for the comparison.
  await page.getByTestId('compare-2').click();
  const steps = page.getByTestId('compare-steps').locator('tbody tr');
  await expect(steps).toHaveCount(3);
  await expect(steps.last()).toContainText(/≠.*nothing.*cut 10 % of hidden units/);
  const figures = page.getByTestId('compare-figures').locator('tbody tr');
  await expect(figures.first()).toContainText(/Clean.*±.*±.*(to)/);
  await expect(figures.nth(2)).toContainText(/Re-attacked.*± .*± .* to /, { timeout: 40_000 });
  const pruned = page.getByTestId('compare-pruned').locator('tbody tr');
  await expect(pruned.first()).toContainText(/units, layer 1\s*0\s*12\s*0\s*128/);
  await expect(page.getByTestId('compare-right').getByRole('img')).toHaveCount(2);
  await expect(page.getByText('18 of 192 units differ')).toBeVisible();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.getByTestId('comparison')).toHaveCount(0);
});

test('a pruning with a schedule and a fine-tuning shows how far it is', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await page.getByLabel('What', { exact: true }).selectOption('pixels');
  // A criterion that cannot rank pixels is not offered, and none is left chosen.
  await expect(page.getByLabel('Criterion', { exact: true })).not.toHaveValue('');
  await expect(page.getByRole('option', { name: 'Wanda, |w|·‖x‖' })).toHaveCount(0);
  await lab.unfold('Prune');
  await expect(page.getByText(/measured on 2,000 training images, never on the/)).toBeVisible();
  await page.getByLabel('Criterion', { exact: true }).selectOption('magnitude');
  await page.getByLabel('Schedule').selectOption('iterative');
  await lab.set('Fine-tuning', '1');
  await page.getByTestId('amount-slider').fill('40');
  await expect(page.getByText(/shown without the steps and the fine-tuning/)).toBeVisible();
  expect(await lab.pruned(0)).toEqual([]);
  await page.getByTestId('prune-button').click();
  await expect(page.getByTestId('prune-work').getByRole('progressbar')).toBeVisible();
  await page.getByTestId('cancel-button').click();
  await expect(page.getByTestId('prune-button')).toBeEnabled();
});

test('a network can be trained on against an attack', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await lab.unfold('Train');
  await lab.set('Training images', '2000');
  await page.getByTestId('harden-button').click();
  const rows = page.getByTestId('history').locator('tbody tr');
  await expect(rows.last()).toContainText(/train on: 1 epoch of 2,000 images.*FGSM.*ε 0\.1/);
  await expect(page.getByTestId('watch')).toContainText(/FGSM \d+\.\d.*PGD \d+\.\d/);
  // Undone, what was seen of that training goes with it.
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('watch')).toHaveCount(0);
});
