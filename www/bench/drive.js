// Runs worker.js in headless Chromium and prints what it measured: see xtask/src/bench.rs.
import { chromium } from '@playwright/test';

const browser = await chromium.launch({
  executablePath: process.env.SECATEURS_CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  const page = await browser.newPage();
  await page.goto(process.env.SECATEURS_URL ?? '');
  const { measured, failed } = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const worker = new Worker('worker.js', { type: 'module' });
        worker.onmessage = (event) => resolve(event.data);
        worker.onerror = (event) => resolve({ failed: event.message });
      }),
  );
  if (failed) throw new Error(failed);
  const round = (value) => Math.round(value).toLocaleString('en');
  console.log(`training               ${round(measured.trainingImagesPerSecond)} images/s`);
  console.log(`attack                 ${round(measured.attackImageStepsPerSecond)} image-steps/s`);
  console.log(
    `first score            ${measured.firstScore.toFixed(1)} ms over ${round(measured.images)} images`,
  );
  measured.layers.forEach(({ median, max }, layer) => {
    const name = `one unit of layer ${layer + 1}`.padEnd(22);
    console.log(`${name} ${median.toFixed(1)} ms median, ${max.toFixed(1)} ms at most`);
  });
} catch (error) {
  console.error(`The benchmark failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
