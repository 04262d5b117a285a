/** A visitor who does what comes to mind. */
import type { Locator, Page } from '@playwright/test';
import { LOUD, makeMortal, type Way } from '../e2e/chaos';
import { expect, Lab } from '../e2e/page';
import type { Seeded } from '../seeded';

/** What everything is measured at: a network that takes a moment, and nothing else open. */
const REFERENCE =
  'v=1&hidden=32-16&train=epochs:1,images:2000&measure=images:256&attack=method:fgsm';

/** Attacks that take moments on few images. */
const METHODS = ['fgsm', 'bim', 'pgd', 'mifgsm', 'deepfool', 'noise'];
const LESSONS = ['fool', 'inside', 'cut', 'illusion', 'enter', 'deletion', 'trust'];

export class Visitor {
  readonly lab: Lab;
  readonly #page: Page;
  readonly #random: Seeded;
  /** How often everything was done, and how often it could not be. */
  readonly done = new Map<string, number>();
  readonly missed = new Map<string, number>();
  /** Of pages that were opened besides. */
  readonly errors: string[] = [];

  constructor(page: Page, random: Seeded) {
    this.lab = new Lab(page);
    this.#page = page;
    this.#random = random;
  }

  readonly #acts: Record<string, () => Promise<unknown>> = {
    train: () => this.#train(),
    'train on': () => this.#button('+1 epoch').click(SOON),
    harden: () => this.#id('harden-button').click(SOON),
    attack: () =>
      this.#page
        .getByLabel('Method', { exact: true })
        .selectOption(this.#random.pick(METHODS), SOON),
    size: () => this.#id('eps-slider').fill((this.#random.below(60) / 200).toString(), SOON),
    amount: () => this.#slide(),
    press: () => this.lab.pressTile(0, this.#random.below(16), 32),
    undo: () => this.#id('undo').click(SOON),
    redo: () => this.#id('redo').click(SOON),
    look: () => this.lab.chooseImage(this.#random.below(12)),
    curve: () => this.#id(this.#random.chance(0.5) ? 'curve-size' : 'curve-amount').click(SOON),
    colours: () => this.#page.getByRole('button', { name: /^Colours: / }).click(SOON),
    share: () => this.#share(),
    lesson: () => this.#lesson(),
    files: () => this.#files(),
    kill: () => this.#kill(),
    cancel: () => this.#id('cancel-button').click({ timeout: 200 }),
  };

  /** So many times one is chosen among them all. */
  readonly #usual = [
    ...['train', 'train', 'train on', 'harden', 'attack', 'attack', 'size', 'size'],
    ...['amount', 'amount', 'press', 'press', 'press', 'undo', 'undo', 'redo', 'look', 'curve'],
    ...['colours', 'share', 'lesson', 'files', 'kill', 'cancel'],
  ];

  async open(): Promise<void> {
    // What is not there soon is not there now.
    this.#page.setDefaultTimeout(4000);
    await makeMortal(this.#page);
    await this.lab.open(REFERENCE);
    await this.lab.hasNetwork();
  }

  /** Does everything that there is to do, so that whatever comes later was there before. */
  async warmUp(): Promise<void> {
    for (const what of Object.keys(this.#acts)) await this.act(what);
  }

  /** Does anything; what is not possible just now is left. */
  async act(what = this.#random.pick(this.#usual)): Promise<void> {
    const count = (counts: Map<string, number>) => counts.set(what, (counts.get(what) ?? 0) + 1);
    try {
      await this.#acts[what]?.();
      count(this.done);
    } catch (error) {
      // That a network is not reproduced is no matter of the moment.
      if (!`${error}`.includes('Timeout')) throw error;
      count(this.missed);
    }
    await this.#page.waitForTimeout(this.#random.below(600));
  }

  /** Brings the page to where it is measured, whatever it is at. */
  async rest(): Promise<void> {
    const page = this.#page;
    await page.keyboard.press('Escape');
    const leave = this.#id('lesson-leave');
    if (await leave.isVisible()) await leave.click();
    // What is undone and done otherwise is forgotten, so the history is as long every time.
    await this.#id('return-1').dispatchEvent('click', {}, SOON);
    await page.evaluate((to) => location.assign(`#${to}`), REFERENCE);
    await this.#settled();
    await this.dismissed();
    await page.evaluate(() => scrollTo(0, 0));
    await expect.poll(() => page.evaluate(() => location.hash)).toContain('digest=');
  }

  /** Of problems there are none but what was asked for too soon, or lost every worker it had. */
  async dismissed(): Promise<void> {
    const notices = this.#page.getByTestId('notice');
    for (const sentence of await this.#page.locator('.notice.problem p').allTextContents()) {
      expect(sentence).toMatch(/so it was given up|try again in a moment|is not running/);
    }
    while ((await notices.count()) > 0) {
      await notices.first().getByRole('button', { name: 'Dismiss' }).click();
    }
  }

  async #settled(): Promise<void> {
    await expect(async () => {
      const again = this.#button('Start it again');
      if (await again.isVisible()) await again.click();
      const { ready, pending, quiet } = await this.#page.evaluate(() => window.chaos.status());
      expect({ ready, pending }).toEqual({ ready: true, pending: 0 });
      expect(quiet).toBeGreaterThan(1000);
    }).toPass({ timeout: 90_000, intervals: [100] });
  }

  #id(id: string): Locator {
    return this.#page.getByTestId(id).first();
  }

  #button(name: string): Locator {
    return this.#page.getByRole('button', { name, exact: true });
  }

  async #train(): Promise<void> {
    const random = this.#random;
    const settings = `epochs:${1 + random.below(2)},images:${1000 * (1 + random.below(4))}`;
    const hidden = random.pick(['32-16', '32', '32-8-8']);
    const to = `v=1&hidden=${hidden}&seed=${random.below(9)}&train=${settings}&measure=images:256`;
    await this.#page.evaluate((hash) => location.assign(`#${hash}`), to);
    if (random.chance(0.5)) await this.lab.hasNetwork();
  }

  async #slide(): Promise<void> {
    const slider = this.#id('amount-slider');
    const places = Array.from({ length: 4 }, () => this.#random.below(70));
    await slider.focus(SOON);
    await slider.evaluate((input: HTMLInputElement, to) => {
      for (const place of to) {
        input.value = `${place}`;
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, places);
  }

  /** Opens the link elsewhere, where it must reproduce; and once more when that is loaded anew. */
  async #share(): Promise<void> {
    await this.#settled();
    await this.dismissed();
    if ((await this.#page.getByTestId('grid-0').count()) === 0) return;
    const link = await this.lab.share();
    const other = await this.#page.context().newPage();
    const lab = new Lab(other);
    await other.goto(link);
    const reproduced = async () => {
      const verification = other.getByTestId('verification');
      await expect(verification).toHaveAttribute('data-phase', /same|differs/, { timeout: 60_000 });
      const phase = await verification.getAttribute('data-phase');
      if (phase !== 'same') throw new Error(`${link} is not reproduced.`);
    };
    await reproduced();
    await other.reload();
    await reproduced();
    this.errors.push(...lab.errors);
    await other.close();
  }

  async #lesson(): Promise<void> {
    await this.#id('lessons-button').click(SOON);
    await this.#id(`lesson-${this.#random.pick(LESSONS)}`).click(SOON);
    await this.#id('lesson-next').click(SOON);
    await this.#page.waitForTimeout(this.#random.below(1500));
    await this.#id('lesson-leave').click(SOON);
  }

  async #files(): Promise<void> {
    const page = this.#page;
    await this.#id('files-button').click(SOON);
    try {
      const what = this.#random.pick(['safetensors', 'npz', 'onnx', 'recipe', 'tables']);
      const [file] = await Promise.all([
        page.waitForEvent('download', { timeout: 5000 }),
        this.#id(`take-${what}`).click(SOON),
      ]);
      await file.delete();
    } finally {
      await page.keyboard.press('Escape');
    }
  }

  async #kill(): Promise<void> {
    const way = this.#random.pick<Way>(LOUD);
    const role = this.#random.pick(['lab', 'lab', 'pool'] as const);
    await this.#page.evaluate(
      (strike) => {
        window.chaos.arm([strike]);
        window.chaos.force();
      },
      { role, way, after: 0, ready: false },
    );
  }
}

const SOON = { timeout: 2000 };
