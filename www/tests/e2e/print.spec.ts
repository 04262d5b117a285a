/** On paper the page is a report. */
import { expect, SMALL, test } from './page';

test('prints what was done and what came of it, and no controls', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const digest = (await lab.share()).match(/digest=([0-9a-f]{16})/)?.[1] ?? '';
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.locator('.printed')).toContainText(digest);
  await expect(page.locator('.printed')).toContainText('1 epoch of 5,000 images');
  await expect(lab.figure('clean')).toBeVisible();
  await expect(lab.grid(0)).toBeVisible();
  for (const id of ['train-button', 'undo', 'share-button', 'amount-slider', 'draw-button']) {
    await expect(page.getByTestId(id)).toBeHidden();
  }
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  await expect(page.locator('body')).toHaveCSS('color', 'rgb(0, 0, 0)');
});

test('is light on paper, and nothing covers anything else', {
  tag: '@long',
}, async ({ lab, page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await lab.open(`${SMALL}&prune=amount:20`);
  await lab.finished('adaptive');
  // What a tile shows when the browser is asked to print, 0 for black.
  await page.evaluate(() => {
    window.print = () => {
      const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=grid-0] canvas');
      const { data = [] } = canvas?.getContext('2d')?.getImageData(0, 0, 300, 200) ?? {};
      const light = [...data].reduce((sum, value, at) => sum + (at % 4 < 3 ? value : 0), 0);
      const opaque = [...data].reduce((sum, value, at) => sum + (at % 4 === 3 ? value : 0), 0);
      document.title = `${Math.round(100 * (light / 3 / opaque))}`;
    };
  });
  const lightness = async () => Number(await page.title());
  await page.getByTestId('more-button').click();
  await page.getByTestId('print').click();
  await expect.poll(lightness).toBeGreaterThan(75);
  await page.evaluate(() => {
    document.title = '';
  });
  await page.keyboard.press('ControlOrMeta+p');
  await expect.poll(lightness).toBeGreaterThan(75);
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 794, height: 1123 });
  const box = async (selector: string) => {
    const found = await page.locator(selector).first().boundingBox();
    if (!found) throw new Error(`There is no ${selector} on paper.`);
    return { ...found, right: found.x + found.width, bottom: found.y + found.height };
  };
  for (const [above, below] of [
    ['.bars-box svg', '.bars-layer .caption'],
    ['.curve-box svg', '.curve .foot'],
    ['.layers', '.key'],
    ['.network', '.distortion'],
  ] as const) {
    expect((await box(above)).bottom, above).toBeLessThanOrEqual((await box(below)).y + 1);
  }
  expect((await box('.layers')).right).toBeLessThanOrEqual((await box('.output')).x + 1);
  expect((await box('.output')).right).toBeLessThanOrEqual(794);
});
