/** What a stranger's link may do: change the lab, and nothing else. */
import type { Page } from '@playwright/test';
import { expect, SMALL, test } from './page';

const MARKUP = '<img src=x onerror="window.run=1"><script>window.run=1</script>';

/** Each is refused in one sentence. */
const REFUSED = [
  'garbage',
  'v=99&train=epochs:1',
  'v=1&train=epochs:1e99',
  'v=1&hidden=99999999-99999999',
  'v=1&train=epochs:-1',
  'v=1&cut=!!!!',
  `v=1&prune=by:${MARKUP}`,
  `v=1&hidden=${'9-'.repeat(5000)}1`,
  'v=1&__proto__=x&constructor=y',
  'v=1&train=__proto__:1',
  'v=1&attack=constructor:prototype',
  '%E0%A4%A',
  `v=1&seed=${'%25'.repeat(2000)}41`,
  'v=1&digest=zz',
  `v=1&lesson=${MARKUP}`,
  `v=1&task=${encodeURIComponent(MARKUP)}`,
  `v=1&hide=${MARKUP}`,
  'v=1&file=javascript:window.run=1',
  'javascript:window.run=1',
  'data:text/html,<script>window.run=1</script>',
];

/** What no link may bring: everything that runs, loads or leads elsewhere, and what runs had left. */
const foreign = (page: Page) =>
  page.evaluate(() => ({
    run: 'run' in window || 'x' in {},
    elements: document.querySelectorAll(
      'script:not([src]), iframe, object, embed, base, form, meta[http-equiv="refresh"], [onerror], [onload], img, a[href^="javascript:"], a[href^="data:"]',
    ).length,
  }));

/** What the page and whoever else is at this address had kept, before and after. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const all = (storage: Storage) => Object.entries(storage).sort();
    const opened = indexedDB.open('stranger');
    const value = await new Promise((resolve) => {
      opened.onupgradeneeded = () => {
        opened.result.createObjectStore('kept').put('mine', 'key');
      };
      opened.onsuccess = () => {
        const asked = opened.result.transaction('kept').objectStore('kept').get('key');
        asked.onsuccess = () => {
          opened.result.close();
          resolve(asked.result);
        };
      };
    });
    return [all(localStorage), all(sessionStorage), value];
  });

test('a hostile link is refused in a sentence, and changes nothing', async ({ lab, page }) => {
  await lab.open(REFUSED[0]);
  const led: string[] = [];
  page.on('framenavigated', (frame) => led.push(frame.url().split('#')[0] ?? ''));
  page.context().on('page', (opened) => led.push(opened.url()));
  await page.evaluate(() => {
    localStorage.setItem('stranger', 'mine');
    sessionStorage.setItem('stranger', 'mine');
  });
  const [before, address] = [await kept(page), page.url().split('#')[0]];
  const notice = page.getByTestId('notice');
  for (const link of REFUSED) {
    await page.evaluate((fragment) => {
      location.hash = fragment;
    }, link);
    await expect(notice, link).toHaveCount(1);
    await expect(notice, link).toContainText(/\.(Dismiss)?$/);
    await expect.poll(() => new URL(page.url()).hash, link).toBe('');
    expect(await foreign(page), link).toEqual({ run: false, elements: 0 });
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await expect(notice).toHaveCount(0);
  }
  await expect(page.getByTestId('train-button')).toBeEnabled();
  expect(await kept(page)).toEqual(before);
  expect(new Set(led)).toEqual(new Set([address]));
});

test('a link changes the lab, and neither what is kept nor where the page is', async ({
  lab,
  page,
}) => {
  await lab.open();
  await page.evaluate(() => localStorage.setItem('stranger', 'mine'));
  const before = await kept(page);
  const all = `${SMALL}&present=no&hide=race&lock=train&task=clean:10&score=5&image=3&digest=0123456789abcdef`;
  await lab.open(all);
  await lab.hasNetwork();
  await expect(page.getByTestId('task')).toBeVisible();
  expect(await foreign(page)).toEqual({ run: false, elements: 0 });
  const [local] = (await kept(page)) as [[string, string][]];
  for (const entry of before[0] as [string, string][]) expect(local).toContainEqual(entry);
  expect(page.context().pages()).toHaveLength(1);
});
