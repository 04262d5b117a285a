/** No violation that axe can find, in every state and scheme, on a desktop and a phone. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, type Lab, SMALL, test } from './page';

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const schemes = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const;

/** Measured in a moment, and with everything there is to see of a cut. */
const QUICK =
  'v=1&hidden=16-12&train=epochs:1,images:2000&prune=amount:20&measure=images:64&distortion=images:64';

for (const [device, viewport] of Object.entries(sizes)) {
  for (const [scheme, media] of Object.entries(schemes)) {
    test(`axe finds nothing: ${device}, ${scheme}`, { tag: '@long' }, async ({ lab, page }) => {
      test.setTimeout(120_000);
      await page.setViewportSize(viewport);
      await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
      await lab.open();
      await expect(page.getByTestId('gallery').getByRole('button').first()).toBeVisible();
      expect(await violations(page), 'empty').toEqual([]);
      await lab.open(QUICK);
      await lab.hasNetwork();
      await lab.finished('adaptive');
      await page.getByTestId('undo').focus();
      expect(await violations(page), 'cut').toEqual([]);
      await dialogs(lab, page);
      // The long page is looked at once in every scheme.
      if ((device === 'phone') !== (scheme === 'dark')) return;
      await sections(page);
      expect(await violations(page), 'findings and laboratory').toEqual([]);
    });
  }
}

async function dialogs(lab: Lab, page: Page): Promise<void> {
  await page.getByTestId('share-button').click();
  await expect(page.getByTestId('share-link')).toBeVisible();
  expect(await violations(page, 'dialog[open]'), 'sharing').toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByTestId('draw-button').click();
  await expect(page.getByTestId('draw')).toBeVisible();
  expect(await violations(page), 'drawing').toEqual([]);
  await page.keyboard.press('Escape');
  for (const panel of ['Train', 'Attack', 'Prune']) await lab.unfold(panel);
}

/** Everything below the lab is fetched, and what can be opened is. */
async function sections(page: Page): Promise<void> {
  const missing = () => {
    const section = document.querySelector('.later');
    section?.scrollIntoView();
    return section !== null;
  };
  await expect.poll(() => page.evaluate(missing)).toBe(false);
  const exhibit = page.getByTestId('study-pixels');
  await exhibit.getByRole('button').first().click();
  await expect(exhibit.getByTestId('shows')).toBeVisible();
}

test('axe finds nothing while something is trained', { tag: '@long' }, async ({ lab, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lab.open('v=1&train=epochs:20&measure=images:64');
  const offer = page.getByTestId('offered');
  await expect(offer).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await offer.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByTestId('pause-button')).toBeVisible();
  await page.getByTestId('pause-button').click();
  expect(await violations(page)).toEqual([]);
});

for (const [device, colorScheme] of [
  ['desktop', 'dark'],
  ['phone', 'light'],
] as const) {
  test(`axe finds nothing in a comparison: ${device}, ${colorScheme}`, { tag: '@long' }, async ({
    lab,
    page,
  }) => {
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

async function violations(page: Page, within?: string) {
  const axe = new AxeBuilder({ page });
  const found = await (within ? axe.include(within) : axe).analyze();
  return found.violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map((node) => `${node.html.slice(0, 120)}: ${node.failureSummary}`),
  }));
}
