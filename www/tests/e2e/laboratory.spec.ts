/** The laboratory below the lab: nothing until it is opened, then figures that follow the network. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Lab, SMALL, test } from './page';

/** Few images are attacked, so that an exhibit takes a second. */
const FEW = `${SMALL}&distortion=images:300,steps:3`;

async function open(lab: Lab, name: 'similarity' | 'mixture' | 'pixels') {
  const study = lab.page.getByTestId(`study-${name}`);
  await study.getByRole('button').first().click();
  await expect(study.getByTestId('shows')).toBeVisible({ timeout: 50_000 });
  await expect(study.getByRole('progressbar')).toHaveCount(0, { timeout: 50_000 });
  return study;
}

async function violations(lab: Lab) {
  const found = await new AxeBuilder({ page: lab.page }).include('#laboratory').analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
}

const numbers = (row: string) => row.split(/\t/).map(Number);

test('the same units: tables, agreement, and a file', { tag: '@long' }, async ({ lab, page }) => {
  await lab.open(FEW);
  await lab.hasNetwork();
  const study = page.getByTestId('study-similarity');
  await expect(study.getByRole('button')).toHaveAttribute('aria-expanded', 'false');
  await expect(study.getByRole('img')).toHaveCount(0);
  await open(lab, 'similarity');
  await expect(study).toContainText('PGD-3, ε 0.1 on the first 300 training images');
  const agreement = study.getByRole('table', { name: /Agreement on the most distorted units/ });
  const rows = (await agreement.getByRole('row').allInnerTexts()).slice(1).map(numbers);
  expect(rows).toHaveLength(7);
  // On two halves of the same images the attack moves more alike units than on two digits.
  expect(rows[0]?.[6]).toBeGreaterThan(rows[1]?.[6] ?? 1);
  for (const [, measures = 0, overlap = -1, least = 0, most = 0] of rows) {
    expect(measures).toBeGreaterThan(1);
    expect(overlap).toBeGreaterThanOrEqual(least);
    expect(overlap).toBeLessThanOrEqual(most);
  }
  await study.getByTestId('study-layer-1').click();
  const units = study.getByRole('table', { name: /^Distortion of the units of layer 2/ });
  await expect(units.getByRole('row')).toHaveCount(65);
  expect(await violations(lab)).toEqual([]);
  const download = page.waitForEvent('download');
  await study.getByRole('button', { name: 'Download the distortion of the units as SVG' }).click();
  expect((await download).suggestedFilename()).toBe('secateurs-units-layer-2.svg');
});

test('filters are compared with the weights as drawn, then with a kept network', {
  tag: '@long',
}, async ({ lab, page }) => {
  await lab.open(FEW);
  await lab.hasNetwork();
  await page.getByRole('button', { name: 'Keep this network' }).click();
  const study = await open(lab, 'mixture');
  const before = study.getByLabel('Before', { exact: true });
  await expect(before.locator('option')).toHaveCount(2);
  const share = async (row: number) => {
    const cells = await study.locator('table.figures tbody tr').nth(row).innerText();
    return Number(cells.split(/\t/)[1]);
  };
  // White noise has four fifths of its energy in short waves, and training takes some out.
  expect(await share(0)).toBeGreaterThan(78);
  expect(await share(1)).toBeLessThan(await share(0));
  await before.selectOption({ label: 'kept network A' });
  await expect(study).toContainText('Every filter is what it was');
  await study.getByRole('button', { name: 'Next' }).click();
  await expect(study).toContainText('13 to 24 of 128');
  expect(await violations(lab)).toEqual([]);
});

test('pixels are those of the network on screen', { tag: '@long' }, async ({ lab }) => {
  await lab.open(FEW);
  await lab.hasNetwork();
  const study = await open(lab, 'pixels');
  await expect(study.getByTestId('shows')).toContainText('No pixel is cut');
  await expect(study.getByRole('row', { name: /always black/ })).toContainText('67');
  expect(await violations(lab)).toEqual([]);
  await lab.open(`${FEW}&prune=what:weights,by:magnitude,amount:60`);
  await lab.hasNetwork();
  await open(lab, 'pixels');
  await expect(study.getByTestId('shows')).toContainText(
    /\d+\s% of the weights between pixels and units are left/,
  );
});
