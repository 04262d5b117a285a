/** No number without a way to see where it comes from: by mouse, by keyboard, by touch. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, type Lab, test } from './page';

/** Everything is measured first, of a network that is small enough to be quick. */
const CUT = 'v=1&hidden=64-32&train=epochs:1,images:5000&measure=images:256&prune=amount:20';

const card = (page: Page): Locator => page.getByTestId('arithmetic');
const explained = (page: Page, key: string): Locator =>
  page.locator(`[data-explains="${key}"]`).first();

/** A network that is cut, with everything on the first screen measured. */
async function measured(lab: Lab, page: Page): Promise<void> {
  await lab.open(CUT);
  await lab.hasNetwork();
  for (const name of ['clean', 'transfer', 'adaptive', 'certified'] as const) {
    await lab.finished(name);
  }
  await expect(page.getByTestId('trajectory').locator('svg')).toBeVisible();
  await expect(explained(page, 'confused/0/0')).toBeAttached();
}

/** Elements that show a figure, of which none may go without an explanation. */
const FIGURES = [
  '.figure',
  '.figure .interval',
  '.digit',
  '.reading .muted',
  '.equation .effort',
  '.course .pair > :last-child',
  '.spark-of',
  '.network-figure',
  '.bars-plot .tick',
  '.history-table td.figure-cell .interval',
  '.heat rect.cell:not(.missing)',
];

test('no figure goes without an explanation', async ({ lab, page }) => {
  await measured(lab, page);
  for (const selector of FIGURES) {
    const [all, without] = await page.locator(selector).evaluateAll((elements) => {
      const has = (element: Element) =>
        element.closest('[data-explains]') ?? element.querySelector('[data-explains]');
      return [elements.length, elements.filter((each) => !has(each)).length];
    });
    expect(all, selector).toBeGreaterThan(0);
    expect(without, selector).toBe(0);
  }
});

/** Some of every part of the page; what a card holds is for the unit tests. */
const SHOWN = [
  'accuracy/certified',
  'taken',
  'delta',
  'output/9',
  'network',
  'layer/1',
  'gallery',
  'curve/clean/0',
  'sparsity/2',
  'confused/9/9',
];

test('cards open under the mouse, whole within the window', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await measured(lab, page);
  for (const key of SHOWN) {
    await explained(page, key).hover({ force: true });
    await expect(card(page), key).toHaveAttribute('data-key', key);
    const box = await card(page).boundingBox();
    expect(box?.x, key).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0), key).toBeLessThanOrEqual(1440);
    expect(box?.y, key).toBeGreaterThanOrEqual(0);
    expect((box?.y ?? 0) + (box?.height ?? 0), key).toBeLessThanOrEqual(900);
    await page.keyboard.press('Escape');
    await expect(card(page)).toHaveCount(0);
  }
});

test('every kind of figure that is on the page has a card', async ({ lab, page }) => {
  await measured(lab, page);
  await explained(page, 'accuracy/clean').click();
  await expect(card(page)).toBeVisible();
  const without = await page.evaluate(async () => {
    const kinds = new Map<string, Element>();
    for (const each of document.querySelectorAll('[data-explains]')) {
      const parts = each.getAttribute('data-explains')?.split('/') ?? [];
      // One of each kind, and each of those that are told apart by name.
      const kind = parts.filter((part) => !/^\d/.test(part)).join('/');
      if (!each.matches('input')) kinds.set(kind, each);
    }
    const missing: string[] = [];
    for (const [kind, element] of kinds) {
      element.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      await new Promise((drawn) => setTimeout(drawn, 60));
      const found = document.getElementById('arithmetic')?.getAttribute('data-key');
      if (found !== element.getAttribute('data-explains')) missing.push(kind);
    }
    return { kinds: kinds.size, missing };
  });
  expect(without.missing).toEqual([]);
  expect(without.kinds).toBeGreaterThan(25);
});

test('a card holds the very numbers of its figure, and nothing moves for it', async ({
  lab,
  page,
}) => {
  await measured(lab, page);
  const figure = lab.figure('adaptive');
  const before = await figure.boundingBox();
  const [correct, total, value] = await Promise.all(
    ['data-correct', 'data-total', 'data-value'].map((name) => figure.getAttribute(name)),
  );
  await figure.hover();
  await expect(card(page).locator('.value')).toContainText(`${value} %`);
  const share = card(page)
    .locator('mfrac')
    .filter({ hasText: `${correct}${total}` });
  await expect(share.first()).toBeVisible();
  await expect(card(page)).toContainText('Wilson 1927');
  await expect(card(page)).toContainText(`The first ${total} test images`);
  expect(await figure.boundingBox()).toEqual(before);
  // It can be pointed at itself, and stays.
  await card(page).locator('.cited a').first().hover();
  await page.waitForTimeout(400);
  await expect(card(page)).toBeVisible();
  await page.mouse.move(700, 5);
  await expect(card(page)).toHaveCount(0);
});

test('cards open, stay and close by keyboard', async ({ lab, page }) => {
  await measured(lab, page);
  const figure = lab.figure('clean');
  await lab.figure('transfer').focus();
  await page.keyboard.press('Shift+Tab');
  await expect(figure).toBeFocused();
  await expect(card(page)).toHaveAttribute('data-key', 'accuracy/clean');
  await expect(figure).toHaveAttribute('aria-describedby', 'arithmetic');
  await page.keyboard.press('Escape');
  await expect(card(page)).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(card(page)).toBeFocused();
  await expect(card(page)).toHaveAttribute('role', 'dialog');
  await page.keyboard.press('Escape');
  await expect(card(page)).toHaveCount(0);
  await expect(figure).toBeFocused();

  // Along a curve by arrow keys: from amount to amount, then to another line.
  const curve = page.locator('.outcome [data-walked]');
  await curve.focus();
  await expect(card(page)).toHaveAttribute('data-key', 'curve/clean/0');
  await page.keyboard.press('ArrowRight');
  await expect(card(page)).toHaveAttribute('data-key', /^curve\/clean\/(?!0$)/);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(card(page)).toHaveAttribute('data-key', /^curve\/(transfer|adaptive)\/0/);
  await page.keyboard.press('Tab');
  await expect(card(page)).toHaveCount(0);
});

test('a unit’s output is worked out for the image on screen', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await measured(lab, page);
  await lab.grid(0).focus();
  await page.keyboard.press('ArrowRight');
  const sum = page.getByTestId('unit-sum');
  await expect(sum).toContainText('on its adversarial example');
  await expect(sum).toContainText('the mean over images');
  await expect(sum).toContainText('Madaan, Shin & Hwang 2020');
  await page.keyboard.press('Escape');
  await expect(sum).toHaveCount(0);
  await explained(page, 'output/3').hover();
  await expect(card(page)).toContainText('adversarial image');
  await expect(card(page).locator('msup').first()).toBeVisible();
});

test('axe finds nothing in a card that is kept, in either scheme', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await measured(lab, page);
  await lab.figure('adaptive').click();
  await expect(card(page)).toHaveAttribute('data-kept', 'true');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await new AxeBuilder({ page }).include('#arithmetic').analyze();
    expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  }
});

test.describe('by touch', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('a tap opens a card and another one sends it away', async ({ lab, page }) => {
    await measured(lab, page);
    await lab.figure('clean').scrollIntoViewIfNeeded();
    await lab.figure('clean').tap();
    await expect(card(page)).toHaveAttribute('data-kept', 'true');
    const box = await card(page).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
    await card(page).getByRole('button', { name: 'Close' }).tap();
    await expect(card(page)).toHaveCount(0);
  });
});

test('a unit’s arithmetic opens by a key on its tile, and Escape leads back', async ({
  lab,
  page,
}) => {
  await lab.open(CUT);
  await lab.hasNetwork();
  await lab.grid(0).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('i');
  const dialog = page.getByRole('dialog', { name: 'Layer 1, unit 1' });
  await expect(dialog).toBeFocused();
  await expect(dialog).toHaveAttribute('data-key', 'unit/0/1');
  await page.keyboard.press('Escape');
  await expect(card(page)).toHaveCount(0);
  await expect(lab.grid(0)).toBeFocused();
});
