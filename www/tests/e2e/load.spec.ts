/** How the page comes: what first, what later, and that nothing moves when it does. */
import { expect, SMALL, test } from './page';

const SECOND = '**/secateurs_second-*.wasm';

test('code comes before images, and the second half of the core after the first', async ({
  lab,
  page,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    const [, name = ''] = request.url().match(/\/(?:assets|data)\/([^/?]+)$/) ?? [];
    asked.push(`${request.resourceType()} ${name}`);
  });
  await lab.open();
  await expect(page.getByTestId('gallery')).toContainText('Choose one.');
  await expect.poll(() => asked.some((name) => name.includes('secateurs_second'))).toBe(true);
  const first = (part: string) => asked.findIndex((name) => name.includes(part));
  const images = first('manifest.json');
  for (const part of ['index-', '.css', 'secateurs_bg', 'worker-']) {
    expect(first(part), part).toBeGreaterThanOrEqual(0);
    expect(first(part), part).toBeLessThan(images);
  }
  expect(first('secateurs_second')).toBeGreaterThan(first('test-0.bin'));
  // Announced by the page itself, and fetched once, whoever needs it.
  expect(asked.filter((name) => name.includes('secateurs_bg'))).toHaveLength(1);
  // Nothing needed it in such a hurry that everything else had to wait.
  expect(asked.find((name) => name.includes('secateurs_second'))).toMatch(/^fetch /);
});

test('what needs the second half before any image came has it fetched', async ({ lab, page }) => {
  await page.route('**/data/**', () => {});
  const second = page.waitForResponse(SECOND);
  await lab.open();
  await page.getByRole('button', { name: 'Findings' }).click();
  expect((await second).ok()).toBe(true);
  await expect(page.locator('[data-testid^="finding-"]').first()).toBeVisible();
});

test('a second half that does not come is told, and fetched on a retry', async ({ lab, page }) => {
  let damaged = true;
  await page.route(SECOND, async (route) => {
    if (damaged) await route.fulfill({ contentType: 'application/wasm', body: 'damaged' });
    else await route.continue();
  });
  await lab.open(SMALL);
  // Training needs the first half only.
  await lab.hasNetwork();
  const notice = page.getByTestId('notice').filter({ hasText: 'arrived damaged' }).first();
  await expect(notice).toBeVisible();
  await expect(lab.figure('adaptive')).toHaveAttribute('data-done', 'false');
  damaged = false;
  await notice.getByRole('button', { name: 'Try again' }).click();
  await lab.finished('clean');
  await lab.finished('adaptive');
});

test('nothing moves while the page opens, trains and measures', async ({ lab, page }) => {
  await page.addInitScript(() => {
    const shifts: { value: number; what: string }[] = [];
    Object.assign(window, { shifts });
    type Shift = PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null }[];
    };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as Shift[]) {
        const name = ({ node }: { node: Node | null }) =>
          node instanceof Element ? node.className : (node?.parentElement?.className ?? '');
        if (!entry.hadRecentInput) {
          shifts.push({ value: entry.value, what: entry.sources.map(name).join(', ') });
        }
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await lab.open(SMALL);
  await lab.hasNetwork();
  await lab.finished('adaptive');
  const shifts = await page.evaluate(
    () => (window as unknown as { shifts: { value: number; what: string }[] }).shifts,
  );
  // A word that is centred may become another; whatever has a frame of its own stays.
  expect(shifts.filter(({ value }) => value > 0.005)).toEqual([]);
  expect(shifts.reduce((sum, { value }) => sum + value, 0)).toBeLessThan(0.01);
});
