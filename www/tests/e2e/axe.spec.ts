/** No violation that axe can find, in both schemes, on a desktop and a phone. */
import AxeBuilder from '@axe-core/playwright';
import { expect, SMALL, test } from './page';

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

for (const [device, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing: ${device}, ${colorScheme}`, async ({ lab, page }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await lab.open();
      await expect(page.getByTestId('gallery').getByRole('button').first()).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await lab.open(SMALL);
      await lab.hasNetwork();
      await page.getByTestId('amount-slider').fill('20');
      await lab.finished('adaptive');
      await page.getByTestId('undo').focus();
      expect(await violations(page)).toEqual([]);
      await page.getByTestId('share-button').click();
      await expect(page.getByTestId('share-link')).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  }
}

for (const [device, colorScheme] of [
  ['desktop', 'dark'],
  ['phone', 'light'],
] as const) {
  test(`axe finds nothing in a comparison: ${device}, ${colorScheme}`, async ({ lab, page }) => {
    await page.setViewportSize(sizes[device]);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await lab.open(`${SMALL}&prune=amount:20`);
    await lab.hasNetwork();
    await page.getByTestId('compare-2').click();
    await expect(page.getByTestId('compare-pruned')).toBeVisible();
    for (const panel of ['Train', 'Prune']) await lab.unfold(panel);
    await page.getByTestId('way-learned').click();
    await expect(page.getByTestId('learn-button')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

async function violations(page: ConstructorParameters<typeof AxeBuilder>[0]['page']) {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map((node) => `${node.html.slice(0, 120)}: ${node.failureSummary}`),
  }));
}
