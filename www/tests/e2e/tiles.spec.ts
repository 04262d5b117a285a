/** The tiles and the input image: what is drawn, chosen, sorted, zoomed into and cut on them. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import { expect, type Lab, SMALL, test } from './page';

/** The middle of a tile, on the page. */
async function middle(lab: Lab, layer: number, place: number): Promise<{ x: number; y: number }> {
  const box = await lab.grid(layer).boundingBox();
  const columns = Number(await lab.grid(layer).getAttribute('data-columns'));
  if (!box) throw new Error('The grid is not on the page.');
  const pitch = (box.width + 2) / columns;
  return {
    x: box.x + ((place % columns) + 0.5) * pitch,
    y: box.y + (Math.floor(place / columns) + 0.5) * pitch,
  };
}

/** How many pixels of a canvas are painted. */
const painted = (canvas: Locator) =>
  canvas.evaluate((element: HTMLCanvasElement) => {
    const { width, height } = element;
    const data = element.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
    let count = 0;
    for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) > 0) count += 1;
    return count;
  });

test('a lasso cuts what it goes around, over both layers, as one step', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await page.getByTestId('tile-tool-lasso').click();
  const columns = Number(await lab.grid(0).getAttribute('data-columns'));
  // From the last two columns of layer 1 over the first two of layer 2, two rows.
  const [from, to] = [await middle(lab, 0, columns - 2), await middle(lab, 1, 1)];
  const down = (await middle(lab, 0, 2 * columns - 2)).y;
  const around = [
    [from.x - 4, from.y - 4],
    [to.x + 4, from.y - 4],
    [to.x + 4, down + 4],
    [from.x - 4, down + 4],
  ] as const;
  const { mouse } = page;
  await mouse.move(...around[0]);
  await mouse.down();
  for (const corner of around.slice(1)) await mouse.move(...corner, { steps: 8 });
  await mouse.up();
  const first = [columns - 2, columns - 1, 2 * columns - 2, 2 * columns - 1];
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', first.join(','));
  expect(await lab.pruned(1)).toHaveLength(4);
  await page.getByTestId('undo').click();
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '');
  await expect(lab.grid(1)).toHaveAttribute('data-pruned', '');
  // One press with it is one tile.
  const one = await middle(lab, 0, 3);
  await mouse.click(one.x, one.y);
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '3');
});

test('tiles are chosen, cut and restored by keyboard, and say what they are', {
  tag: '@long',
}, async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const columns = Number(await lab.grid(0).getAttribute('data-columns'));
  const cell = lab.grid(0).getByRole('gridcell');
  await expect(cell).toHaveAccessibleName(
    /^Unit 0, distortion .+, output .+ on the clean image and .+ on the attacked one$/,
  );
  await lab.grid(0).focus();
  for (const key of ['Shift+ArrowRight', 'Shift+ArrowDown']) await page.keyboard.press(key);
  await expect(cell).toHaveAccessibleName(/4 chosen$/);
  await page.keyboard.press('Escape');
  await expect(cell).not.toHaveAccessibleName(/chosen/);
  await page.keyboard.press('Home');
  for (const key of ['Shift+ArrowRight', 'Shift+ArrowDown']) await page.keyboard.press(key);
  await page.keyboard.press('Space');
  const square = [0, 1, columns, columns + 1].join(',');
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', square);
  await expect(cell).toHaveAccessibleName(/, cut$/);
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Space');
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '0,1');
});

test('sorted, the first tile is the most distorted unit', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await page.getByTestId('tile-order-distortion').click();
  await page.getByRole('slider', { name: 'most distorted units of layer 1' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', /^\d+$/);
  const most = await lab.pruned(0);
  await page.getByTestId('undo').click();
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '');
  await lab.pressTile(0, 0, 128);
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', most.join(','));
});

test('pointing shows the strongest connections, until the unit is cut', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const lines = page.locator('canvas.connections');
  await expect(lines).toBeAttached();
  const { x, y } = await middle(lab, 1, 9);
  await page.mouse.move(x, y);
  await expect.poll(() => painted(lines)).toBeGreaterThan(500);
  await page.mouse.down();
  await page.mouse.up();
  await expect(lab.grid(1)).toHaveAttribute('data-pruned', '9');
  await expect.poll(() => painted(lines)).toBe(0);
  await page.mouse.move(x + 1, y + 1);
  expect(await painted(lines)).toBe(0);
});

test('deeper tiles show incoming weights, and any zoom keeps them in place', async ({
  lab,
  page,
}) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  const looks = () =>
    lab
      .grid(1)
      .locator('canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await expect(page.getByTestId('tile-shows-patterns')).toContainText('on this image');
  const patterns = await looks();
  await page.getByTestId('tile-shows-weights').click();
  await expect.poll(looks).not.toBe(patterns);

  const width = async () => (await lab.grid(0).boundingBox())?.width ?? 0;
  const before = await width();
  await page.getByTestId('zoom-in').click();
  await expect.poll(width).toBeGreaterThan(1.2 * before);
  await lab.grid(0).focus();
  await page.keyboard.press('End');
  await expect(lab.grid(0).getByRole('gridcell')).toBeInViewport();
  await page.keyboard.press('Space');
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '127');
  await page.keyboard.press('0');
  await expect.poll(width).toBe(before);
});

test('pixels are brushed away by hand, as a step that a link carries', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await page.getByTestId('brush-button').click();
  const surface = page.getByTestId('pixel-grid');
  const box = await surface.boundingBox();
  if (!box) throw new Error('There is nothing to brush on.');
  const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(0.2, 0.2));
  await page.mouse.down();
  await page.mouse.move(...at(0.7, 0.2), { steps: 5 });
  await page.mouse.up();
  await expect(surface).toHaveAttribute('data-pruned', /^[3-9]\d$/);
  const brushed = await surface.getAttribute('data-pruned');
  await expect(page).toHaveURL(/cut=\.,pixels:[\w-]+/);
  await expect(page.locator('.key')).toContainText(`${brushed} of 784 pixels cut`);

  // The keyboard cuts one more, beside a unit, in the same step.
  await page.getByTestId('brush-size-1').click();
  await surface.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Space');
  await expect(surface).toHaveAttribute('data-pruned', String(Number(brushed) + 1));
  await expect(surface.getByRole('gridcell')).toHaveAccessibleName(/^Row 28, column 28.*, cut$/);
  await lab.pressTile(0, 5, 128);
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '5');
  const link = await lab.share();
  await page.getByTestId('undo').click();
  await page.getByTestId('undo').click();
  await expect(surface).toHaveAttribute('data-pruned', `${brushed}`);
  await page.getByTestId('undo').click();
  await expect(surface).toHaveAttribute('data-pruned', '0');

  await lab.open(link);
  await expect(page.getByTestId('verification')).toContainText('bit for bit');
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '5');
  await page.getByTestId('brush-button').click();
  await expect(surface).toHaveAttribute('data-pruned', String(Number(brushed) + 1));
  await page.getByRole('button', { name: 'restore the pixels' }).click();
  await expect(surface).toHaveAttribute('data-pruned', '0');
  await expect(lab.grid(0)).toHaveAttribute('data-pruned', '5');
});

for (const [device, colorScheme, width, height] of [
  ['desktop', 'dark', 1440, 900],
  ['phone', 'light', 390, 844],
] as const) {
  test(`axe finds nothing with every tool out: ${device}`, { tag: '@long' }, async ({
    lab,
    page,
  }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await lab.open(SMALL);
    await lab.hasNetwork();
    for (const id of ['brush-button', 'tile-tool-lasso', 'tile-shows-weights', 'zoom-in']) {
      await page.getByTestId(id).click();
    }
    await page.getByTestId('pixel-grid').press('Space');
    await expect(page.getByTestId('pixel-grid')).toHaveAttribute('data-pruned', '9');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
}
