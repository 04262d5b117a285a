import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Controls, emptyRecipe } from '../../../src/engine/defaults';
import { networkKey } from '../../../src/engine/keys';
import { bringBack, own } from '../../../src/engine/own';
import { withMoreTraining } from '../../../src/engine/recipes';
import { aside, lesson } from '../../../src/lessonState';
import * as state from '../../../src/state';
import { offer } from '../../../src/storageState';
import { links } from '../engine/fakes';
import { forge } from './fakes';
import {
  Browser,
  close,
  cut,
  did,
  go,
  kept,
  keys,
  load,
  type Page,
  steps,
  trained,
  until,
} from './pages';

// Nothing is waited for that a visitor would not notice.
vi.mock('../../../src/engine/frame', async (original) => {
  const frame = await original<typeof import('../../../src/engine/frame')>();
  return { ...frame, settled: (work: () => void) => frame.settled(work, 10) };
});

// Each loads a page or two; a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => go('/'));
afterEach(close);

/** Moves some controls of a group. */
function choose<G extends 'train' | 'measure' | 'distortion'>(
  { session }: Page,
  group: G,
  values: Partial<Controls[G]>,
): void {
  const before = state.controls.peek();
  state.controls.value = { ...before, [group]: { ...before[group], ...values } };
  session.measuresChanged();
}

/** Long enough for whatever does not wait for something. */
const moment = () => new Promise((resolve) => setTimeout(resolve, 100));

describe('a page that is loaded anew', () => {
  it('has its history again, with what was undone, and its names', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    await did(before, trained(), cut(1), cut(2));
    before.session.move(-1);
    state.stepNames.value = new Map([[networkKey(cut(2)), 'mine']]);
    await until(() => before.session.settled);
    await kept(before);
    const after = await load(browser, before.memory);
    await after.begun;
    expect(steps()).toEqual(keys(emptyRecipe(), trained(), cut(1), cut(2)));
    expect(state.history.value.at).toBe(2);
    expect(state.stepNames.value.get(networkKey(cut(2)))).toBe('mine');
    expect(state.notices.value).toEqual([]);
    // It goes on with the same one.
    expect(await browser.documents.list()).toHaveLength(1);
    await did(after, cut(3));
    await kept(after);
    expect((await browser.documents.list())[0]?.entries).toHaveLength(4);
  });

  it('measures and trains as before where all was undone, but for what is chosen anew', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    choose(before, 'measure', { images: 128 });
    choose(before, 'train', { epochs: 7 });
    await did(before, trained());
    await kept(before);
    before.session.move(-1);
    await kept(before);
    const { entries } = state.history.value;
    expect(entries.map(({ measure }) => measure.images)).toEqual([128, 128]);
    await go('/');
    const after = await load(browser, before.memory);
    choose(after, 'distortion', { images: 256 });
    await after.begun;
    const { measure, distortion, train } = state.controls.value;
    expect([measure.images, distortion.images, train.epochs]).toEqual([128, 256, 7]);
    expect(state.history.value).toEqual({
      entries: entries.map((entry) => ({ ...entry, distortion })),
      at: 0,
    });
  });

  it('has it again where all was undone, whenever a worker dies', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    await did(before, trained());
    await kept(before);
    before.session.move(-1);
    before.session.labLost();
    await moment();
    before.session.labReady();
    await kept(before);
    await go('/');
    const after = await load(browser, before.memory);
    after.session.labLost();
    await moment();
    after.session.labReady();
    await after.begun;
    expect(steps()).toEqual(keys(emptyRecipe(), trained()));
    expect(state.history.value.at).toBe(0);
  });

  it('goes on with the newest, though the address did not follow in time', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    await did(before, trained());
    await kept(before);
    const address = location.hash;
    before.session.propose(cut(4), true);
    // The moment in which it comes on screen.
    const wanted = networkKey(cut(4));
    await new Promise<void>((resolve) => {
      const stop = state.recipe.subscribe((at) => {
        if (networkKey(at) === wanted) queueMicrotask(() => resolve(stop()));
      });
    });
    const saved = before.keeper.save(true);
    before.leave();
    await saved;
    await go(`/${address}`);
    const after = await load(browser, before.memory);
    await after.begun;
    await until(() => after.session.settled && state.network.value !== null);
    expect(steps()).toEqual(keys(emptyRecipe(), trained(), cut(4)));
    expect(state.history.value.at).toBe(2);
  });

  it('shows a link of somebody else, and leaves what the tab had', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    await did(before, trained(), cut(1));
    await kept(before);
    const [mine] = await browser.documents.list();
    const { network } = trained();
    const other = { ...trained(), network: { ...network, seed: 99 } };
    await go(`/#${links.formatLink(other, {})}`);
    const after = await load(browser, before.memory);
    await after.begun;
    expect(steps()).toEqual(keys({ ...other, steps: [] }, other));
    await kept(after);
    // Of a link alone nothing would be lost.
    expect(await browser.documents.list()).toEqual([mine]);
    await did(after, withMoreTraining(other, state.controls.peek().train, 1));
    await kept(after);
    const all = await browser.documents.list();
    expect(all).toHaveLength(2);
    expect(all.find(({ id }) => id === mine?.id)).toEqual(mine);
    // It is still offered.
    const offered = await after.keeper.all();
    expect(offered.map(({ open }) => open)).toEqual(['here', 'no']);
    await after.keeper.resume(mine?.id ?? '');
    await until(() => after.session.settled);
    expect(steps()).toEqual(keys(emptyRecipe(), trained(), cut(1)));
  });

  it('goes on without what is damaged, and says so', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    await did(before, trained(), cut(1), cut(2));
    await kept(before);
    const [document] = await browser.documents.list();
    const number = document?.entries[2];
    await forge(browser.factory, 'entries', { document: document?.id, number, text: '{"steps":' });
    const after = await load(browser, before.memory);
    await after.begun;
    expect(steps()).toEqual(keys(emptyRecipe(), trained(), cut(2)));
    expect(state.history.value.at).toBe(2);
    expect(state.notices.value[0]?.sentence).toContain('were damaged and are left out');
  });

  it('names the step that was under way, and does it again on request', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    await did(before, trained());
    await kept(before);
    const longer = withMoreTraining(trained(), state.controls.peek().train, 9);
    before.session.propose(longer, true);
    const saved = before.keeper.save(true);
    before.leave();
    await saved;
    const after = await load(browser, before.memory);
    await after.begun;
    const [notice] = state.notices.value;
    expect(notice?.sentence).toBe('A training was under way when the page was closed; it is lost.');
    notice?.retry?.();
    await until(() => after.session.settled);
    expect(steps()).toEqual(keys(emptyRecipe(), trained(), longer));
    expect(state.notices.value).toEqual([]);
  });

  it('knows what there was before a lesson', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    await did(before, trained(), cut(1), cut(2));
    before.session.move(-1);
    await until(() => before.session.settled);
    aside.value = own(before.session);
    lesson.value = { name: 'inside', step: 1 };
    const { network } = trained();
    const other = { ...trained(), network: { ...network, seed: 5 } };
    await did(before, other);
    await kept(before);
    const after = await load(browser, before.memory);
    const found = await after.keeper.beforeLesson();
    await after.begun;
    if (!found) throw new Error('Nothing was kept.');
    bringBack(after.session, found);
    await until(() => after.session.settled);
    expect(steps()).toEqual(keys(emptyRecipe(), trained(), cut(1), cut(2)));
    expect(state.history.value.at).toBe(2);
  });
});

describe('a page that was opened with a link', () => {
  it('keeps what was done with it, though that was done at once', async () => {
    const browser = new Browser();
    await go(`/#${links.formatLink(trained(), {})}`);
    const page = await load(browser);
    page.session.propose(cut(1), false);
    await page.begun;
    await until(() => page.session.settled && state.history.value.entries.length === 3);
    await kept(page);
    expect((await browser.documents.list())[0]?.entries).toHaveLength(3);
  });
});

describe('a page that is closed before its history is known', () => {
  it('keeps what was done, and forgets nothing of before', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    await did(before, trained());
    await kept(before);
    const { network } = trained();
    const other = { ...trained(), network: { ...network, seed: 4 } };
    await go(`/#${links.formatLink(other, {})}`);
    const page = await load(browser, before.memory);
    page.session.propose(withMoreTraining(other, state.controls.peek().train, 1), true);
    dispatchEvent(new Event('pagehide'));
    page.leave();
    await vi.waitFor(async () => expect(await browser.documents.list()).toHaveLength(2));
    const [newest] = await browser.documents.list();
    expect(newest?.target).not.toBeNull();
    expect(before.memory.get('secateurs-history')).toBe(newest?.id);
  });

  it('is still its own where nothing was done', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    await did(before, trained(), cut(1));
    await kept(before);
    const hasty = await load(browser, before.memory);
    dispatchEvent(new Event('pagehide'));
    hasty.leave();
    const after = await load(browser, before.memory);
    await after.begun;
    expect(steps()).toEqual(keys(emptyRecipe(), trained(), cut(1)));
    expect(await browser.documents.list()).toHaveLength(1);
  });
});

describe('tabs', () => {
  it('that were duplicated have the same history, and then one each', async () => {
    const browser = new Browser();
    const first = await load(browser);
    await first.begun;
    await did(first, trained(), cut(1));
    await kept(first);
    const [mine] = await browser.documents.list();
    first.sleep();
    const second = await load(browser, new Map(first.memory));
    await second.begun;
    expect(steps()).toEqual(keys(emptyRecipe(), trained(), cut(1)));
    second.session.move(-1);
    await until(() => second.session.settled);
    await did(second, cut(7));
    await kept(second);
    const all = await browser.documents.list();
    expect(all).toHaveLength(2);
    expect(all.find(({ id }) => id === mine?.id)?.entries).toEqual(mine?.entries);
    expect((await second.keeper.all()).map(({ open }) => open).sort()).toEqual([
      'elsewhere',
      'here',
    ]);
    first.leave();
    second.leave();
  });
});

describe('tabs without locks', () => {
  it('do not overwrite each other either', async () => {
    const browser = new Browser(null);
    const first = await load(browser);
    await first.begun;
    await did(first, trained(), cut(1));
    await kept(first);
    first.sleep();
    const second = await load(browser, new Map(first.memory));
    await second.begun;
    await did(second, cut(7));
    await kept(second);
    const [theirs] = await browser.documents.list();
    second.sleep();
    // The first one goes on, and finds that its history was taken over.
    first.wake();
    state.stepNames.value = new Map([[networkKey(cut(1)), 'first']]);
    await first.keeper.save();
    const all = await browser.documents.list();
    expect(all).toHaveLength(2);
    expect(all.find(({ id }) => id === theirs?.id)).toEqual(theirs);
    expect(first.memory.get('secateurs-history')).not.toBe(theirs?.id);
    expect((await browser.documents.read(all[0]?.id ?? ''))?.texts.size).toBe(4);
    first.leave();
  });
});

describe('an empty page', () => {
  it('offers to go on with what was kept last, and does', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    expect(offer.value).toBeNull();
    await did(before, trained(), cut(1));
    await kept(before);
    await go('/');
    const after = await load(browser);
    await after.begun;
    expect(offer.value?.recipe.steps).toEqual(cut(1).steps);
    expect(state.history.value.entries).toHaveLength(1);
    await after.keeper.resume(offer.value?.id ?? '');
    await until(() => after.session.settled && state.network.value !== null);
    expect(offer.value).toBeNull();
    expect(steps()).toEqual(keys(emptyRecipe(), trained(), cut(1)));
    await kept(after);
    expect(await browser.documents.list()).toHaveLength(1);
  });

  it('offers what a tab had once that is closed', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    await did(before, trained());
    await kept(before);
    before.sleep();
    await go('/');
    const after = await load(browser);
    await until(() => state.shareLink.value !== '');
    expect(offer.value).toBeNull();
    before.letGo();
    await after.begun;
    expect(offer.value?.recipe.steps).toEqual(trained().steps);
  });

  it('offers nothing that was deleted', async () => {
    const browser = new Browser();
    const before = await load(browser);
    await before.begun;
    await did(before, trained());
    await kept(before);
    expect(await browser.database.erase()).toBe(true);
    before.keeper.forgot();
    // Nor does it come back when the page is left.
    await before.keeper.save(true);
    await go('/');
    const after = await load(browser);
    await after.begun;
    expect(offer.value).toBeNull();
    expect(await after.keeper.all()).toEqual([]);
  });
});
