/** How robust it really is: proofs from below, checks from above, who is mistaken for whom. */
import { expect, SMALL, test } from './page';

const numbers = (row: string) => row.split(/\s+/).map(Number);

test('the sandwich: proven at most what withstands, at every size', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const proven = await lab.finished('certified');
  expect(proven).toBeLessThanOrEqual(await lab.finished('adaptive'));
  await page.getByTestId('curve-size').click();
  await expect(page.getByTestId('security')).toHaveAttribute('data-phase', 'done', {
    timeout: 40_000,
  });
  const rows = await page
    .getByRole('table', { name: /Accuracy against the size/ })
    .getByRole('row')
    .allInnerTexts();
  const figures = rows.slice(1).map(numbers);
  expect(figures.length).toBeGreaterThan(10);
  let last = 101;
  for (const [, adaptive = 0, , , images, certified = 100] of figures) {
    expect(images).toBe(512);
    expect(certified).toBeLessThanOrEqual(adaptive);
    expect(adaptive).toBeLessThanOrEqual(last);
    last = adaptive;
  }
  // At size 0 nothing is changed, so both are the clean accuracy; far out nothing is left.
  expect(figures[0]?.[1]).toBe(figures[0]?.[5]);
  expect(figures.at(-1)?.[1]).toBeLessThan(5);
  await expect(page.getByText('the truth lies in here')).toBeVisible();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the curve as SVG' }).click();
  expect((await download).suggestedFilename()).toBe('secateurs-security-curve.svg');
});

test('the checks come by themselves and open to their evidence', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const checks = page.getByTestId('checks');
  await expect(checks).toContainText(/7 of 7 checks passed|stronger attack: \d/, {
    timeout: 50_000,
  });
  await checks.getByRole('button').first().click();
  const noise = page.getByTestId('check-noise');
  await expect(noise).toHaveAttribute('data-state', 'passed');
  await expect(noise).toContainText(/\d+ withstand noise and \d+ the attack/);
  await expect(page.getByTestId('check-transfer')).toContainText('Nothing is cut');
  await page.getByRole('button', { name: 'Close' }).click();
  // Once something is cut there are old images to compare with.
  await page.getByTestId('amount-slider').fill('30');
  await expect(page.getByTestId('check-transfer')).toHaveAttribute('data-state', 'passed', {
    timeout: 50_000,
  });
});

test('an attack that finds nothing is warned of, loudly', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  // Noise is no attack: whatever follows a gradient finds more.
  await lab.open(`${SMALL}&attack=method:noise`);
  await lab.hasNetwork();
  await expect(page.getByTestId('checks')).toContainText(/may flatter/, { timeout: 50_000 });
  await page.getByTestId('checks').getByRole('button').first().click();
  await expect(page.getByTestId('check-stronger')).toHaveAttribute('data-state', 'tripped');
});

test('certificates exist for L∞ only, and the page says so', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open('v=1&train=epochs:1,images:5000&measure=eps:0.5,images:512&attack=norm:l2');
  await lab.hasNetwork();
  await lab.finished('adaptive');
  await expect(page.getByTestId('figure-certified')).toContainText('L∞ only');
  await page.getByTestId('curve-size').click();
  await expect(page.getByTestId('security')).toHaveAttribute('data-phase', 'done', {
    timeout: 40_000,
  });
  await expect(page.getByText(/for L2 nothing is proven/)).toBeVisible();
  await expect(page.getByText('the truth lies in here')).toHaveCount(0);
});

test('who is read as whom, who becomes whom, whose attack fools whom', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const robust = await lab.finished('adaptive');
  const total = Number(await lab.figure('adaptive').getAttribute('data-total'));
  const confusion = page.getByTestId('confusion');
  await expect(confusion).toContainText('512 test images');
  const counts = (await confusion.getByRole('row').allInnerTexts()).slice(1).map(numbers);
  const right = counts.reduce((sum, row, digit) => sum + (row[digit + 1] ?? 0), 0);
  // Its diagonal is the re-attacked figure.
  expect((100 * right) / total).toBeCloseTo(robust, 0);

  const targets = page.getByTestId('targets');
  await targets.getByRole('button', { name: 'Run the ten attacks' }).click();
  await expect(targets).toHaveAttribute('data-phase', 'done', { timeout: 40_000 });

  const kept = page.getByTestId('kept');
  const keep = kept.getByRole('button', { name: 'Keep this network' });
  await keep.click();
  await expect(keep).toBeDisabled();
  await page.getByTestId('amount-slider').fill('40');
  await lab.finished('adaptive');
  await keep.click();
  await kept.getByLabel('Name of the kept network B').fill('after the cut');
  await kept.getByLabel('Name of the kept network B').press('Enter');
  await expect(kept).toContainText('512 test images each', { timeout: 40_000 });
  const table = kept.getByRole('table');
  await expect(table.getByRole('columnheader', { name: 'after the cut' })).toHaveCount(1);
  const cells = (await table.getByRole('row').allInnerTexts()).slice(1).map(numbers);
  const [own, old] = [cells[1]?.at(-1) ?? 100, cells[0]?.at(-1) ?? 0];
  // Images of the uncut network flatter the cut one.
  expect(own).toBeLessThan(old);
  await kept.getByRole('button', { name: /Remove the kept network A/ }).click();
  await expect(table).toHaveCount(0);
});
