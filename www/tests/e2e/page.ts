/** The page as the tests see it: what a visitor does, by the names in README.md. */
import { test as base, expect, type Locator, type Page } from '@playwright/test';

/** A small training, quick on two cores: 5,000 images, one epoch, few images measured. */
export const SMALL = 'v=1&train=epochs:1,images:5000&measure=images:512';

export class Lab {
  readonly page: Page;
  /** What the page logged as an error, threw, did against its policy, or asked of another origin. */
  readonly errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    // Those that the test opens itself, on this machine.
    const own = new Set<string>();
    page.context().on('request', (request) => {
      const { protocol, hostname, origin, href } = new URL(request.url());
      if (request.isNavigationRequest() && hostname === 'localhost') own.add(origin);
      const leaves = /^(https?|wss?):$/.test(protocol) && !own.has(origin);
      if (leaves) this.errors.push(`A request to another origin: ${href}`);
    });
    void page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        console.error(`Against the policy: ${event.violatedDirective}, ${event.blockedURI}`);
      });
    });
  }

  /** Opens the page, with a link or without. */
  async open(link = ''): Promise<void> {
    // A change of the fragment alone would not load the page anew.
    await this.page.goto('about:blank');
    await this.page.goto(link === '' || link.includes('://') ? link || './' : `./#${link}`);
    await expect(this.page.getByTestId('undo')).toBeVisible();
  }

  /** Sets the controls for a training that takes a second. */
  async chooseSmall(): Promise<void> {
    await this.unfold('Train');
    await this.set('Epochs', '1');
    await this.set('Training images', '5000');
  }

  /** Opens the settings of a panel that are seldom needed. */
  async unfold(panel: string): Promise<void> {
    const button = this.page.getByRole('button', { name: `All settings of ${panel}` });
    if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
  }

  /** Types a number into the first control of that label. */
  async set(label: string, value: string): Promise<void> {
    const field = this.page.getByLabel(label, { exact: true }).first();
    await field.fill(value);
    await field.press('Tab');
  }

  async train(): Promise<void> {
    await this.page.getByTestId('train-button').click();
    await this.hasNetwork();
  }

  async hasNetwork(): Promise<void> {
    await expect(this.page.getByTestId('grid-0')).toBeVisible({ timeout: 30_000 });
  }

  async chooseImage(index: number): Promise<void> {
    await this.page.getByTestId('gallery').locator(`[data-index="${index}"]`).click();
  }

  figure(name: 'clean' | 'transfer' | 'adaptive' | 'certified'): Locator {
    return this.page.getByTestId(`figure-${name}`);
  }

  async finished(name: 'clean' | 'transfer' | 'adaptive' | 'certified'): Promise<number> {
    await expect(this.figure(name)).toHaveAttribute('data-done', 'true', { timeout: 40_000 });
    return Number(await this.figure(name).getAttribute('data-value'));
  }

  grid(layer: number): Locator {
    return this.page.getByTestId(`grid-${layer}`);
  }

  async pruned(layer: number): Promise<number[]> {
    const list = (await this.grid(layer).getAttribute('data-pruned')) ?? '';
    return list === '' ? [] : list.split(',').map(Number);
  }

  /** Presses the tile of a unit; tiles are drawn, so by its place. */
  async pressTile(layer: number, unit: number, units: number): Promise<void> {
    const grid = this.grid(layer);
    const columns = Number(await grid.getAttribute('data-columns'));
    const box = await grid.boundingBox();
    if (!box) throw new Error('The grid is not on the page.');
    const rows = Math.ceil(units / columns);
    const x = ((unit % columns) + 0.5) * (box.width / columns);
    const y = (Math.floor(unit / columns) + 0.5) * (box.height / rows);
    await grid.click({ position: { x, y } });
  }

  /** Draws one stroke with the mouse, through points in widths of the surface. */
  async draw(points: [number, number][], lift = true): Promise<void> {
    const box = await this.page.getByTestId('surface').boundingBox();
    if (!box) throw new Error('There is nothing to draw on.');
    const { mouse } = this.page;
    for (const [at, [x, y]] of points.entries()) {
      await mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: at > 0 ? 6 : 1 });
      if (at === 0) await mouse.down();
    }
    if (lift) await mouse.up();
  }

  /** The adversarial image of the equation: `data-read` and, while one is looked at, `data-step`. */
  get adversarial(): Locator {
    return this.page.getByTestId('adversarial');
  }

  /** The link in the share dialog. */
  async share(): Promise<string> {
    await this.page.getByTestId('share-button').click();
    const field = this.page.getByTestId('share-link');
    await expect(field).toHaveValue(/#v=1.*digest=[0-9a-f]{16}/);
    const link = await field.inputValue();
    await this.page.keyboard.press('Escape');
    return link;
  }
}

/** Any of these errors fails the test. */
export const test = base.extend<{ lab: Lab }>({
  lab: async ({ page }, use) => {
    const lab = new Lab(page);
    await use(lab);
    expect(lab.errors).toEqual([]);
  },
});

export { expect };

/** Sections are fetched as they come near. */
export async function reach(page: Page, id: string): Promise<void> {
  await expect(async () => {
    await page.evaluate(() => document.querySelector('.trials.later')?.scrollIntoView());
    await expect(page.locator(`#${id}`)).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.locator(`#${id}`).scrollIntoViewIfNeeded();
}
