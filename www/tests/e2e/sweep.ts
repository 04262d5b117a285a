/** The sweep as the tests see it: two criteria of pruning, under some seeds. */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { reach } from './page';

export class Sweep {
  readonly all: Locator;
  /** Starts it, and says in `data-phase` how far it has come. */
  readonly bar: Locator;
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
    this.all = page.getByTestId('sweep');
    this.bar = page.getByTestId('sweep-run');
  }

  /** Fills it in, ready to be started. */
  static async filledIn(page: Page, seeds: string): Promise<Sweep> {
    await reach(page, 'sweep');
    const sweep = new Sweep(page);
    await sweep.fill('Values of pruning: criterion', 'magnitude, random');
    await sweep.all.getByLabel('Columns').selectOption('');
    await sweep.fill('Seeds', seeds);
    return sweep;
  }

  async fill(label: string, values: string): Promise<void> {
    await this.all.getByLabel(label).fill(values);
    await this.all.getByLabel(label).press('Tab');
  }

  async press(name?: RegExp): Promise<void> {
    await this.bar.getByRole('button', { name }).click();
  }

  /** What it came to, a line for each of its networks, in the file that it offers. */
  async lines(): Promise<string[]> {
    const [download] = await Promise.all([
      this.#page.waitForEvent('download'),
      this.all.getByRole('button', { name: /JSON lines/ }).click(),
    ]);
    return (await readFile(await download.path(), 'utf8')).trim().split('\n');
  }
}
