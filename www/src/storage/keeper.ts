/**
 * Keeps the history of this tab, and brings it back when the page is loaded anew. What is on screen
 * is never taken from here unless it is this tab's own: a link that was opened wins, and what the
 * tab had before stays in the database, where it is offered.
 */
import { batch, computed, effect } from '@preact/signals';
import { lacking, lackOf } from '../bring/state';
import { WorkerLost } from '../engine/client';
import type { Engine } from '../engine/engine';
import { settled } from '../engine/frame';
import type { History } from '../engine/history';
import { networkKey } from '../engine/keys';
import { notify } from '../engine/notices';
import { type Own, takeUp } from '../engine/own';
import { prefixes } from '../engine/recipes';
import type { Session } from '../engine/session';
import type { Recipe } from '../engine/types';
import { aside, lesson } from '../lessonState';
import { engine, history, network, recipe, shareLink, stepNames, training } from '../state';
import { type Offer, offer } from '../storageState';
import { address, isEmpty, lineFor, shownIn, tell, when } from './again';
import type { Documents, Found } from './documents';
import { Ledger, type Visit } from './ledger';
import { type Restored, restored } from './restore';
import { newName, type Tab } from './tab';

/** So long nothing may have changed before it is written; a page that is left writes at once. */
const SOON_MS = 200;
/** Between looks at what other tabs have open. */
const RESTS_MS = [500, 1500, 4500, 13_500];
/** Workers that are lost while they read what was kept. */
const MOST_TRIES = 4;

type Running = Pick<Engine, 'session' | 'brought' | 'openLink'>;

export class Keeper {
  readonly #documents: Documents;
  readonly #tab: Tab;
  readonly #running: () => Running | null;
  readonly #writer = newName();
  /** What this tab had when its page was left. */
  #left: Promise<{ found: Found; kept: Restored } | null> = Promise.resolve(null);
  /** It is known whether the page goes on with that. */
  #decided = false;
  /** Null until that is known. */
  #ledger: Ledger | null = null;
  /** A new history, for the moment when one is needed. */
  #spare: Ledger | null = null;
  #claimed: Promise<unknown> = Promise.resolve();
  /** Networks that were on screen when all was deleted, by `networkKey`. */
  #forgotten: ReadonlySet<string> = new Set();
  #saving: Promise<unknown> | null = null;
  /** How often something changed, and what of it is written. */
  #changes = 0;
  #written: { changes: number; target: Recipe | null } = { changes: 0, target: null };

  constructor(documents: Documents, tab: Tab, running: () => Running | null) {
    this.#documents = documents;
    this.#tab = tab;
    this.#running = running;
  }

  /** Begins; the promise is kept once the tab has its history again, or a new one. */
  async start(): Promise<void> {
    this.#spare = new Ledger(newName(), this.#writer);
    this.#claimed = this.#tab.claim(this.#spare.id);
    const id = this.#tab.remembered;
    this.#left = id === null ? Promise.resolve(null) : this.#read(id);
    const busy = computed(() => training.value.phase !== 'idle');
    const saveSoon = settled(() => void this.save(), SOON_MS);
    effect(() => {
      // Whatever is kept.
      void [history.value, shareLink.value, stepNames.value, aside.value, busy.value];
      this.#changes += 1;
      saveSoon();
      if (recipe.value.steps.length > 0) offer.value = null;
    });
    const leaving = () => {
      if (document.visibilityState === 'hidden') void this.save(true);
    };
    document.addEventListener('visibilitychange', leaving);
    addEventListener('pagehide', () => this.#leave());
    await this.#decide();
    void this.save();
    await this.#offer();
  }

  /** The page is closed, perhaps before it is known whose its history is. */
  #leave(): void {
    if (!this.#decided && this.#visit()) {
      this.#decided = true;
      this.#ledger = this.#spare;
    }
    void this.save(true);
  }

  /** Writes what there is, unless nothing is known or worth it; a page that is left cannot wait. */
  async save(leaving = false): Promise<void> {
    const visit = this.#visit();
    const { changes, target } = this.#written;
    const same = changes === this.#changes && target === visit?.target;
    if (!this.#ledger || !visit || same) return;
    if (this.#saving && !leaving) {
      await this.#saving;
      return this.save();
    }
    const saving = this.#save(visit, this.#changes, leaving);
    this.#saving = saving;
    const outcome = await saving;
    if (this.#saving === saving) this.#saving = null;
    // Another page goes on with it: this one begins another.
    if (outcome === 'taken') await this.save();
  }

  async #save(visit: Visit, changes: number, leaving: boolean) {
    if (!this.#ledger?.continues(visit)) await this.#begin();
    const outcome = this.#ledger && (await this.#write(this.#ledger, visit, changes, leaving));
    if (outcome === 'taken') await this.#begin();
    return outcome;
  }

  async #write(ledger: Ledger, visit: Visit, changes: number, leaving: boolean) {
    const written = ledger.write(visit);
    const sure = leaving && (ledger.isNew || this.#tab.holds(ledger.id));
    this.#tab.remember(ledger.id);
    const others = () => this.#tab.others();
    const outcome = await this.#documents.save(written, sure, others);
    if (outcome !== 'saved') return outcome;
    this.#written = { changes, target: visit.target };
    if (ledger.wrote(written)) {
      await this.#documents.bound(new Set([...(await others()), ledger.id]));
    }
    return outcome;
  }

  /** What the visitor had before a lesson in the middle of which the page was loaded anew. */
  async beforeLesson(): Promise<Own | null> {
    const left = await this.#left;
    if (!left?.kept.aside) return null;
    if (!this.#decided) {
      this.#decided = true;
      void this.#goOn(left.found);
    }
    return left.kept.aside;
  }

  /** Goes on with a history that was kept; what is on screen stays behind in the database. */
  async resume(id: string): Promise<void> {
    offer.value = null;
    const read = await this.#read(id);
    const at = read ? shownIn(read.kept.line) : -1;
    const running = this.#running();
    const here = read?.kept.line.entries[at];
    if (!read || !running || !here) {
      notify('problem', 'What was kept there is damaged, or was deleted.');
      return;
    }
    const { session, brought } = running;
    if (lackOf(here, (digest) => brought.networks.has(digest), brought.images?.digest)) {
      try {
        // Its link asks for the file.
        running.openLink(await session.desk.client.call('formatLink', [here, {}, undefined]), true);
      } catch {
        notify('problem', 'This could not be opened just now; please try it again.');
      }
      return;
    }
    await this.save();
    this.#decided = true;
    await this.#goOn(read.found);
    this.#bring(session, read.kept, { ...read.kept.line, at });
  }

  /** Every history that is kept, the newest first. */
  async all(): Promise<(Offer & { open: 'here' | 'elsewhere' | 'no' })[]> {
    const others = await this.#tab.others();
    const all = (await this.#documents.list()).map(async ({ id, when }) => {
      const shown = await this.#shown(id);
      const open = id === this.#ledger?.id ? 'here' : others.has(id) ? 'elsewhere' : 'no';
      return shown ? [{ id, when, recipe: shown, open } as const] : [];
    });
    return (await Promise.all(all)).flat();
  }

  /** Every history was deleted; what is done from now on is kept again. */
  forgot(): void {
    offer.value = null;
    // What is on screen is not written again, unless something is done with it.
    this.#forgotten = new Set(history.peek().entries.map(networkKey));
    if (this.#ledger) this.#ledger = new Ledger(this.#ledger.id, this.#writer);
  }

  /** Finds out whether what is on screen is what this tab had. */
  async #decide(): Promise<void> {
    const left = await this.#left;
    await when(() => this.#quiet());
    if (this.#decided) return;
    this.#decided = true;
    const session = this.#running()?.session;
    const line = left && lineFor(left.kept);
    if (!left || !line || !session) {
      await this.#begin();
      return;
    }
    this.#bring(session, left.kept, line);
    tell(left.kept, session);
    await this.#goOn(left.found);
  }

  /** The page shows what its address says, and nothing is under way or lacking. */
  #quiet(): boolean {
    void [history.value, network.value, training.value];
    const session = this.#running()?.session;
    if (!session?.rests.value || !session.settled) return false;
    return shareLink.value !== '' && lacking.value === null;
  }

  #bring(session: Session, kept: Restored, line: History): void {
    batch(() => {
      const given = kept.names.map(([at, name]) => [networkKey(at), name] as const);
      if (given.length > 0) stepNames.value = new Map([...given, ...stepNames.peek()]);
      if (lesson.peek() && !aside.peek()) aside.value = kept.aside;
      takeUp(session, line);
    });
  }

  /** Goes on writing what was found, or, where another tab does, a copy. */
  async #goOn({ document: { id }, texts }: Found): Promise<void> {
    await this.#claimed;
    const own = (await this.#tab.claim(id)) && (await this.#documents.take(id, this.#writer));
    if (own) {
      this.#ledger = new Ledger(id, this.#writer, texts);
      this.#spare = null;
    } else await this.#begin();
  }

  /** Begins a history of its own. */
  async #begin(): Promise<void> {
    const ledger = this.#spare ?? new Ledger(newName(), this.#writer);
    if (!this.#spare) await this.#tab.claim(ledger.id);
    this.#spare = null;
    this.#ledger = ledger;
  }

  /** Null where there is nothing to lose. */
  #visit(): Visit | null {
    const session = this.#running()?.session;
    if (!session) return null;
    const { entries, at } = history.peek();
    const { target } = session;
    const done = [...entries, target].filter(({ steps }) => steps.length > 0);
    if (!this.#ledger || this.#ledger.isNew) {
      // Links that are opened and closed again must not take the place of what visitors did.
      const given = session.opened ? prefixes(session.opened).map(networkKey) : [];
      const known = new Set([...given, ...this.#forgotten]);
      if (done.every((entry) => known.has(networkKey(entry)))) return null;
    }
    if (done.length === 0) return null;
    const names = stepNames.peek();
    return { entries, at, target, names, address: address(), aside: aside.peek() };
  }

  /** Offers what was kept last; a tab that was just closed may take a moment to let go of it. */
  async #offer(): Promise<void> {
    for (const rest of [...RESTS_MS, 0]) {
      if (!isEmpty() || lesson.peek()) return;
      const others = await this.#tab.others();
      const all = await this.#documents.list();
      for (const { id, when } of all.filter((one) => !others.has(one.id))) {
        const shown = await this.#shown(id);
        if (shown && isEmpty()) offer.value = { id, when, recipe: shown };
        if (shown) return;
      }
      if (all.every(({ id }) => !others.has(id))) return;
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  /** The network that a history ended with. */
  async #shown(id: string): Promise<Recipe | null> {
    const found = await this.#documents.read(id);
    if (!found) return null;
    const { document, texts } = found;
    // Mostly one entry tells; the others need not be checked.
    for (const entries of [
      document.entries.slice(document.at, document.at + 1),
      document.entries,
    ]) {
      const some = new Map([...texts].filter(([number]) => entries.includes(number)));
      const at = Math.min(document.at, entries.length - 1);
      const line = (await this.#check({ document: { ...document, entries, at }, texts: some }))
        ?.line;
      const shown = line?.entries[shownIn(line)];
      if (shown) return shown;
    }
    return null;
  }

  /** A history, as far as the core finds it valid. */
  async #read(id: string): Promise<{ found: Found; kept: Restored } | null> {
    const found = await this.#documents.read(id);
    const kept = found && (await this.#check(found));
    return found && kept && { found, kept };
  }

  async #check(found: Found): Promise<Restored | null> {
    for (let left = MOST_TRIES; left > 0; left--) {
      await when(() => engine.value.phase === 'ready');
      try {
        return await restored(found, async (json) => {
          const session = this.#running()?.session;
          if (!session) throw new WorkerLost();
          return session.desk.client.call('checkRecipe', [json]);
        });
      } catch {
        // Another worker can tell.
      }
    }
    return null;
  }
}
