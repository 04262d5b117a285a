/** What goes wrong is named in a sentence, and the page goes on. */
import { expect, SMALL, test } from './page';

test('a worker that is killed in the middle of a training is replaced', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  // A training long enough to be hit in the middle, twice.
  test.setTimeout(120_000);
  await lab.open('v=1&train=epochs:5,images:30000&measure=images:256');
  await expect(page.getByTestId('pause-button')).toBeVisible();
  const progress = page.getByRole('progressbar').first();
  await expect
    .poll(async () => Number(await progress.getAttribute('aria-valuenow')))
    .toBeGreaterThan(20);
  // The worker that trains is the first; killed so, it sends no event at all.
  const [worker] = page.workers();
  await worker?.evaluate(() => self.close()).catch(() => {});
  await expect(page.getByTestId('notice')).toContainText('stopped and was replaced', {
    timeout: 15_000,
  });
  await lab.hasNetwork();
  expect(await lab.finished('clean')).toBeGreaterThan(90);
  // The same network as without the accident.
  const link = await lab.share();
  await lab.open(link);
  await expect(page.getByTestId('verification')).toHaveText(/Reproduced, bit for bit\./, {
    timeout: 40_000,
  });
});

test('an evaluating worker that is killed is replaced unnoticed', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open('v=1&train=epochs:1,images:5000&attack=steps:100&measure=images:4000');
  await lab.hasNetwork();
  await expect.poll(() => page.workers().length).toBeGreaterThan(1);
  // In the middle of its work: one that is killed before it began is given a minute to begin.
  const begun = /^[1-9]/;
  await expect(lab.figure('adaptive')).toHaveAttribute('data-total', begun, { timeout: 30_000 });
  await page
    .workers()
    .at(-1)
    ?.evaluate(() => self.close())
    .catch(() => {});
  await lab.finished('adaptive');
});

test('a damaged chunk is named, and a retry mends it', async ({ lab, page }) => {
  let damaged = 0;
  await page.route('**/data/train-1.bin', async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 0xff;
    damaged++;
    await route.fulfill({ response, body });
  });
  await lab.open();
  await expect(page.getByText(/train-1\.bin arrived/)).toBeVisible();
  expect(damaged).toBe(1);
  // The rest can be used: this recipe needs only the images before the damaged ones.
  await lab.unfold('Train');
  await lab.set('Training images', '2500');
  await lab.set('Epochs', '1');
  await lab.train();
  await page.unroute('**/data/train-1.bin');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(/train-1\.bin arrived/)).toBeHidden();
});

test('a truncated chunk is named', async ({ lab, page }) => {
  await page.route('**/data/train-2.bin', async (route) => {
    const response = await route.fetch();
    const body = (await response.body()).subarray(0, 1000);
    const headers = { ...response.headers(), 'content-length': '1000' };
    await route.fulfill({ status: 200, headers, body });
  });
  await lab.open();
  await expect(page.getByText(/train-2\.bin arrived incomplete: 1,000 of/)).toBeVisible();
});

test('a recipe waits only for the images it names', async ({ lab, page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/data/train-3.bin', async (route) => {
    await held;
    await route.continue();
  });
  await lab.open(SMALL);
  await lab.hasNetwork();
  await lab.unfold('Train');
  await lab.set('Training images', '10000');
  await page.getByTestId('train-button').click();
  await expect(page.getByText(/Waiting for 10,000 training images/)).toBeVisible();
  release();
  await expect(page.getByTestId('train-button')).toBeVisible();
  await expect(page).toHaveURL(/images:10000/);
});

test('a browser without WebAssembly SIMD is told so', async ({ lab, page }) => {
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await page.goto('./');
  await expect(page.getByText(/lacks WebAssembly SIMD/)).toBeVisible();
  expect(lab.errors).toEqual([]);
});
