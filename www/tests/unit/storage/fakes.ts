/** Browsers that keep things, or do not, and locks that tabs hold. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { Database, type DatabaseOptions } from '../../../src/storage/database';
import type { Trouble } from '../../../src/storage/troubles';

globalThis.IDBKeyRange = IDBKeyRange;

export { IDBFactory };

/** A database of this page, and what it told the visitor. */
export function opened(options: DatabaseOptions = {}) {
  const told: (Trouble | null)[] = [];
  const onOutcome = (trouble: Trouble | null) => told.push(trouble);
  return { told, db: new Database({ limitMs: 5000, onOutcome, ...options }) };
}

/** Puts a record in as anything else but this page might. */
export async function forge(factory: IDBFactory, store: string, record: unknown): Promise<void> {
  const request = factory.open('secateurs');
  await new Promise((resolve) => {
    request.onsuccess = resolve;
  });
  const transaction = request.result.transaction(store, 'readwrite');
  transaction.objectStore(store).put(record);
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  request.result.close();
}

/** A factory whose writes fail as long as storage is full. */
export function filled(factory: IDBFactory, full: () => boolean): IDBFactory {
  const open = factory.open.bind(factory);
  factory.open = (...args) => {
    const request = open(...args);
    request.addEventListener('success', () => {
      const db = request.result;
      const transaction = db.transaction.bind(db);
      db.transaction = (stores, mode) => {
        const begun = transaction(stores, mode);
        const objectStore = begun.objectStore.bind(begun);
        begun.objectStore = (name) => {
          const store = objectStore(name);
          store.put = (...record) => {
            if (full()) throw new DOMException('full', 'QuotaExceededError');
            return Object.getPrototypeOf(store).put.apply(store, record);
          };
          return store;
        };
        return begun;
      };
    });
    return request;
  };
  return factory;
}

/** The locks of one browser, which all its tabs share. */
export class Locks {
  readonly #held = new Map<string, () => void>();
  readonly #waiting = new Map<string, (() => void)[]>();

  /** As one tab sees them; `close` lets go of all that it holds. */
  tab(): { locks: LockManager; close: () => void } {
    const mine = new Set<string>();
    const request = async (
      name: string,
      { signal }: { signal?: AbortSignal },
      work: () => Promise<unknown>,
    ) => {
      while (this.#held.has(name)) {
        await new Promise<void>((resolve, reject) => {
          this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), resolve]);
          signal?.addEventListener('abort', () => reject(signal.reason));
        });
      }
      const closed = new Promise<void>((resolve) => {
        this.#held.set(name, resolve);
      });
      mine.add(name);
      await Promise.race([work(), closed]);
      this.#let(name);
      mine.delete(name);
    };
    const query = async () => ({ held: [...this.#held.keys()].map((name) => ({ name })) });
    return {
      locks: { request, query } as unknown as LockManager,
      close: () => {
        for (const name of mine) this.#held.get(name)?.();
      },
    };
  }

  #let(name: string): void {
    this.#held.delete(name);
    const waiting = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    for (const next of waiting) next();
  }
}
