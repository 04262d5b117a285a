/** The soak: one visitor for as long as `SECATEURS_SOAK_SECONDS` says. */
import { defineConfig } from '@playwright/test';
import plain from './playwright.config.ts';

export default defineConfig({
  ...plain,
  testDir: 'tests/soak',
  outputDir: 'test-results/soak',
  // A trace of an hour would be what fills the memory.
  use: { ...plain.use, trace: 'off', acceptDownloads: true },
});
