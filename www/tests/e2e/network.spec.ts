/** Files that do not arrive, or arrive otherwise than they were built; and what the page refuses. */
import AxeBuilder from '@axe-core/playwright';
import type { Page, Route } from '@playwright/test';
import { expect, type Lab, test } from './page';

/** Changes one byte in the middle. */
async function alter(route: Route): Promise<void> {
  const response = await route.fetch();
  const body = await response.body();
  const middle = body.length >> 1;
  body[middle] = (body[middle] ?? 0) ^ 1;
  await route.fulfill({ response, body });
}

/** Lets what was in the way go. */
async function mend(page: Page, lab: Lab): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  // The browser itself tells of what failed.
  lab.errors.splice(0);
}

test('a compute module that was altered is named, and a retry mends it', async ({ lab, page }) => {
  await page.route('**/secateurs_bg-*.wasm', alter);
  await lab.open();
  const notice = page.getByTestId('notice');
  await expect(notice).toContainText('The compute module arrived damaged');
  // It is tried a few times before the visitor is asked to.
  const stopped = page.getByTestId('stopped');
  await expect(stopped).toContainText('The compute module arrived damaged', { timeout: 15_000 });
  await mend(page, lab);
  await stopped.getByRole('button', { name: 'Start it again' }).click();
  await expect(page.getByTestId('gallery')).toContainText('Choose one.');
  await expect(notice).toHaveCount(0);
});

test('a compute module that stops arriving is named, and fetched again', async ({ lab, page }) => {
  await page.clock.install();
  const module = '**/secateurs_bg-*.wasm';
  const held = page.waitForRequest(module);
  await page.route(module, () => {});
  await lab.open();
  await held;
  await page.clock.runFor(25_000);
  await expect(page.getByTestId('notice')).toContainText('stopped arriving. Trying again.');
  await mend(page, lab);
  await page.clock.resume();
  await expect(page.getByTestId('gallery')).toContainText('Choose one.');
  await expect(page.getByTestId('notice')).toHaveCount(0);
});

test('a list of images that was altered is named, and a retry mends it', async ({ lab, page }) => {
  await page.route('**/data/manifest.json', alter);
  await lab.open();
  await expect(page.getByText('The list of images (manifest.json) arrived damaged')).toBeVisible();
  await mend(page, lab);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('gallery')).toContainText('Choose one.');
});

test('a page whose first script does not arrive says so', async ({ lab, page }) => {
  await page.route(/\/index-[^/]*\.js$/, (route) => route.abort());
  await page.goto('./');
  const said = page.getByText('The page is still on its way.');
  // Not at once: it usually arrives.
  await expect(said).toBeHidden();
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish();
  });
  await expect(said).toBeVisible();
  await mend(page, lab);
});

test('parts of the page that do not arrive are named, and a retry brings them', async ({
  lab,
  page,
}) => {
  await page.route(/\/(List-[^/]*\.js|second-[^/]*\.css)$/, (route) => route.abort());
  await lab.open();
  const notice = page.getByTestId('notice');
  await expect(notice).toContainText('A part of the page did not arrive');
  await page.getByTestId('lessons-button').click();
  const list = page.getByText('the list of lessons could not be fetched.');
  await expect(list).toBeVisible();
  await mend(page, lab);
  await list.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('lessons-list')).toBeVisible();
  await page.keyboard.press('Escape');
  await notice.getByRole('button', { name: 'Try again' }).click();
  const about = page.getByRole('heading', { name: 'What you are looking at' });
  await expect(about).toBeVisible();
  await expect(page.locator('.about')).toHaveCSS('display', 'grid');
  await expect(notice).toHaveCount(0);
});

test('what the page is made of is listed, without a script', async ({ lab, page }) => {
  await lab.open();
  await page.getByRole('link', { name: 'What it is made of' }).click();
  await expect(page.getByRole('link', { name: /^ndarray \d/ })).toBeVisible();
  await expect(page.getByRole('link', { name: /^preact \d/ })).toBeVisible();
  await expect(page.locator('pre').first()).toContainText('Permission is hereby granted');
  await expect(page.locator('script')).toHaveCount(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  const list = await (await page.request.get('./sbom.json')).json();
  expect(list.components.length).toBe(await page.getByRole('listitem').count());
});

test('the page refuses whatever its policy does not name', async ({ lab, page }) => {
  const response = await page.goto('./');
  await expect(page.getByTestId('undo')).toBeVisible();
  const refused = await page.evaluate(async () => {
    // Not in the call that the test itself makes, for which the browser makes an exception.
    await new Promise((resolve) => setTimeout(resolve));
    const tried: Record<string, () => unknown> = {
      // biome-ignore lint/security/noGlobalEval: it must be refused
      eval: () => globalThis.eval('1'),
      Function: () => new Function('return 1')(),
      innerHTML: () => {
        document.createElement('p').innerHTML = '<b>text</b>';
      },
      Worker: () => new Worker('./service-worker.js'),
      policy: () =>
        (
          window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } }
        ).trustedTypes.createPolicy('other', {}),
    };
    const names: string[] = [];
    for (const [name, run] of Object.entries(tried)) {
      try {
        run();
      } catch {
        names.push(name);
      }
    }
    // Markup that others made: neither its scripts run nor are its styles taken.
    const other = new XMLHttpRequest();
    const inline = document.createElement('script');
    inline.append(document.createTextNode('window.run = 1'));
    document.body.append(inline);
    if (!('run' in window)) names.push('inline script');
    const style = document.createElement('style');
    style.textContent = 'body { opacity: 0.5 }';
    document.head.append(style);
    if (getComputedStyle(document.body).opacity === '1') names.push('inline style');
    other.open('GET', 'https://example.org/');
    const sent = new Promise((resolve) => {
      other.onload = () => resolve(true);
      other.onerror = () => resolve(false);
    });
    other.send();
    if (!(await sent)) names.push('another origin');
    return names;
  });
  expect(refused).toEqual([
    'eval',
    'Function',
    'innerHTML',
    'Worker',
    'policy',
    'inline script',
    'inline style',
    'another origin',
  ]);
  // All of it was reported.
  for (const what of [
    'require-trusted-types-for',
    'trusted-types',
    'style-src-elem',
    'connect-src',
  ]) {
    expect(
      lab.errors.some((error) => error.startsWith(`Against the policy: ${what}`)),
      what,
    ).toBe(true);
  }
  lab.errors.splice(0);
  // A worker has the policy that its script came with.
  const worker = await page.request.get(page.workers()[0]?.url() ?? '');
  for (const headers of [response?.headers(), worker.headers()]) {
    expect(headers?.['content-security-policy']).toContain("default-src 'none'");
    expect(headers?.['x-content-type-options']).toBe('nosniff');
  }
});
