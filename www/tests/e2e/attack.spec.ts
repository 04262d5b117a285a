/** Choosing an attack, aiming it, and walking along the way it took. */
import { expect, SMALL, test } from './page';

test('another attack brings its own words, controls and settings', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const method = page.getByLabel('Method', { exact: true });
  await expect(method.locator('optgroup')).toHaveCount(6);
  await expect(page.getByTestId('about-method')).toContainText('Madry et al. 2018');
  await expect(page.getByLabel('Steps', { exact: true }).first()).toHaveValue('10');

  await method.selectOption('FGSM');
  await expect(page.getByTestId('about-method')).toContainText('Goodfellow');
  await expect(page.getByLabel('Steps', { exact: true })).toHaveCount(0);
  await expect(page.getByTestId('scrubber')).toHaveAttribute('max', '1');
  await expect(page).toHaveURL(/attack=method:fgsm/);

  // In L2 the sizes are others, of the attack and of the figures.
  await page.getByTestId('norm-l2').click();
  await expect(page.getByLabel('Size ε, L2', { exact: true }).first()).toHaveValue('1');
  await expect(page.getByRole('button', { name: 'Size ε, L2 literature 2' })).toBeVisible();
  await expect(page.getByTestId('adversarial')).toBeVisible();
  await expect(page.locator('.equation')).toContainText(/L2 0\.[5-9]|L2 1\.00/);
  await expect(page).toHaveURL(/norm:l2/);

  await method.selectOption('MI-FGSM');
  await expect(page.getByLabel('L2', { exact: true })).toHaveCount(0);
  await expect(page.getByTestId('eps-slider')).toHaveValue('0.1');
  await expect(page.getByRole('button', { name: 'Size ε, L∞ literature 0.3' })).toBeVisible();
});

test('“make it an 8” makes it an 8', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await page.getByTestId('eps-slider').fill('0.3');
  await page.getByLabel('Goal').selectOption('make it an 8');
  await expect(lab.adversarial).toHaveAttribute('data-read', '8');
  await expect(page).toHaveURL(/target:8/);
});

test('the way of the attack can be walked, step by step', async ({ lab, page }) => {
  await lab.open(`${SMALL}&attack=eps:0.3,steps:20,start:image`);
  await lab.hasNetwork();
  const { adversarial } = lab;
  await expect(adversarial).not.toHaveAttribute('data-read', '7');
  const outcome = await adversarial.getAttribute('data-read');
  const scrubber = page.getByTestId('scrubber');
  await expect(scrubber).toHaveValue('20');
  await scrubber.press('Home');
  await expect(adversarial).toHaveAttribute('data-step', '0');
  // From the image itself it begins with nothing added.
  await expect(adversarial).toHaveAttribute('data-read', '7');
  await expect(page.locator('.equation')).toContainText('L∞ 0.000');
  await expect(scrubber).toHaveAttribute('aria-valuetext', /^Step 0 of 20, read as 7, loss 0/);
  await scrubber.press('ArrowRight');
  await expect(adversarial).toHaveAttribute('data-step', '1');
  await expect(page.locator('.equation')).toContainText(/L∞ 0\.038/);
  await scrubber.press('End');
  await expect(adversarial).toHaveAttribute('data-read', outcome ?? '');
  await page.getByRole('button', { name: 'show the outcome' }).click();
  await expect(adversarial).toHaveAttribute('data-step', '');
  // Another image, another way.
  await scrubber.fill('4');
  await lab.chooseImage(2);
  await expect(adversarial).toHaveAttribute('data-step', '');
});

test('an attack that takes long says so, and its worker lives', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  test.setTimeout(180_000);
  await lab.open('v=1&train=epochs:1,images:5000&measure=images:16');
  await lab.hasNetwork();
  await expect(lab.adversarial).toBeVisible();
  await page.getByLabel('Method', { exact: true }).selectOption('AutoAttack');
  await page.getByTestId('eps-slider').fill('0.02');
  const gallery = page.getByTestId('gallery');
  await expect(gallery).toContainText('Being attacked.', { timeout: 60_000 });
  await expect(gallery).toContainText(/\d+ of 24 flipped/, { timeout: 120_000 });
  await expect(page.getByTestId('trajectory')).toContainText(/the network was asked [\d,]+ times/);
  await expect(page.getByTestId('notice')).toHaveCount(0);
});
