// From opening the finished page to the first batch it trained.

/** The default training, as a link asks for it. */
const LINK = '#v=1&train';

/** Opens the page with nothing cached. */
export async function visit(browser, address) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const network = await context.newCDPSession(page);
    let bytes = 0;
    // Workers fetch the images, and their traffic is told to sessions of their own.
    page.on('requestfinished', async (request) => {
      const { responseBodySize, responseHeadersSize } = await request.sizes();
      bytes += responseBodySize + responseHeadersSize;
    });
    await page.addInitScript(watchWorkers);
    await page.goto(address + LINK);
    const milliseconds = await page.evaluate(() => window.firstBatch);
    await network.detach();
    return { milliseconds, bytes };
  } finally {
    await context.close();
  }
}

/** Runs in the page before its own code: hears of the first progress of a training. */
function watchWorkers() {
  window.firstBatch = new Promise((resolve) => {
    window.Worker = class extends Worker {
      constructor(...args) {
        super(...args);
        this.addEventListener('message', ({ data }) => {
          if (data.kind === 'progress' && data.progress.imagesDone > 0) resolve(performance.now());
        });
      }
    };
  });
}
