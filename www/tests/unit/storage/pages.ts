/** Pages of one browser, loaded one after the other, each with a real session and a stand-in's core. */
import { AddressBar } from '../../../src/engine/address';
import { Client } from '../../../src/engine/client';
import { defaultControls, emptyRecipe } from '../../../src/engine/defaults';
import { networkKey } from '../../../src/engine/keys';
import { Pool } from '../../../src/engine/pool';
import { withCut, withTraining } from '../../../src/engine/recipes';
import { Session } from '../../../src/engine/session';
import type { Recipe } from '../../../src/engine/types';
import { aside, lesson } from '../../../src/lessonState';
import * as state from '../../../src/state';
import { Documents } from '../../../src/storage/documents';
import { Keeper } from '../../../src/storage/keeper';
import { Tab } from '../../../src/storage/tab';
import { offer } from '../../../src/storageState';
import { FakeWorker, links, until as soon } from '../engine/fakes';
import { IDBFactory, Locks, opened } from './fakes';

const options = { data: 'http://here/', sets: [], budgetMs: 1 };

export const until = (what: () => boolean) => soon(what, 20_000);

/** A browser with a database and locks; its tabs are opened one after the other. */
export class Browser {
  readonly factory = new IDBFactory();
  /** Those that are no secure context have none. */
  readonly locks: Locks | null;
  readonly database = opened({ factory: () => this.factory }).db;
  readonly documents = new Documents(this.database);

  constructor(locks: Locks | null = new Locks()) {
    this.locks = locks;
  }
}

export interface Page {
  session: Session;
  keeper: Keeper;
  memory: Map<string, string>;
  /** Kept once the page has its history again. */
  begun: Promise<void>;
  leave(): void;
  /** It stays open, with its lock, and nothing happens in it any more. */
  sleep(): void;
  /** Its locks are free. */
  letGo(): void;
  /** It does something again, with what is on screen. */
  wake(): void;
}

let leave = () => {};
/** The page that is open, if one is, is closed. */
export const close = () => leave();

/** Loads a page in a tab that remembers something, or nothing. */
export async function load(browser: Browser, memory = new Map<string, string>()): Promise<Page> {
  leave();
  state.controls.value = defaultControls();
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
  const { locks, close: letGo } = browser.locks?.tab() ?? { locks: undefined, close: () => {} };
  const storage = {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => memory.set(key, value),
  } as unknown as Storage;
  const brought = { networks: new Map(), images: null };
  let here = true;
  const running = {
    session,
    brought,
    openLink: (link: string, said: boolean) => bar.open(link, said),
  };
  const tab = new Tab({ locks, storage: () => storage, letGoMs: 50 });
  const keeper = new Keeper(browser.documents, tab, () => (here ? running : null));
  const stop = bar.start();
  leave = () => {
    here = false;
    stop();
    letGo();
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
  const wake = () => {
    here = true;
  };
  return { session, keeper, memory, begun, leave, sleep, wake, letGo };
}

/** Another address is typed into the tab; no page hears of it. */
export async function go(address: string): Promise<void> {
  leave();
  // What the page before had in mind to write there is over, …
  await new Promise((resolve) => setTimeout(resolve, 50));
  history.replaceState(null, '', address);
  // … and this stand-in for a browser has told of it, which none does.
  await new Promise((resolve) => setTimeout(resolve));
}

export const trained = () => withTraining(state.controls.peek());
export const cut = (unit: number) => withCut(trained(), [[unit], []]);
export const steps = () => state.history.value.entries.map((entry) => networkKey(entry));
export const keys = (...recipes: Recipe[]) => recipes.map(networkKey);

export async function did({ session }: Page, ...recipes: Recipe[]): Promise<void> {
  for (const recipe of recipes) {
    session.propose(recipe, true);
    await until(() => session.settled && networkKey(state.recipe.value) === networkKey(recipe));
  }
}

/** The address follows, and what is kept too. */
export async function kept(page: Page): Promise<void> {
  const wanted = networkKey(state.recipe.peek());
  const linked = () => {
    const link = location.hash.slice(1);
    if (state.recipe.peek().steps.length === 0) return link === '';
    return link !== '' && networkKey(links.parseLink(link).recipe) === wanted;
  };
  await until(linked);
  await page.keeper.save();
}
