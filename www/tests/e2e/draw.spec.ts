/** The visitor's own digit: drawn, read, attacked. */
import AxeBuilder from '@axe-core/playwright';
import { expect, Lab, SMALL, test } from './page';

const SEVEN: [number, number][] = [
  [0.25, 0.25],
  [0.72, 0.22],
  [0.52, 0.55],
  [0.45, 0.85],
];

test('a digit drawn with the mouse is read and attacked while it is drawn', async ({
  lab,
  page,
}) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await page.getByTestId('eps-slider').fill('0.3');
  await page.getByTestId('draw-button').click();
  await expect(page.getByText('it is read and attacked as you draw')).toBeVisible();
  const status = page.getByTestId('drawing-status');
  // The pen is still down.
  await lab.draw(SEVEN, false);
  await expect(status).toContainText('Read as 7, attacked as');
  await page.mouse.up();
  await expect(page.getByTestId('surface')).toHaveAttribute('data-strokes', '1');
  const read = await lab.adversarial.getAttribute('data-read');
  expect(read).not.toBe('7');
  await expect(status).toContainText(`attacked as ${read}.`);
  await expect(page.getByTestId('draw-button')).toContainText(`7 → ${read}`);
  // The way of the attack on it can be walked, too.
  await page.getByTestId('scrubber').press('Home');
  await expect(lab.adversarial).toHaveAttribute('data-step', '0');

  await lab.draw([
    [0.3, 0.5],
    [0.7, 0.5],
  ]);
  await expect(page.getByTestId('surface')).toHaveAttribute('data-strokes', '2');
  await page.getByRole('button', { name: 'Undo stroke' }).click();
  await expect(page.getByTestId('surface')).toHaveAttribute('data-strokes', '1');
  await expect(status).toContainText('Read as 7');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByText('it is read and attacked as you draw')).toBeVisible();
  await expect(lab.adversarial).toBeHidden();

  // A test image puts the drawing aside.
  await lab.chooseImage(3);
  await expect(page.getByTestId('draw')).toBeHidden();
  await expect(lab.adversarial).toBeVisible();
});

test('a digit can be drawn with the keyboard alone', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.hasNetwork();
  await page.getByTestId('draw-button').focus();
  await page.keyboard.press('Enter');
  const surface = page.getByTestId('surface');
  await expect(surface).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(surface.locator('circle')).toBeVisible();
  await page.keyboard.press('Space');
  for (let step = 0; step < 14; step += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(surface).toHaveAttribute('data-strokes', '1');
  await expect(page.getByTestId('drawing-status')).toContainText('Read as 1');
  await page.keyboard.press('Backspace');
  await expect(surface).toHaveAttribute('data-strokes', '0');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('draw')).toBeHidden();
  await expect(page.getByTestId('draw-button')).toBeFocused();
});

test('before there is a network the drawing waits for one', async ({ lab, page }) => {
  await lab.open();
  await lab.chooseSmall();
  await page.getByTestId('draw-button').click();
  await lab.draw(SEVEN);
  await expect(page.getByText('There is no network to read it yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Train one' }).click();
  await expect(page.getByTestId('drawing-status')).toContainText('Read as 7', { timeout: 30_000 });
});

test('on a phone a finger draws, and the equation stays in sight', async ({ browser }) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  const lab = new Lab(page);
  await lab.open(SMALL);
  await lab.hasNetwork();
  await page.getByTestId('draw-button').tap();
  const box = await page.getByTestId('surface').boundingBox();
  if (!box) throw new Error('There is nothing to draw on.');
  const fingers = await context.newCDPSession(page);
  const at = ([x, y]: [number, number]) => ({
    x: box.x + x * box.width,
    y: box.y + y * box.height,
  });
  const [first = [0, 0], ...rest] = SEVEN;
  // What is above may grow meanwhile; what is looked at must not move.
  const top = async () => (await page.locator('.equation').boundingBox())?.y ?? Number.NaN;
  const before = await top();
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(first)] });
  for (const point of rest) {
    await fingers.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at(point)] });
  }
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(page.getByTestId('drawing-status')).toContainText('Read as 7');
  // Drawing is not scrolling.
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
  await expect(page.getByTestId('surface')).toHaveAttribute('data-strokes', '1');
  await expect(lab.adversarial).toBeInViewport();
  const sheet = await page.getByTestId('draw').boundingBox();
  const picture = await lab.adversarial.boundingBox();
  expect((picture?.y ?? 0) + (picture?.height ?? 0)).toBeLessThan(sheet?.y ?? 0);
  expect(lab.errors).toEqual([]);
  await context.close();
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]) {
  test(`axe finds nothing where one draws, ${viewport.width} px wide`, { tag: '@long' }, async ({
    lab,
    page,
  }) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await lab.open(SMALL);
    await lab.hasNetwork();
    await page.getByTestId('draw-button').click();
    await lab.draw(SEVEN);
    await expect(page.getByTestId('drawing-status')).toBeVisible();
    await page.getByTestId('scrubber').fill('2');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
}
