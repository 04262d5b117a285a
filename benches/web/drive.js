// Runs one contender's page in headless Chromium: `node drive.js CONTENDER`. SECATEURS_URL is
// where the benchmark's pages are, SECATEURS_CHROMIUM the browser. The contender `site` is the
// finished page itself, opened anew for each request.
import { chromium } from 'playwright-core';
import { frames } from './frames.js';
import { serve } from './lines.js';
import { open } from './open.js';
import { visit } from './visit.js';

const contender = process.argv[2];
const address = process.env.SECATEURS_URL;
const browser = await chromium.launch({
  executablePath: process.env.SECATEURS_CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

async function asker() {
  if (contender === 'site') {
    const works = { start: visit, load: open, frames };
    return (request) => works[request.work](browser, address, request);
  }
  const page = await browser.newPage();
  // A peer's last words before it dies.
  page.on('pageerror', (error) => console.error(`${contender}: ${error.message}`));
  await page.goto(`${address}?contender=${contender}`);
  return (request) => page.evaluate((request) => window.ask(request), request);
}

try {
  await serve(`Chromium ${browser.version()}`, await asker());
} finally {
  await browser.close();
}
