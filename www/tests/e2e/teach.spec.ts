/** What a teacher does: hide and lock, show a room, embed, set a task and compare what comes back. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, Lab, SMALL, test } from './page';

/** A smaller network still, and a task that half of its weights meet. */
const TINY = 'v=1&train=epochs:1,images:5000&measure=images:128';
const TASK = `${TINY}&task=clean:10,weights:50,images:128`;
const HALF = `${TASK}&prune=what:weights,by:magnitude,amount:50`;

async function violations(page: Page): Promise<unknown[]> {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 120))]);
}

test('what a link locks or hides is nowhere to be got at', async ({ lab, page }) => {
  await lab.open('v=1&hide=lessons,files&lock=network');
  await expect(page.getByTestId('class-strip')).toBeVisible();
  await expect(page.getByRole('button', { name: 'The first lesson' })).toBeHidden();
  for (const name of ['lessons-button', 'files-button', 'bring-button']) {
    await expect(page.getByTestId(name)).toBeHidden();
  }
  // A file that is held over the page, and dropped, is refused.
  const carried = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['{}'], 'recipe.json'));
    return transfer;
  });
  await page.locator('body').dispatchEvent('dragover', { dataTransfer: carried });
  await expect(page.getByTestId('drop-target')).toContainText('locks files');
  await page.locator('body').dispatchEvent('drop', { dataTransfer: carried });
  await expect(page.getByTestId('notice')).toContainText('nothing can be brought in');
  await expect(page.getByTestId('bring')).toBeHidden();
  // With a network there is neither a brush nor a lasso.
  await lab.open(`${SMALL}&lock=network`);
  await lab.hasNetwork();
  await expect(page.getByTestId('brush-button')).toHaveCount(0);
  await expect(page.getByTestId('lasso')).toHaveCount(0);
});

test('a link hides and locks, whatever is done, until all is shown', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open(`${SMALL}&hide=prune,race,attack.method&lock=train,attack.eps,network`);
  await lab.hasNetwork();
  await expect(page.getByTestId('class-strip')).toContainText('hides some controls and locks');
  await expect(page.getByRole('heading', { name: '3 Prune' })).toHaveCount(0);
  await expect(page.getByLabel('Method', { exact: true })).toHaveCount(0);
  await expect(page.getByTestId('eps-slider')).toBeDisabled();
  await expect(page.getByLabel('Epochs')).toBeDisabled();
  await lab.pressTile(0, 5, 128);
  await expect(page.getByTestId('notice')).toContainText('locks cutting by hand');
  expect(await lab.pruned(0)).toEqual([]);
  await page.getByRole('button', { name: 'Dismiss' }).last().click();
  expect(await violations(page)).toEqual([]);
  // The network goes, what the link says stays.
  await page.getByTestId('reset').click();
  const said = /#v=1&hide=prune,race,attack\.method&lock=train,attack\.eps,network$/;
  await expect.poll(() => page.url()).toMatch(said);
  await page.getByTestId('undo').click();
  await expect(lab.grid(0)).toBeVisible();
  await page.getByTestId('show-all').click();
  await expect(page.getByRole('heading', { name: '3 Prune' })).toBeVisible();
  await expect(page.getByTestId('eps-slider')).toBeEnabled();
  await expect.poll(() => page.url()).not.toContain('hide=');
});

test('an unknown name gets a sentence, and nothing is hidden', async ({ lab, page }) => {
  await lab.open('v=1&train=epochs:1,images:2000&hide=train,everything');
  await expect(page.getByTestId('notice')).toContainText('Hidden must be names of train, attack');
  await expect(page.getByTestId('train-button')).toBeVisible();
});

test('a teacher puts a link together', { tag: '@long' }, async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await page.getByTestId('share-button').click();
  await page.getByTestId('share-as-class').click();
  const link = page.getByTestId('class-link');
  await page.getByTestId('hide-race').check();
  await page.getByTestId('lock-train').check();
  await page.getByTestId('set-task').check();
  await page.getByLabel('Units left at most').fill('40');
  await page.getByLabel('Units left at most').press('Tab');
  await expect(link).toHaveValue(
    /&hide=race&lock=train&task=clean:95,weights:50,units:40,images:512&digest=/,
  );
  expect(await violations(page)).toEqual([]);
  // Nothing on the page has changed before it is tried.
  await expect(page.getByTestId('class-strip')).toHaveCount(0);
  await page.getByTestId('try-class').click();
  await expect(page.getByTestId('class-strip')).toContainText('This link hides');
  await expect(page.getByTestId('task')).toContainText('at most 40 % of the hidden units left');
});

test('a room is shown large type, and a clicker turns the steps', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open(`${SMALL}&prune=amount:20`);
  await lab.hasNetwork();
  await page.setViewportSize({ width: 1280, height: 720 });
  const small = await page.evaluate(() => getComputedStyle(document.body).fontSize);
  await page.getByTestId('more-button').click();
  await page.getByTestId('present').click();
  const room = page.getByTestId('presenter');
  await expect(room).toContainText('2 / 2 cut 20 % of hidden units');
  await expect.poll(() => page.url()).toContain('present=yes');
  const large = await page.evaluate(() => getComputedStyle(document.body).fontSize);
  expect(Number.parseFloat(large)).toBeGreaterThan(1.2 * Number.parseFloat(small));
  await page.keyboard.press('PageUp');
  await expect(room).toContainText('1 / 2 train from fresh weights');
  await expect.poll(() => lab.pruned(0)).toEqual([]);
  await page.keyboard.press('ArrowRight');
  await expect(room).toContainText('2 / 2');
  const size = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  expect(size).toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('share-button')).toBeVisible();
  await expect.poll(() => page.url()).not.toContain('present');
});

/** A page on the same server, of another document, with the exhibit in a frame. */
async function host(page: Page, address: string): Promise<void> {
  await page.route('**/host.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>Host</title><iframe title="Exhibit" style="width:300px;height:600px"></iframe>
        <script>
          const heard = (window.heard = []);
          addEventListener('message', ({ data }) => heard.push(data));
          const frame = document.querySelector('iframe');
          window.ask = (message) => frame.contentWindow.postMessage(message, '*');
          frame.src = ${JSON.stringify(address)};
        </script>`,
    }),
  );
  await page.goto('./host.html');
}

interface Heard {
  say: string;
  [more: string]: unknown;
}

const heard = (page: Page, say: string): Promise<Heard[]> =>
  page.evaluate(
    (word) => (window as unknown as { heard: Heard[] }).heard.filter(({ say }) => say === word),
    say,
  );

const ask = (page: Page, message: unknown): Promise<void> =>
  page.evaluate((sent) => (window as unknown as { ask(sent: unknown): void }).ask(sent), message);

test('an exhibit in a frame waits, and answers its host', async ({ lab, page }) => {
  await host(page, './?embed=network');
  const frame = page.frameLocator('iframe');
  await expect(frame.getByTestId('begin')).toBeVisible();
  await expect.poll(() => heard(page, 'ready')).toHaveLength(1);
  await expect.poll(async () => (await heard(page, 'size')).at(-1)?.height).toBeGreaterThan(200);
  // Nobody asked, so nothing was told.
  expect(await heard(page, 'changed')).toEqual([]);

  await ask(page, { secateurs: 1, do: 'explode' });
  const problems = () => heard(page, 'problem');
  await expect.poll(async () => (await problems()).at(-1)?.sentence).toContain('must be one of');
  await ask(page, { secateurs: 1, do: 'open', link: 'v=1&hidden=0' });
  await expect.poll(async () => (await problems()).at(-1)?.sentence).toContain('from 1 to 1024');
  await ask(page, { secateurs: 1, do: 'open', link: `#${SMALL}&hidden=30-20` });
  const last = async () => (await heard(page, 'changed')).at(-1);
  await expect
    .poll(async () => (await last())?.digest, { timeout: 30_000 })
    .toMatch(/^[0-9a-f]{16}$/);
  const trained = (await last())?.digest;
  await ask(page, { secateurs: 1, do: 'select', image: 3 });
  await ask(page, { secateurs: 1, do: 'prune' });
  await expect.poll(async () => (await last())?.digest).not.toBe(trained);
  await expect.poll(async () => (await last())?.link).toMatch(/\/#v=1&hidden=30-20&.*image=3/);
  await ask(page, { secateurs: 1, do: 'undo' });
  await expect.poll(async () => (await last())?.digest).toBe(trained);
  expect(await page.evaluate(() => document.title)).toBe('Host');
  expect(lab.errors).toEqual([]);
});

test('every exhibit fits a frame of 280 pixels; an unknown one says what there is', async ({
  page,
  lab,
}) => {
  await page.setViewportSize({ width: 280, height: 600 });
  for (const name of ['network', 'attack', 'outcome', 'gallery', 'draw', 'race']) {
    await page.goto(`./?embed=${name}`);
    await expect(page.getByRole('link', { name: 'Open in Secateurs' })).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect([name, wide]).toEqual([name, 280]);
  }
  expect(await violations(page)).toEqual([]);
  await page.goto('./?embed=nothing');
  await expect(page.getByRole('alert')).toContainText('no exhibit “nothing” to embed');
  expect(lab.errors).toEqual([]);
});

test('a score in a link is confirmed by whoever opens it', { tag: '@long' }, async ({
  lab,
  page,
  browser,
}) => {
  // Networks are made and measured in two places, one after the other.
  test.slow();
  await lab.open(HALF);
  await lab.hasNetwork();
  const score = page.getByTestId('task-score');
  await expect(page.getByTestId('condition-weights')).toHaveAttribute('data-met', 'met');
  await expect(score).toHaveAttribute('data-counts', 'yes', { timeout: 40_000 });
  expect(await violations(page)).toEqual([]);
  const correct = Number(await score.getAttribute('data-score'));
  expect(await lab.figure('adaptive').getAttribute('data-correct')).toBe(`${correct}`);
  await page.getByTestId('copy-score').click();
  await expect.poll(() => page.url()).toContain(`score=${correct}&task=`);
  const link = page.url();

  const context = await browser.newContext();
  const other = new Lab(await context.newPage());
  await other.open(link);
  const claim = other.page.getByTestId('claim');
  await expect(claim).toHaveAttribute('data-state', 'confirmed', { timeout: 40_000 });
  // A network that is something else has not reached it, and the address no longer says so.
  await other.page.getByTestId('undo').click();
  await expect(claim).toHaveAttribute('data-state', 'elsewhere');
  await expect.poll(() => other.page.url()).not.toContain('score=');
  expect(other.errors).toEqual([]);
  await context.close();
});

test('links are compared, and replayed aside', { tag: '@long' }, async ({ lab, page }) => {
  // Networks are made and measured in two places, one after the other.
  test.slow();
  await lab.open(TASK);
  await lab.hasNetwork();
  await page.getByTestId('compare-links').click();
  const strong = `#${TINY}&seed=1&prune=what:weights,by:magnitude,amount:60`;
  const task = 'task=clean:10,weights:50,images:128';
  const lines = [
    `${strong}&score=1&${task}`,
    'no link at all',
    `#${HALF}&attack=steps:3&score=100`,
    `#${HALF}&score=127`,
  ];
  await page.getByTestId('links-pasted').fill(lines.join('\n'));
  await page.getByTestId('links-check').click();
  const rows = page.getByTestId('links-table').locator('tbody tr');
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(0)).toContainText('99.2');
  await expect(rows.nth(1)).toContainText('0.8');
  await expect(page.getByTestId('compared-2')).toContainText('begins with v=1');
  await expect(page.getByTestId('compared-3')).toContainText('attacked otherwise');
  expect(await violations(page)).toEqual([]);
  const said = page.getByTestId('compared-4');
  await said.getByRole('button', { name: 'Replay and confirm line 4' }).click();
  await expect(said).toHaveAttribute('data-state', 'differs', { timeout: 40_000 });
  await expect(said).toContainText(/differs: \d+ images/);
});
