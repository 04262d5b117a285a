/** Lessons: a visitor predicts, does, sees, leaves and comes back. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, SMALL, test } from './page';

/** A lesson trains on all images, and measures on a thousand. */
const MEASURED = { timeout: 40_000 };

const panel = (page: Page) => page.getByTestId('lesson');
const reveal = (page: Page) => page.getByTestId('reveal');

/** Opens the list from the header, and a lesson from there. */
async function choose(page: Page, name: string): Promise<void> {
  await page.getByTestId('lessons-button').click();
  await page.getByTestId(`lesson-${name}`).click();
  await expect(panel(page)).toHaveAttribute('data-lesson', name);
  await expect(panel(page).getByRole('heading', { level: 2 })).toBeVisible();
}

const next = (page: Page) => page.getByTestId('lesson-next').click();

async function predict(page: Page, value: string): Promise<void> {
  await page.getByTestId('predict-number').fill(value);
  await page.getByTestId('predict').click();
}

/** Draws across the axes of a prediction, from the top left to the bottom right. */
async function drawCurve(page: Page): Promise<void> {
  const axes = page.getByTestId('prediction').locator('svg');
  await axes.scrollIntoViewIfNeeded();
  const box = await axes.boundingBox();
  if (!box) throw new Error('There are no axes to draw on.');
  const at = (part: number): [number, number] => [
    box.x + box.width * (0.11 + 0.85 * part),
    box.y + box.height * (0.15 + 0.6 * part),
  ];
  await page.mouse.move(...at(0));
  await page.mouse.down();
  await page.mouse.move(...at(1), { steps: 25 });
  await page.mouse.up();
}

test('the first lesson, from the invitation to its end', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  // Two trainings on all images, the second after the page is loaded anew.
  test.slow();
  await lab.open();
  await page.getByRole('button', { name: 'The first lesson' }).click();
  await expect(panel(page)).toHaveAttribute('data-lesson', 'fool');
  await predict(page, '80');
  await expect(reveal(page)).toBeHidden();
  // By hand, in the lab.
  await page.getByTestId('train-button').click();
  await expect(reveal(page)).toContainText('95.9', MEASURED);
  await expect(reveal(page)).toContainText('better than you gave it credit for');
  await expect(page.getByTestId('task')).toHaveAttribute('data-done', 'true');
  await expect(lab.figure('clean')).toHaveAttribute('data-value', '95.9');
  // A later step asks for it.
  await expect(lab.figure('adaptive')).toHaveAttribute('data-value', '');

  await next(page);
  await expect(page.locator('.output')).toBeHidden();
  await page.getByLabel('It still reads a 7.').check();
  await page.getByTestId('predict').click();
  await expect(reveal(page)).toContainText('Not this time', MEASURED);
  await expect(lab.adversarial).toHaveAttribute('data-read', '3');

  await next(page);
  await predict(page, '50');
  await expect(lab.figure('adaptive')).not.toHaveAttribute('data-value', '90.0');
  await page.getByTestId('do-it').click();
  await expect(reveal(page)).toContainText('90.0', MEASURED);

  await next(page);
  await predict(page, '2');
  await page.getByLabel('Method', { exact: true }).first().selectOption('pgd');
  await expect(reveal(page)).toContainText('Yes: 1.3 of a hundred', MEASURED);

  await next(page);
  await drawCurve(page);
  await page.getByTestId('predict').click();
  await page.getByTestId('curve-size').click();
  await expect(reveal(page)).toContainText('It falls sooner than you drew it', MEASURED);

  // Loaded anew: the same step, the same network, what was predicted beside what was measured.
  await expect(page).toHaveURL(/lesson=fool&step=5&digest=/);
  await page.reload();
  await expect(reveal(page)).toContainText('It falls sooner than you drew it', MEASURED);
  await expect(lab.grid(0)).toBeVisible(MEASURED);
  await page.getByTestId('lesson-back').click();
  await expect(reveal(page)).toContainText('Yes: 1.3 of a hundred');
  await next(page);
  await next(page);
  await expect(page.getByTestId('lesson-end')).toContainText('Ilyas et al. 2019');
  await page.getByTestId('lesson-stay').click();
  await expect(panel(page)).toBeHidden();
  await expect(page).not.toHaveURL(/lesson=/, MEASURED);
  await page.getByTestId('lessons-button').click();
  await expect(page.getByTestId('lesson-fool')).toContainText('done');
});

test('leaving brings back what the visitor had, undo and redo included', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await page.getByTestId('amount-slider').fill('30');
  await expect.poll(async () => (await lab.pruned(0)).length).toBe(38);
  await page.getByTestId('undo').click();
  await expect.poll(async () => (await lab.pruned(0)).length).toBe(0);
  // The address follows a little later.
  await expect(page).toHaveURL(/images:5000(?!.*prune=)/);
  const link = page.url();

  await choose(page, 'inside');
  await expect(page).toHaveURL(/lesson=inside/);
  await expect(page).not.toHaveURL(/images:5000/, MEASURED);
  await page.getByTestId('lesson-leave').click();
  await expect(page).toHaveURL(link);
  // What was undone can still be done again.
  await page.getByTestId('redo').click();
  await expect.poll(async () => (await lab.pruned(0)).length).toBe(38);

  // A page that is loaded anew in the middle of a lesson still knows it.
  await expect(page).toHaveURL(/prune=amount:30/);
  const cut = page.url();
  await choose(page, 'inside');
  await expect(page).not.toHaveURL(/images:5000/, MEASURED);
  await expect(page).toHaveURL(/lesson=inside.*digest=/, MEASURED);
  await page.reload();
  await expect(panel(page)).toBeVisible();
  await lab.hasNetwork();
  await page.getByTestId('lesson-leave').click();
  await expect(page).toHaveURL(cut, MEASURED);
});

test('every lesson opens with a question, and an answer comes without a prediction', {
  tag: '@long',
}, async ({ lab, page }) => {
  test.slow();
  // Their trainings are long in sum; what they come to is tested natively.
  for (const name of ['cut', 'illusion', 'enter', 'deletion', 'trust', 'inside']) {
    await lab.open(`v=1&lesson=${name}&step=1`);
    await expect(panel(page)).toHaveAttribute('data-lesson', name);
    await expect(page.getByTestId('prediction')).toBeVisible();
  }
  await page.getByTestId('show-without').click();
  await expect(page.getByTestId('prediction')).toBeHidden();
  await expect(reveal(page)).toContainText('theirs', MEASURED);
  await expect(reveal(page)).not.toContainText('you said');
});

test('links name a lesson and a step; what they may not name is said in one sentence', async ({
  lab,
  page,
}) => {
  await lab.open('v=1&lesson=deletion&step=2');
  await expect(panel(page).getByRole('heading', { level: 2 })).toHaveText('How a mask is learned');
  await lab.open('v=1&lesson=magic');
  await expect(page.getByTestId('notice')).toContainText('Lesson must be one of none, fool');
  await expect(panel(page)).toBeHidden();
  // Past the last step is the end.
  await lab.open('v=1&lesson=fool&step=20');
  await expect(page.getByTestId('lesson-end')).toBeVisible();
});

test('by keyboard alone, folded and forgotten', { tag: '@long' }, async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await page.getByTestId('lessons-button').press('Enter');
  await page.getByTestId('lesson-cut').press('Enter');
  const point = page.getByTestId('prediction').getByRole('slider').last();
  await point.press('End');
  await point.press('PageDown');
  await expect(point).toHaveAttribute('aria-valuenow', '90');
  await page.getByTestId('predict').press('Enter');
  await page.getByTestId('lesson-next').press('Enter');
  await expect(panel(page).getByRole('heading', { level: 2 })).toBeFocused();
  await page.getByTestId('lesson-fold').press('Enter');
  await expect(page.getByTestId('lesson-next')).toBeHidden();
  await page.getByTestId('lesson-fold').press('Enter');
  await page.getByTestId('lessons-button').press('Enter');
  await expect(page.getByTestId('lesson-cut')).toContainText('2 of 4, resume');
  await page.getByTestId('forget').press('Enter');
  await expect(page.getByTestId('lesson-cut')).toContainText('4 min');
  expect(await page.evaluate(() => localStorage.getItem('secateurs-lessons'))).toBeNull();
});

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
for (const [device, colorScheme] of [
  ['desktop', 'dark'],
  ['phone', 'light'],
] as const) {
  test(`axe finds nothing in a lesson: ${device}, ${colorScheme}`, { tag: '@long' }, async ({
    lab,
    page,
  }) => {
    await page.setViewportSize(sizes[device]);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
    };
    await lab.open('v=1&lesson=fool&step=1');
    await expect(page.getByTestId('prediction')).toBeVisible();
    expect(await found()).toEqual([]);
    await predict(page, '64');
    await page.getByTestId('do-it').click();
    await expect(reveal(page)).toBeVisible(MEASURED);
    expect(await found()).toEqual([]);
    for (const step of [2, 5]) {
      await lab.open(`v=1&lesson=fool&step=${step}`);
      await expect(page.getByTestId('prediction')).toBeVisible();
      expect(await found()).toEqual([]);
    }
    if (device === 'phone') await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByTestId('lessons-button').click();
    await expect(page.getByTestId('lesson-fool')).toBeVisible();
    expect(await found()).toEqual([]);
  });
}
