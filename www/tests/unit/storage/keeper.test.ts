import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AddressBar } from '../../../src/engine/address';
import { Client } from '../../../src/engine/client';
import { emptyRecipe } from '../../../src/engine/defaults';
import { networkKey } from '../../../src/engine/keys';
import { bringBack, own } from '../../../src/engine/own';
import { Pool } from '../../../src/engine/pool';
import { withCut, withMoreTraining, withTraining } from '../../../src/engine/recipes';
import { Session } from '../../../src/engine/session';
import type { Recipe } from '../../../src/engine/types';
import { aside, lesson } from '../../../src/lessonState';
import * as state from '../../../src/state';
import { Documents } from '../../../src/storage/documents';
import { Keeper } from '../../../src/storage/keeper';
import { Tab } from '../../../src/storage/tab';
import { offer } from '../../../src/storageState';
import { FakeWorker, links, until } from '../engine/fakes';
import { forge, IDBFactory, Locks, opened } from './fakes';

// Nothing is waited for that a visitor would not notice.
vi.mock('../../../src/engine/frame', async (original) => {
  const frame = await original<typeof import('../../../src/engine/frame')>();
  return { ...frame, settled: (work: () => void) => frame.settled(work, 10) };
});

const options = { data: 'http://here/', sets: [], budgetMs: 1 };

/** A browser with a database and locks; its tabs are opened one after the other. */
class Browser {
  readonly factory = new IDBFactory();
  readonly locks = new Locks();
  readonly database = opened({ factory: () => this.factory }).db;
  readonly documents = new Documents(this.database);
}

interface Page {
  session: Session;
  keeper: Keeper;
  memory: Map<string, string>;
  /** Kept once the page has its history again. */
  begun: Promise<void>;
  leave(): void;
  /** It stays open, with its lock, and nothing happens in it any more. */
  sleep(): void;
}

let leave = () => {};
afterEach(() => leave());

/** Loads a page in a tab that remembers something, or nothing. */
async function load(browser: Browser, memory = new Map<string, string>()): Promise<Page> {
  leave();
  state.history.value = { entries: [emptyRecipe()], at: 0 };
  state.network.value = null;
  state.tiles.value = null;
  state.shareLink.value = '';
  state.stepNames.value = new Map();
  state.notices.value = [];
  state.engine.value = { phase: 'ready', workers: 1 };
  aside.value = null;
  lesson.value = null;
  offer.value = null;
  const session = new Session(new Pool(1, () => new Client(new FakeWorker(), options)));
  const bar = new AddressBar(session);
  const { locks, close } = browser.locks.tab();
  const storage = {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => memory.set(key, value),
  } as unknown as Storage;
  const brought = { networks: new Map(), images: null };
  let here = true;
  const running = { session, brought, openLink: (link: string) => bar.open(link) };
  const tab = new Tab({ locks, storage: () => storage, letGoMs: 50 });
  const keeper = new Keeper(browser.documents, tab, () => (here ? running : null));
  const stop = bar.start();
  leave = () => {
    here = false;
    stop();
    close();
    session.stop();
    leave = () => {};
  };
  const client = new Client(new FakeWorker(), options);
  session.desk.attach(client);
  await client.ready;
  session.labReady();
  const begun = keeper.start();
  await bar.labReady();
  const sleep = () => {
    here = false;
    stop();
    leave = () => {};
  };
  return { session, keeper, memory, begun, leave, sleep };
}

/** Another address is typed into the tab; no page hears of it. */
async function go(address: string): Promise<void> {
  leave();
  // What the page before had in mind to write there is over, …
  await new Promise((resolve) => setTimeout(resolve, 50));
  history.replaceState(null, '', address);
  // … and this stand-in for a browser has told of it, which none does.
  await new Promise((resolve) => setTimeout(resolve));
}

const trained = () => withTraining(state.controls.peek());
const cut = (unit: number) => withCut(trained(), [[unit], []]);
const steps = () => state.history.value.entries.map((entry) => networkKey(entry));
const keys = (...recipes: Recipe[]) => recipes.map(networkKey);

async function did({ session }: Page, ...recipes: Recipe[]): Promise<void> {
  for (const recipe of recipes) {
    session.propose(recipe, true);
    await until(() => session.settled && networkKey(state.recipe.value) === networkKey(recipe));
  }
}

/** The address follows, and what is kept too. */
async function kept(page: Page): Promise<void> {
  const wanted = networkKey(state.recipe.peek());
  const linked = () => {
    const link = location.hash.slice(1);
    return link !== '' && networkKey(links.parseLink(link).recipe) === wanted;
  };
  await until(linked);
  await page.keeper.save();
}

beforeEach(() => go('/'));

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
    expect(notice?.sentence).toMatch(/in the middle of a step, which is lost: train on: 9 epochs/);
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
