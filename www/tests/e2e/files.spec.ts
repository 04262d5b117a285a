/** What can be taken away; Python's tests look into the files. */
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, SMALL, test } from './page';

async function downloaded(page: Page, button: Locator) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes };
}

const holds = (bytes: Buffer, text: string) => bytes.includes(Buffer.from(text, 'utf8'));

test('nothing can be taken away before there is a network', async ({ lab, page }) => {
  await lab.open();
  await page.getByTestId('files-button').click();
  await expect(page.getByRole('dialog', { name: 'Files' })).toContainText('train a network first');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the network, the recipe and the script are files', async ({ lab, page }) => {
  await lab.open(`${SMALL}&prune=amount:20`);
  await lab.hasNetwork();
  const digest = /digest=([0-9a-f]{16})/.exec(await lab.share())?.[1] ?? '';
  await page.getByTestId('files-button').click();
  const take = (what: string) => downloaded(page, page.getByTestId(`take-${what}`));

  const tensors = await take('safetensors');
  expect(tensors.name).toBe(`secateurs-${digest}.safetensors`);
  const head = Number(tensors.bytes.readBigUInt64LE(0));
  const header = JSON.parse(tensors.bytes.subarray(8, 8 + head).toString());
  expect(header.__metadata__.digest).toBe(digest);
  expect(header['layers.0.weight']).toMatchObject({ dtype: 'F32', shape: [128, 784] });
  expect(header['masks.0.weight'].dtype).toBe('BOOL');

  const npz = await take('npz');
  expect(npz.name).toBe(`secateurs-${digest}.npz`);
  expect(npz.bytes.subarray(0, 4).toString()).toBe('PK\x03\x04');
  expect(holds(npz.bytes, 'layers.2.bias.npy')).toBe(true);

  const onnx = await take('onnx');
  expect(onnx.name).toBe(`secateurs-${digest}.onnx`);
  // The form's version, then the producer's name.
  expect([...onnx.bytes.subarray(0, 4)]).toEqual([0x08, 7, 0x12, 9]);
  expect(holds(onnx.bytes, digest) && holds(onnx.bytes, 'Gemm')).toBe(true);

  const recipe = await take('recipe');
  expect(JSON.parse(recipe.bytes.toString()).steps).toHaveLength(2);

  const experiment = await take('experiment');
  for (const name of ['experiment.py', 'after.npz', 'before.npz', 'recipe.json']) {
    expect(holds(experiment.bytes, name), name).toBe(true);
  }
  // Nothing is compressed, so the script can be read as it is.
  expect(holds(experiment.bytes, 'torchattacks.PGD(network')).toBe(true);
});

test('every plot and all tables are files', async ({ lab, page }) => {
  await lab.open(`${SMALL}&distortion=images:200`);
  await lab.hasNetwork();
  await lab.finished('adaptive');
  await page.getByTestId('files-button').click();
  const dialog = page.getByRole('dialog', { name: 'Files' });
  const named = (name: RegExp) => downloaded(page, dialog.getByRole('button', { name }));

  const svg = await named(/Distortion of layer 1.* as SVG/);
  expect(svg.name).toBe('secateurs-distortion-layer-1.svg');
  const text = svg.bytes.toString();
  expect(text).toContain('<title>Distortion of layer 1');
  expect(text).not.toMatch(/ class=|var\(|color\(/);

  const png = await named(/Distortion of layer 1.* as PNG/);
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  const width = Number(/<svg[^>]* width="([\d.]+)"/.exec(text)?.[1]);
  expect(png.bytes.readUInt32BE(16)).toBe(Math.round(2 * width));

  const csv = await named(/Distortion of layer 1.* as CSV/);
  expect(csv.bytes.toString().split('\r\n')).toHaveLength(128 + 2);

  const tiles = await named(/tiles as PNG/);
  expect(tiles.bytes.readUInt32BE(16)).toBeGreaterThan(200);

  const all = await downloaded(page, page.getByTestId('take-tables'));
  expect(all.name).toMatch(/^secateurs-[0-9a-f]{16}-figures\.zip$/);
  for (const name of ['secateurs-figures.csv', 'secateurs-loss.csv']) {
    expect(holds(all.bytes, name), name).toBe(true);
  }
  expect(holds(all.bytes, 're-attacked,')).toBe(true);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the files: ${colorScheme}`, { tag: '@long' }, async ({
    lab,
    page,
  }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await lab.open(SMALL);
    await lab.hasNetwork();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByTestId('files-button').click();
    await expect(page.getByTestId('take-onnx')).toBeVisible();
    const found = await new AxeBuilder({ page }).include('.dialog.files').analyze();
    expect(found.violations.map(({ id }) => id)).toEqual([]);
  });
}
