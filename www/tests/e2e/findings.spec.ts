/** What is tried on the farm: findings, the race of criteria, sweeps. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, reach, SMALL, test } from './page';
import { Sweep } from './sweep';

/** The least work of all findings. */
const CHEAPEST = 'positions';

async function violations(page: Page) {
  const found = await new AxeBuilder({ page }).include('.trials').analyze();
  return found.violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map((node) => `${node.html.slice(0, 120)}: ${node.failureSummary}`),
  }));
}

test('a race draws its curves, and each mark opens its network', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await reach(page, 'race');
  const bar = page.getByTestId('race-run');
  await page.getByRole('checkbox', { name: 'distortion', exact: true }).uncheck();
  await page.getByRole('checkbox', { name: 'Taylor saliency' }).uncheck();
  await bar.getByRole('button').click();
  await expect(bar).toHaveAttribute('data-phase', 'running');
  await bar.getByRole('button', { name: 'Pause' }).click();
  await expect(bar).toHaveAttribute('data-phase', 'paused');
  await bar.getByRole('button', { name: 'Go on' }).click();
  await expect(bar).toHaveAttribute('data-phase', 'done', { timeout: 50_000 });
  await expect(page.getByTestId('race-areas')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  const clean = page.getByRole('group', { name: /^Clean accuracy/ });
  await expect(clean.locator('a')).toHaveCount(6);
  await clean.locator('a[aria-label^="magnitude, 50 %"]').click();
  await expect(page).toHaveURL(/prune=by:magnitude,amount:50/);
  await expect(page.getByTestId('grid-0')).toBeInViewport();
  await expect.poll(() => lab.pruned(0).then((units) => units.length)).toBe(64);
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

test('a finding comes to its verdict, and its link to the same', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  // Networks are trained from three seeds: some seconds on two idle cores, on busy ones many.
  test.setTimeout(120_000);
  await lab.open(`v=1&finding=${CHEAPEST}`);
  const finding = page.getByTestId(`finding-${CHEAPEST}`);
  await expect(page.getByTestId('sought')).toHaveCount(0);
  await finding.getByRole('button', { name: /^Run it here/ }).click();
  await expect(finding).toHaveAttribute('data-phase', 'done', { timeout: 100_000 });
  await expect(finding).toHaveAttribute('data-verdict', /^[0-9a-f]{16}$/);
  await expect(page.getByTestId(`verdict-${CHEAPEST}`)).toContainText(/^(Holds|Does not hold)/);
  expect(await violations(page)).toEqual([]);
  const link = await page.getByTestId(`link-${CHEAPEST}`).inputValue();
  await page.evaluate((to) => location.assign(to), link);
  await expect(page.getByTestId('sought')).toHaveText('Same verdict, bit for bit.');
  await page.evaluate(
    (to) => location.assign(to),
    link.replace(/verdict=.*$/, 'verdict=0123456789abcdef'),
  );
  await expect(page.getByTestId('sought')).toContainText('some figure differs');
});

test('a sweep fills its table, and can be taken away', { tag: '@long' }, async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.open(`${SMALL}&prune=amount:10`);
  await lab.hasNetwork();
  const sweep = await Sweep.filledIn(page, '0, 3');
  await expect(page.getByTestId('sweep-command')).toHaveValue(
    /^secateurs sweep '.*' --axis seed=0,3 --axis prune.by=magnitude,random$/,
  );
  await sweep.press();
  await expect(sweep.bar).toHaveAttribute('data-phase', 'done', { timeout: 50_000 });
  const cells = page.getByTestId('sweep-table').getByRole('cell');
  await expect(cells).toHaveCount(2);
  await expect(cells.first()).toContainText(/^\d+\.\d± \d+\.\d \(2\)$/);
  expect(await violations(page)).toEqual([]);
  const rows = (await sweep.lines()).map((line) => JSON.parse(line));
  expect(rows.map(({ at }) => at)).toContainEqual({ seed: 3, 'prune.by': 'random' });
  expect(rows.every(({ link, outcome }) => link.endsWith(`digest=${outcome.digest}`))).toBe(true);
  // An axis that does not exist is told, and starts nothing.
  await sweep.fill('Seeds', 'many');
  await expect(sweep.all.getByRole('alert')).toBeVisible();
  await expect(sweep.bar.getByRole('button')).toBeDisabled();
});
