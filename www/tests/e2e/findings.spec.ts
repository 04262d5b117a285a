/** What is tried on the farm: findings, the race of criteria, sweeps. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, SMALL, test } from './page';

/** The least work of all findings. */
const CHEAPEST = 'most-distorted';

/** Sections are fetched as they come near. */
async function reach(page: Page, id: string): Promise<void> {
  await expect(async () => {
    await page.evaluate(() => document.querySelector('.about')?.scrollIntoView());
    await expect(page.locator(`#${id}`)).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.locator(`#${id}`).scrollIntoViewIfNeeded();
}

async function violations(page: Page) {
  const found = await new AxeBuilder({ page }).include('.trials').analyze();
  return found.violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map((node) => `${node.html.slice(0, 120)}: ${node.failureSummary}`),
  }));
}

test('a race draws its curves, and each mark opens its network', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await reach(page, 'race');
  const bar = page.getByTestId('race-run');
  await page.getByLabel('cut by').selectOption('50,60,70,80,90,98');
  await bar.getByRole('button').click();
  await expect(bar).toHaveAttribute('data-phase', 'running');
  await bar.getByRole('button', { name: 'Pause' }).click();
  await expect(bar).toHaveAttribute('data-phase', 'paused');
  await bar.getByRole('button', { name: 'Go on' }).click();
  await expect(bar).toHaveAttribute('data-phase', 'done', { timeout: 50_000 });
  await expect(page.getByTestId('race-areas')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  const clean = page.getByRole('group', { name: /^Clean accuracy/ });
  await expect(clean.locator('a')).toHaveCount(3 * 7);
  await clean.locator('a[aria-label^="magnitude, 60 %"]').click();
  await expect(page).toHaveURL(/prune=by:magnitude,amount:60/);
  await expect(page.getByTestId('grid-0')).toBeInViewport();
  await expect.poll(() => lab.pruned(0).then((units) => units.length)).toBe(77);
});

test('a link to a finding leads there, and starts nothing by itself', async ({ lab, page }) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await lab.open(`v=1&finding=${CHEAPEST}&verdict=0123456789abcdef`);
  const finding = page.getByTestId(`finding-${CHEAPEST}`);
  await expect(finding).toBeInViewport();
  await expect(finding).toHaveAttribute('data-phase', 'none');
  await expect(page.getByTestId('sought')).toContainText('This link came with a verdict.');
  expect(await violations(page)).toEqual([]);
  await page
    .getByTestId(`run-${CHEAPEST}`)
    .getByRole('button', { name: /^Run it here/ })
    .click();
  await expect(finding).toHaveAttribute('data-phase', 'running');
  await expect(finding.getByRole('progressbar')).toBeVisible();
  await page
    .getByTestId(`run-${CHEAPEST}`)
    .getByRole('button', { name: /^Cancel/ })
    .click();
  await expect(finding).toHaveAttribute('data-phase', 'cancelled');
  await expect(page.getByTestId(`verdict-${CHEAPEST}`)).toHaveCount(0);
});
