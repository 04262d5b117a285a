/** Histories in the database: each page writes its own, and never one that is another's. */
import { asked, type Database } from './database';
import { documentOf, entryOf } from './records';
import type { StoredDocument } from './schema';
import { Troubled } from './troubles';

/** So many histories are kept; the oldest goes first. */
export const MOST_DOCUMENTS = 20;

/** A history as it was found, with the texts of its entries by their numbers. */
export interface Found {
  document: StoredDocument;
  texts: Map<number, string>;
}

export interface Written extends Found {
  /** Entries that are not in the database yet, … */
  fresh: number[];
  /** … and those that are there, but not in the history any more. */
  gone: number[];
}

const BOTH = ['documents', 'entries'] as const;
const ofDocument = (id: string) => IDBKeyRange.bound([id], [id, []]);

export class Documents {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All of them, the newest first. */
  async list(): Promise<StoredDocument[]> {
    const found = await this.#db.read('documents', (transaction) =>
      asked(transaction.objectStore('documents').getAll()),
    );
    const documents = (found ?? []).flatMap((one: unknown) => documentOf(one) ?? []);
    return documents.sort((a, b) => b.when - a.when);
  }

  /** One of them; null where there is none, or none that can be understood. */
  async read(id: string): Promise<Found | null> {
    const found = await this.#db.read([...BOTH], async (transaction) => {
      const document = asked(transaction.objectStore('documents').get(id));
      const entries = asked(transaction.objectStore('entries').getAll(ofDocument(id)));
      return { document: await document, entries: await entries };
    });
    const document = documentOf(found?.document);
    if (!found || !document) return null;
    const entries = found.entries.flatMap((one: unknown) => entryOf(one) ?? []);
    return { document, texts: new Map(entries.map(({ number, text }) => [number, text])) };
  }

  /**
   * Writes a history: what is new of it, or all where the database has lost it. `sure`: no other
   * page can have taken it over, so nothing is read before; a page that is left has no time to.
   * Where storage is full, the oldest make room, but none of `others`, which other tabs have open.
   */
  save(
    written: Written,
    sure: boolean,
    others: () => Promise<ReadonlySet<string>>,
  ): Promise<'saved' | 'taken' | undefined> {
    const makeRoom = async () => {
      const kept = new Set([...(await others()), written.document.id]);
      const oldest = (await this.list()).findLast(({ id }) => !kept.has(id));
      return oldest !== undefined && this.remove(oldest.id);
    };
    return this.#db.write([...BOTH], (transaction) => put(transaction, written, sure), makeRoom);
  }

  /** Goes on with a history in this page's name; false where it is not there any more. */
  async take(id: string, writer: string): Promise<boolean> {
    const taken = await this.#db.write('documents', async (transaction) => {
      const store = transaction.objectStore('documents');
      const document = documentOf(await asked<unknown>(store.get(id)));
      if (document) store.put({ ...document, writer });
      return document !== null;
    });
    return taken === true;
  }

  /** Forgets the oldest beyond those that are kept, but none of these. */
  async bound(except: ReadonlySet<string>): Promise<void> {
    const all = await this.list();
    const surplus = all.slice(MOST_DOCUMENTS).length;
    const spare = all.filter(({ id }) => !except.has(id));
    for (const { id } of surplus > 0 ? spare.slice(-surplus) : []) await this.remove(id);
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.#db.write([...BOTH], (transaction) => {
      transaction.objectStore('documents').delete(id);
      transaction.objectStore('entries').delete(ofDocument(id));
      return true;
    });
    return removed === true;
  }
}

async function put(
  transaction: IDBTransaction,
  { document, texts, fresh, gone }: Written,
  sure: boolean,
): Promise<'saved' | 'taken'> {
  const [documents, entries] = BOTH.map((store) => transaction.objectStore(store));
  if (!documents || !entries) throw new Troubled('damaged');
  let missing = fresh;
  if (!sure) {
    const before: unknown = await asked(documents.get(document.id));
    const writer = documentOf(before)?.writer;
    if (writer !== undefined && writer !== document.writer) return 'taken';
    // Deleted meanwhile, or damaged.
    if (writer === undefined) missing = [...texts.keys()];
  }
  for (const number of missing) {
    entries.put({ document: document.id, number, text: texts.get(number) });
  }
  for (const number of gone) entries.delete([document.id, number]);
  documents.put(document);
  return 'saved';
}
