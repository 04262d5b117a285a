/** Keyboard, ear, small windows and forced colours. */
import type { Page } from '@playwright/test';
import { expect, test } from './page';

const QUICK = 'v=1&hidden=16-12&train=epochs:1,images:2000&measure=images:64&distortion=images:64';

test('the story is heard and cut by keyboard alone', { tag: '@long' }, async ({ lab, page }) => {
  await lab.open(QUICK);
  const heard = page.getByTestId('announcement');
  await expect(heard).toHaveText(/^Trained; clean \d+\.\d %, re-attacked \d+\.\d %\.$/);
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  // The grid is one stop, and says which unit is at hand.
  await reach(page, () => document.activeElement?.getAttribute('data-testid') === 'grid-0');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', /\d/);
  await expect(heard).toHaveText(/^1 unit cut; clean \d+\.\d %, re-attacked \d+\.\d %\.$/);
  // And the way out of it goes on.
  await reach(page, () => document.activeElement?.closest('[data-testid="gallery"]') !== null);
});

test('every stop of the keyboard is seen', { tag: '@long' }, async ({ lab, page }) => {
  await lab.open(QUICK);
  await lab.hasNetwork();
  await page.locator('body').press('Tab');
  const hidden: string[] = [];
  for (let stop = 0; stop < 45; stop++) {
    const problem = await page.evaluate(() => {
      const at = document.activeElement;
      if (!(at instanceof HTMLElement || at instanceof SVGElement) || at === document.body)
        return '';
      const box = at.getBoundingClientRect();
      // The mark may be on what is drawn in it, on its label, or on the thumb of a slider.
      const marked = [at, at.parentElement, at.closest('label'), ...at.querySelectorAll('*')];
      const shown =
        at.matches('.trajectory-box input') ||
        marked.some((one) => one && getComputedStyle(one).outlineStyle !== 'none');
      return shown && box.width + box.height > 0 ? '' : at.outerHTML.slice(0, 120);
    });
    if (problem !== '') hidden.push(problem);
    await page.keyboard.press('Tab');
  }
  expect(hidden).toEqual([]);
});

for (const [what, width, height] of [
  ['200 %', 720, 450],
  ['200 % of a small window', 640, 400],
  ['400 %', 320, 256],
] as const) {
  test(`nothing is cut off at ${what}`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height });
    await lab.open(QUICK);
    await lab.hasNetwork();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(width);
  });
}

test('forced colours reach what is painted', async ({ lab, page }) => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await lab.open(QUICK);
  await lab.hasNetwork();
  const colours = await page
    .getByTestId('gallery')
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      return new Set(new Uint32Array(pixels?.buffer ?? new ArrayBuffer(0))).size;
    });
  // A digit on its ground, not one flat square.
  expect(colours).toBeGreaterThan(10);
});

/** Tabs on until something is reached. */
async function reach(page: Page, there: () => boolean): Promise<void> {
  for (let stop = 0; stop < 120; stop++) {
    if (await page.evaluate(there)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The keyboard does not get there.');
}
