// Opening the finished page over a slow line, and training with its first button.
import { slowLine } from './slowLine.js';

/** An ordinary line at home. */
const LINE = { megabits: 10, latency: 20 };

/** Opens the page with nothing cached; times in milliseconds from the first request on. */
export async function open(browser, address) {
  const line = await slowLine(address, LINE);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto(line.address);
    // The first network is there, with everything that comes along with it.
    await page.waitForSelector('[data-testid="grid-0"]', { timeout: 120_000 });
    await page.waitForTimeout(1000);
    return await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
      ...window.seen,
    }));
  } finally {
    await context.close();
    line.hangUp();
  }
}

/** Runs in the page before its own code: presses the button as soon as it can be pressed. */
function watch() {
  const seen = { interactive: 0, longest: 0, shift: 0 };
  window.seen = seen;
  const sum = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
    });
  sum('layout-shift', ({ value }) => {
    seen.shift += value;
  });
  sum('longtask', ({ duration }) => {
    seen.longest = Math.max(seen.longest, duration);
  });
  const named = (id) => document.querySelector(`[data-testid="${id}"]`);
  const look = () => {
    const button = named('train-button');
    if (button && !button.disabled) button.click();
    // It answered: what it started can be paused.
    if (named('pause-button')) seen.interactive = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
