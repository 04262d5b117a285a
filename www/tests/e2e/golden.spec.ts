/**
 * Golden screenshots: what a visitor sees in twelve states, to a small tolerance. Everything on the
 * page is reproducible but clocks and the site's own address, which are masked, and the machine's
 * fonts: so they are compared in CI alone, whose machines are alike, or where `SECATEURS_GOLDEN` is
 * set. New ones are taken by
 * `npx playwright test golden --update-snapshots`.
 */
import type { Page } from '@playwright/test';
import { expect, type Lab, SMALL, test } from './page';

const compared = Boolean(process.env.CI || process.env.SECATEURS_GOLDEN);
/** So long nothing may have moved on the page before its picture is taken. */
const STILL_MS = 3_000;
const PRUNED = `${SMALL}&prune=amount:20`;
const sizes = {
  laptop: { width: 1440, height: 900 },
  tablet: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
};

interface State {
  name: string;
  device: keyof typeof sizes;
  scheme: 'light' | 'dark';
  link?: string;
  /** What stands for the whole address where the link is not all of it. */
  address?: string;
  /** What the visitor does before the picture. */
  act?: (lab: Lab, page: Page) => Promise<void>;
}

const STATES: readonly State[] = [
  { name: 'empty-laptop', device: 'laptop', scheme: 'light' },
  { name: 'empty-phone', device: 'phone', scheme: 'dark' },
  { name: 'trained-laptop', device: 'laptop', scheme: 'light', link: SMALL },
  { name: 'trained-laptop-dark', device: 'laptop', scheme: 'dark', link: SMALL },
  { name: 'pruned-laptop', device: 'laptop', scheme: 'light', link: PRUNED },
  { name: 'pruned-tablet-dark', device: 'tablet', scheme: 'dark', link: PRUNED },
  { name: 'pruned-phone', device: 'phone', scheme: 'light', link: PRUNED },
  {
    name: 'lessons-laptop',
    device: 'laptop',
    scheme: 'light',
    act: async (_, page) => {
      await page.getByTestId('lessons-button').click();
      await expect(page.getByTestId('lessons-list')).toBeVisible();
    },
  },
  { name: 'lesson-phone', device: 'phone', scheme: 'dark', link: 'v=1&lesson=fool&step=1' },
  { name: 'presenter-laptop', device: 'laptop', scheme: 'dark', link: `${PRUNED}&present=yes` },
  {
    name: 'class-tablet',
    device: 'tablet',
    scheme: 'light',
    link: SMALL,
    act: async (_, page) => {
      await page.getByTestId('share-button').click();
      await page.getByTestId('share-as-class').click();
      await expect(page.getByTestId('try-class')).toBeVisible();
    },
  },
  { name: 'embed', device: 'phone', scheme: 'light', address: `?embed=curve#${PRUNED}` },
];

test.describe('golden', { tag: '@long' }, () => {
  test.skip(!compared, 'screenshots are compared in CI, whose machines have the same fonts');
  for (const { name, device, scheme, link, address, act } of STATES) {
    test(name, async ({ lab, page }) => {
      await page.setViewportSize(sizes[device]);
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      if (address) await page.goto(`./${address}`);
      else if (link?.includes('present')) await page.goto(`./#${link}`);
      else await lab.open(link);
      if (link?.startsWith(SMALL) && !link.includes('present')) await settled(lab);
      await still(page);
      await act?.(lab, page);
      await page.mouse.move(0, 0);
      // How fast this machine was must not move what stands beside it.
      await page.getByTestId('clock').evaluateAll((clocks: HTMLElement[]) => {
        for (const { style } of clocks) style.inlineSize = '7rem';
      });
      await expect(page).toHaveScreenshot(`${name}.png`, {
        animations: 'disabled',
        caret: 'hide',
        mask: [page.getByTestId('clock'), page.getByTestId('class-link')],
        maxDiffPixelRatio: 0.002,
      });
    });
  }
});

/** Everything is measured. */
async function settled(lab: Lab): Promise<void> {
  await lab.hasNetwork();
  for (const figure of ['clean', 'transfer', 'adaptive', 'certified'] as const) {
    await lab.finished(figure);
  }
}

/** What is written on the page has stood still for a while. */
async function still(page: Page): Promise<void> {
  let before = '';
  let since = Date.now();
  await expect
    .poll(
      async () => {
        const now = await page.locator('body').innerText();
        if (now !== before) since = Date.now();
        before = now;
        return Date.now() - since;
      },
      { timeout: 45_000 },
    )
    .toBeGreaterThan(STILL_MS);
}
