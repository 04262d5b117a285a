/** What visitors bring in: networks, images, pictures, recipes. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { digits, idxFiles, nearestMean, npz, png, safetensors } from './files';
import { expect, Lab, test } from './page';

interface Given {
  name: string;
  buffer: Buffer;
}

async function choose(page: Page, files: Given[]): Promise<void> {
  // The dialog may be open already, or on its way.
  const opened = page.getByTestId('bring');
  if (!(await opened.isVisible())) await page.getByTestId('bring-button').click();
  const list = files.map((file) => ({ ...file, mimeType: 'application/octet-stream' }));
  await page.getByTestId('bring-input').setInputFiles(list);
}

const FEW = '#v=1&measure=images:512';

test('a network from a file is measured, pruned, shared, and asked for again by its link', {
  tag: '@long',
}, async ({ lab, page, browser }) => {
  // Two pages, one after the other.
  test.slow();
  await lab.open(FEW);
  const [train, tests] = [await digits(page, 'train', 2000), await digits(page, 'test', 512)];
  const { arrays, correct } = nearestMean(train, tests);
  const file = { name: 'nearest.npz', buffer: npz(arrays) };
  await choose(page, [file]);
  await expect(page.getByTestId('bring-read')).toHaveText(
    /784-10-10, 2 weights and 1 bias, \d+ % zeros\./,
  );
  await page.getByTestId('bring-use').click();
  await lab.hasNetwork();
  const clean = page.getByTestId('figure-clean');
  await expect(clean).toHaveAttribute('data-done', 'true', { timeout: 30_000 });
  expect(Number(await clean.getAttribute('data-correct'))).toBe(correct);
  expect(await clean.getAttribute('data-total')).toBe('512');

  await lab.pressTile(0, 3, 10);
  await expect.poll(() => lab.pruned(0)).toEqual([3]);
  const link = await lab.share();
  expect(link).toMatch(/hidden=10&file=[0-9a-f]{16}&cut=/);
  const digest = /file=([0-9a-f]{16})/.exec(link)?.[1] ?? '';
  await page.getByTestId('undo').click();
  await expect.poll(() => lab.pruned(0)).toEqual([]);

  // Elsewhere nobody has the file.
  const other = await browser.newPage();
  const theirs = new Lab(other);
  await theirs.open(link.slice(link.indexOf('#')));
  const lacking = other.getByTestId('lacking');
  await expect(lacking).toContainText(
    `This link begins with a network from a file, digest ${digest}, which a link cannot carry`,
  );
  // As safetensors it is the same network.
  await lacking.getByRole('button', { name: 'Bring in the file' }).click();
  await expect(other.getByTestId('bring')).toBeVisible();
  await choose(other, [{ name: 'same.safetensors', buffer: safetensors(arrays) }]);
  await expect(other.getByTestId('verification')).toHaveAttribute('data-phase', 'same', {
    timeout: 30_000,
  });
  await expect(lacking).toBeHidden();
  expect(await theirs.pruned(0)).toEqual([3]);
  expect(theirs.errors).toEqual([]);
  await other.close();
});

test('files that do not fit are refused in one sentence, and nothing is lost', async ({
  lab,
  page,
}) => {
  await lab.open();
  const problem = page.getByTestId('bring-problem');
  const conv = [{ name: 'conv1.weight', shape: [2, 1, 3, 3], values: new Float32Array(18) }];
  await choose(page, [{ name: 'conv.safetensors', buffer: safetensors(conv) }]);
  await expect(problem).toContainText('`conv1.weight` has 4 dimensions (2 × 1 × 3 × 3)');
  await choose(page, [{ name: 'notes.txt', buffer: Buffer.from('hello') }]);
  await expect(problem).toContainText('notes.txt is nothing that can be used here');
  await choose(page, [{ name: 'broken.png', buffer: png(9, 9, () => 0).subarray(0, 40) }]);
  await expect(problem).toContainText('cannot be decoded');
  const recipe = JSON.stringify({ steps: [{ step: 'prune', amount: 200 }] });
  await choose(page, [{ name: 'recipe.json', buffer: Buffer.from(recipe) }]);
  await expect(problem).toContainText('must be a number from 0 to 100');
  await choose(page, [{ name: 'cut.npz', buffer: npz(conv).subarray(0, 90) }]);
  await expect(problem).toContainText('damaged or cut short');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

test('a recipe in a file is opened', async ({ lab, page }) => {
  await lab.open();
  const recipe = {
    network: { hidden: [12] },
    steps: [{ step: 'train', epochs: 1, images: 2000 }],
    measure: { images: 256 },
  };
  await choose(page, [{ name: 'recipe.json', buffer: Buffer.from(JSON.stringify(recipe)) }]);
  await expect(page.getByTestId('bring-read')).toContainText('a network 784-12-10, seed 0');
  await page.getByTestId('bring-use').click();
  await lab.hasNetwork();
  await expect(page.getByTestId('grid-0')).toBeVisible();
});

/** A dark one on light paper, far from the middle. */
const seven = png(120, 160, (x, y) => {
  const bar = y > 20 && y < 30 && x > 20 && x < 70;
  const stem = Math.abs(x - (68 - (y - 25) * 0.35)) < 5 && y > 20 && y < 110;
  return bar || stem ? 30 : 235;
});

test('axe finds nothing where a picture is looked at, on a phone', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lab.open();
  await page.getByRole('button', { name: 'Bring in a network, images or a picture' }).click();
  await choose(page, [{ name: 'seven.png', buffer: seven }]);
  await expect(page.getByLabel('What the network gets, 28 × 28 pixels')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

test('a picture that is dropped becomes a digit and is attacked', async ({ lab, page }) => {
  await lab.open('#v=1&hidden=32&train=epochs:1,images:5000&measure=images:128');
  await lab.hasNetwork();
  const transfer = await page.evaluateHandle(
    (bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], 'seven.png', { type: 'image/png' }));
      return data;
    },
    [...seven],
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await expect(page.getByTestId('drop-target')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await expect(page.getByTestId('drop-target')).toBeHidden();
  const inverted = page.getByRole('checkbox', { name: 'Dark ink on light paper' });
  await expect(inverted).toBeChecked();
  await page.getByTestId('bring-use').click();
  await expect(page.getByLabel('Your picture, as the network gets it')).toBeVisible();
  await expect(lab.adversarial).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.equation')).toContainText('read as 7');
});

test('one’s own images take the place of MNIST, and it comes back', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  // The lab begins anew three times.
  test.slow();
  await lab.open();
  const [train, tests] = [await digits(page, 'train', 900), await digits(page, 'test', 300)];
  const [own, held] = [idxFiles(train), idxFiles(tests)];
  await choose(page, [
    { name: 'c.gz', buffer: held.labels },
    { name: 'a.gz', buffer: own.images },
    { name: 'd.gz', buffer: own.labels },
    { name: 'b.gz', buffer: held.images },
  ]);
  await expect(page.getByTestId('bring-read')).toHaveText(
    '900 images to train on, 300 to test on.',
  );
  await page.getByTestId('bring-use').click();
  await expect(page.getByTestId('own-images')).toContainText('900 to train on, 300 to test on');
  await expect(page.getByRole('heading', { name: 'Your test images' })).toBeVisible();
  await page.getByTestId('train-button').click();
  await lab.hasNetwork();
  const clean = page.getByTestId('figure-clean');
  await expect(clean).toHaveAttribute('data-done', 'true', { timeout: 30_000 });
  expect(await clean.getAttribute('data-total')).toBe('300');
  const link = await lab.share();
  expect(link).toMatch(/#v=1&data=[0-9a-f]{16}&train=/);
  await page.getByTestId('own-images').getByRole('button', { name: 'Back to MNIST' }).click();
  await expect(page.getByTestId('own-images')).toBeHidden();
  // The link asks for the files again, and goes on once they are there.
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    link.slice(link.indexOf('#')),
  );
  const lacking = page.getByTestId('lacking');
  await expect(lacking).toContainText('This link is of images from files');
  await lacking.getByRole('button', { name: 'Bring in the files' }).click();
  await choose(page, [
    { name: 'x.gz', buffer: held.images },
    { name: 'y.gz', buffer: held.labels },
    { name: 'z.gz', buffer: own.images },
    { name: 'w.gz', buffer: own.labels },
  ]);
  await expect(page.getByTestId('verification')).toHaveAttribute('data-phase', 'same', {
    timeout: 30_000,
  });
});
