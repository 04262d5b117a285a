/**
 * Workers die at random moments of any job, in every way that they can: the page comes back to the
 * same network and the same history, and says what happened. `SECATEURS_KILLS` says how many are
 * killed, `SECATEURS_SEED` when and how.
 */

import type { Page } from '@playwright/test';
import { Seeded } from '../seeded';
import { armAtStart, LOUD, makeMortal, type Status, type Strike, strikes } from './chaos';
import { expect, Lab, test } from './page';
import { Sweep } from './sweep';

const KILLS = Number(process.env.SECATEURS_KILLS ?? 25);
const SEED = Number(process.env.SECATEURS_SEED ?? 20_260);
const THOROUGH = KILLS > 100;
/** In the ordinary run few end in a way that takes seconds to be noticed. */
const SHARES = THOROUGH ? { silent: 0.2, early: 0.02 } : { silent: 0.1, early: 0 };
/** A history is walked from end to end after so many rounds. */
const WALK_EVERY = 30;
/** So long something may take that is to be struck; then it is struck as it is. */
const PATIENCE_MS = 700;
/** So long nobody may have waited for anything. */
const QUIET_MS = 450;
const WELL = { ready: true, unnoticed: 0, stopped: false, problem: null };
const DIGEST = /^(.*)&digest=([0-9a-f]{16})$/;
/** Longer ones take long to be walked. */
const LONGEST = 6;

const UNITS = 16;
const link = (seed: number) =>
  `v=1&hidden=${UNITS}-8&seed=${seed}&train=epochs:1,images:1000&measure=images:128&distortion=images:128`;

// A trace of so much would be most of the work.
test.use({ serviceWorkers: 'block', trace: 'off' });

/** What a visitor sees of the history. */
interface Seen {
  address: string;
  steps: string[];
  /** The step on screen; -1 before the first. */
  at: number;
  undo: boolean;
  redo: boolean;
  /** All figures are what they will be. */
  measured: boolean;
  /** The worker was given up, or something that it should have done. */
  stopped: boolean;
  problem: string | null;
  status: Status;
}

interface Entry {
  step: string;
  address: string | null;
}

/** A visitor whose workers die, and what the page should show: as if nobody had. */
class Visitor {
  readonly lab: Lab;
  readonly random: Seeded;
  /** Every step of the history, with its address once that was seen. */
  entries: Entry[] = [];
  /** What was on screen last. */
  #shown: Entry | undefined;
  at = -1;
  /** Digests by the rest of their addresses: the same recipe always makes the same network. */
  readonly digests = new Map<string, string>();
  /** What became of it all. */
  readonly counts = new Map<string, number>();
  kills = 0;
  /** What was done last. */
  #did = '';

  constructor(lab: Lab, random: Seeded) {
    this.lab = lab;
    this.random = random;
  }

  get #page() {
    return this.lab.page;
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  #seen(): Promise<Seen> {
    return this.#page.evaluate(() => {
      const id = (name: string) => document.querySelector(`[data-testid=${name}]`);
      const may = (name: string) => id(name)?.matches(':enabled') ?? false;
      const rows = [...document.querySelectorAll('[data-testid=history] tbody tr')];
      const figures = ['clean', 'transfer', 'adaptive'].map((name) => id(`figure-${name}`));
      return {
        address: location.hash,
        steps: rows.map((row) => row.querySelector('.words-cell button')?.textContent ?? ''),
        at: rows.findIndex((row) => row.hasAttribute('aria-current')),
        undo: may('undo'),
        redo: may('redo'),
        measured: figures.every((figure) => figure?.getAttribute('data-done') === 'true'),
        stopped: id('stopped') !== null,
        problem: document.querySelector('.notice.problem p')?.textContent ?? null,
        status: window.chaos.status(),
      };
    });
  }

  /** Presses what may be far down the page. */
  #press(id: string): Promise<void> {
    return this.#page.getByTestId(id).dispatchEvent('click');
  }

  /** What is seen now; presses what the page offers where it gave up. */
  async #look(): Promise<Seen> {
    const now = await this.#seen();
    if (now.stopped) {
      this.#count('stopped, and started again');
      await this.#pressAll('[data-testid=stopped] button');
    }
    if (now.problem !== null) {
      expect(now.problem).toMatch(/so it was given up|could not be read|is not running/);
      this.#count('given up, and tried again');
      await this.#pressAll('.notice.problem button');
    }
    return now;
  }

  /** Presses what is there at this moment, of a notice to try again and then to dismiss it. */
  async #pressAll(buttons: string): Promise<void> {
    await this.#page.evaluate((selector) => {
      for (const button of document.querySelectorAll<HTMLElement>(selector)) button.click();
    }, buttons);
  }

  /** Waits until the page has come back, or until nobody waits for anything at all. */
  async #back(to: 'figures' | 'quiet'): Promise<Seen> {
    let now = await this.#seen();
    await expect(async () => {
      now = await this.#look();
      const { at, measured, stopped, problem, status, address } = now;
      const { ready, unnoticed, pending, quiet } = status;
      expect({ ready, unnoticed, stopped, problem }).toEqual(WELL);
      if (to === 'quiet') expect(pending === 0 && quiet > QUIET_MS).toBe(true);
      // The address follows last.
      expect(at < 0 ? address === '' : measured && DIGEST.test(address)).toBe(true);
      const entry = this.entries[this.at];
      if (entry?.address) expect(address).toBe(entry.address);
      else if (entry && entry !== this.#shown) expect(address).not.toBe(this.#shown?.address);
    }).toPass({ timeout: 90_000, intervals: [100] });
    return now;
  }

  /** What the page shows must be what was done, as if nobody had died. */
  async compare(what: string, to: 'figures' | 'quiet' = 'figures'): Promise<void> {
    const { steps, at, undo, redo, address } = await this.#back(to);
    const end = this.entries.length - 1;
    const told = { steps: this.entries.map(({ step }) => step), at: this.at };
    expect({ steps, at, undo, redo }, what).toEqual({
      ...told,
      undo: this.at >= 0,
      redo: this.at < end,
    });
    const entry = this.entries[this.at];
    this.#shown = entry;
    if (!entry) return;
    entry.address ??= address;
    const [, recipe = '', digest = ''] = DIGEST.exec(address) ?? [];
    expect(this.digests.get(recipe) ?? digest, what).toBe(digest);
    this.digests.set(recipe, digest);
  }

  /** Does something; what makes a step returns true. */
  async #act(): Promise<boolean> {
    const { lab, random } = this;
    this.#did = `of ${this.entries.length} steps at ${this.at + 1}: `;
    const page = this.#page;
    const last = this.entries.length - 1;
    if (this.at < last && (this.at < 0 || random.chance(0.2))) {
      this.at += 1;
      this.#did += 'redo';
      await this.#press('redo');
      return false;
    }
    if (this.at >= LONGEST || (last >= 0 && random.chance(0.15))) {
      const to = random.below(Math.min(last + 1, 4));
      if (to === this.at) return false;
      this.at = to;
      this.#did += `return to ${to + 1}`;
      // The page as it opened is no step, but an entry.
      await this.#press(`return-${to + 1}`);
      return false;
    }
    if (this.at >= 0 && random.chance(0.2)) {
      this.at -= 1;
      this.#did += 'undo';
      await this.#press('undo');
      return false;
    }
    const what = this.at < 0 ? 2 : random.below(4);
    this.#did += ['a unit', 'an epoch', 'a link', 'the slider'][what];
    if (what === 0) await lab.pressTile(0, random.below(UNITS / 2), UNITS);
    else if (what === 1) await page.getByRole('button', { name: '+1 epoch', exact: true }).click();
    else if (what === 2) await this.#link();
    else await this.#slide();
    return true;
  }

  /** Opens another link on the page. */
  async #link(): Promise<void> {
    const shown = this.entries[this.at]?.address ?? '';
    const others = [0, 1, 2, 3].map(link).filter((each) => !shown.startsWith(`#${each}&digest`));
    await this.#page.evaluate((to) => location.assign(`#${to}`), this.random.pick(others));
  }

  /** Moves the slider over several places, and lets it go where it was not before. */
  async #slide(): Promise<void> {
    const slider = this.#page.getByTestId('amount-slider');
    const before = Number(await slider.inputValue());
    const to = (before + 1 + this.random.below(50)) % 60;
    await slider.evaluate(
      (input: HTMLInputElement, places) => {
        for (const place of places) {
          input.value = `${place}`;
          input.dispatchEvent(new Event('input', { bubbles: true }));
        }
        input.dispatchEvent(new Event('change', { bubbles: true }));
      },
      [70, 35, to],
    );
  }

  /** One round: strikes are armed, something is done, and all is as it should be. */
  async round(turn: number): Promise<void> {
    const armed = strikes(this.random, ['lab', 'lab', 'lab', 'pool', 'any'], SHARES);
    const { address: before } = await this.#seen();
    await this.#page.evaluate((plan) => window.chaos.arm(plan), armed);
    const made = await this.#act();
    const what = `round ${turn}, ${this.#did}, ${JSON.stringify(armed)}`;
    await this.#struck();
    if (made) {
      this.at += 1;
      // Known by its place and by another address; what it is called is the page's to say.
      await expect(async () => {
        const { at, address } = await this.#look();
        expect(at !== this.at || address === before).toBe(false);
      }, what).toPass({ timeout: 90_000, intervals: [100] });
      const { steps } = await this.#seen();
      const step = steps[this.at] ?? '';
      this.entries = [...this.entries.slice(0, this.at), { step, address: null }];
    }
    await this.compare(what);
    await this.#told();
  }

  /** The page is opened anew, and workers die while they start. */
  async reload(turn: number): Promise<void> {
    const page = this.#page;
    const armed = strikes(this.random, ['any', 'lab', 'pool'], SHARES);
    await armAtStart(page, armed);
    await page.reload();
    const what = `round ${turn}, reload, ${JSON.stringify(armed)}`;
    await this.#struck();
    // Kept on the device, the history comes back once its network is there.
    const told = { steps: this.entries.map(({ step }) => step), at: this.at };
    await expect(async () => {
      const { steps, at } = await this.#look();
      expect({ steps, at }, what).toEqual(told);
    }).toPass({ timeout: 90_000, intervals: [100] });
    await this.compare(what);
    await this.#told();
  }

  /** The page was opened with a link, and no worker has died yet. */
  async begun(): Promise<void> {
    // The address alone stands before the network does.
    await expect.poll(async () => (await this.#look()).at).toBeGreaterThanOrEqual(0);
    const { steps } = await this.#back('figures');
    this.entries = steps.map((step) => ({ step, address: null }));
    this.at = steps.length - 1;
  }

  /** Waits for the strikes. */
  async #struck(): Promise<void> {
    const armed = async () => (await this.#look()).status.armed;
    for (let left = await armed(); left > 0; left = await armed()) {
      await expect(async () => expect(await armed()).toBeLessThan(left))
        .toPass({ timeout: PATIENCE_MS, intervals: [100] })
        .catch(() => this.#page.evaluate(() => window.chaos.force()));
    }
  }

  /** A lab that was lost is told of in one sentence; of other workers nobody need know. */
  async #told(): Promise<void> {
    const { done, labsLost } = (await this.#seen()).status;
    this.kills += done.length;
    for (const way of done) this.#count(way);
    const notices = this.#page.getByTestId('notice');
    const sentences = await notices.locator('p').allTextContents();
    for (const sentence of sentences) expect(sentence).toMatch(/stopped and was replaced; /);
    if (sentences.length > 0) expect(labsLost).toBeGreaterThan(0);
    await this.#pressAll('.notice button');
  }

  /** Undo to the beginning, redo to the end, and back: every network is the one that it was. */
  async walk(): Promise<void> {
    const at = this.at;
    await this.compare('all quiet', 'quiet');
    const step = async (by: -1 | 1) => {
      this.at += by;
      await this.#press(by < 0 ? 'undo' : 'redo');
      await this.compare('walking');
    };
    while (this.at > 0) await step(-1);
    while (this.at < this.entries.length - 1) await step(1);
    while (this.at > at) await step(-1);
  }
}

test('a worker that never starts is given up, and started again when asked', async ({
  lab,
  page,
}) => {
  const script = /\/worker-[^/]*\.js$/;
  const broken = `throw new Error('It was not to be.');`;
  await page.route(script, async (route) => {
    await route.fulfill({ contentType: 'text/javascript', body: broken });
  });
  await lab.open(link(0));
  const stopped = page.getByTestId('stopped');
  await expect(stopped).toContainText(
    /could not be started\. \(.*It was not to be\..*\) Try again/,
  );
  await expect(page.getByTestId('train-button')).toBeDisabled();
  await page.unroute(script);
  await stopped.getByRole('button', { name: 'Start it again' }).click();
  await lab.hasNetwork();
  await expect(stopped).toBeHidden();
});

/** What a sweep over some seeds and criteria comes to, a line for each network. */
async function swept(page: Page, during: () => Promise<void>): Promise<string[]> {
  const sweep = await Sweep.filledIn(page, '0, 3, 5');
  await sweep.press();
  await during();
  // What killed three workers was given up, and is tried again when asked.
  await expect(async () => {
    const phase = await sweep.bar.getAttribute('data-phase');
    if (phase === 'failed') await sweep.press(/^Try again/);
    expect(phase).toBe('done');
  }).toPass({ timeout: 90_000, intervals: [500] });
  return (await sweep.lines()).sort();
}

test('trials come to the same though their workers die', { tag: '@long' }, async ({
  lab,
  page,
}) => {
  test.slow();
  await makeMortal(page);
  const address = `${link(0)}&prune=amount:10`;
  const strike = (way: Strike['way'], at: number): Strike => ({
    ...{ role: 'farm', way, after: 3 * at, ready: false },
  });
  await lab.open(address);
  await lab.hasNetwork();
  const struck = await swept(page, async () => {
    await page.evaluate((plan) => window.chaos.arm(plan), LOUD.map(strike));
    const armed = () => page.evaluate(() => window.chaos.status().armed);
    await expect(async () => {
      if ((await armed()) > 0) await page.evaluate(() => window.chaos.force());
      expect(await armed()).toBe(0);
    }).toPass({ intervals: [300] });
  });
  const { done } = await page.evaluate(() => window.chaos.status());
  expect(done.filter((each) => each.endsWith(' farm')).length).toBeGreaterThan(2);
  await page.reload();
  await lab.hasNetwork();
  expect(await swept(page, async () => {})).toEqual(struck);
  expect(struck).toHaveLength(6);
});

test('whatever kills workers, no network, history or position is lost', async ({
  lab,
  page,
  browser,
}) => {
  test.setTimeout(60_000 + 6000 * KILLS);
  console.log(`${KILLS} kills of seed ${SEED}`);
  await makeMortal(page);
  await lab.open(link(0));
  const visitor = new Visitor(lab, new Seeded(SEED));
  await visitor.begun();
  await visitor.compare('the beginning');
  for (let turn = 1; visitor.kills < KILLS; turn++) {
    if (visitor.random.chance(0.08)) await visitor.reload(turn);
    else await visitor.round(turn);
    if (turn % 10 === 0) console.log(`${visitor.kills} of ${KILLS} killed in ${turn} rounds`);
    if (turn % WALK_EVERY === 0) await visitor.walk();
  }
  await visitor.walk();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  for (const [what, times] of [...visitor.counts].sort()) console.log(`${times} × ${what}`);
  // What all this came to is what its link says, where nobody dies.
  const context = await browser.newContext();
  const other = new Lab(await context.newPage());
  await other.open(page.url());
  await expect(other.page.getByTestId('verification')).toHaveText(/Reproduced, bit for bit\./);
  expect(other.errors).toEqual([]);
  await context.close();
});
