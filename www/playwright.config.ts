import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const address = process.env.SECATEURS_URL;
const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const chromium = process.env.SECATEURS_CHROMIUM ?? installed.find((path) => existsSync(path));

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  snapshotPathTemplate: '{testDir}/golden/{arg}{ext}',
  // Every page trains on all the cores it finds: two at once would only measure each other.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  // A shared machine may halt for seconds; what fails twice has failed.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  use: {
    baseURL: address ?? 'http://localhost:4173/',
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      // What Chromium needs where the tests run as root, in a container, without a display.
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    },
  },
  ...(address
    ? {}
    : {
        webServer: {
          command: 'npx vite preview --port 4173 --strictPort',
          url: 'http://localhost:4173/',
          reuseExistingServer: true,
        },
      }),
});
