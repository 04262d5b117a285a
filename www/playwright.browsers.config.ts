/** The visits in other browsers: Playwright only runs them, it starts no browser of its own. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/browsers',
  outputDir: 'test-results/browsers',
  workers: 1,
  timeout: 120_000,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: { baseURL: process.env.SECATEURS_URL ?? 'http://localhost:4173/' },
});
