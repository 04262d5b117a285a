/**
 * The one database of the page. Whatever a browser does instead of keeping something (refuse,
 * fall silent, be full), every operation ends, within a time limit, and says in one word why; the
 * page then goes on with what it has in memory.
 */
import { MIGRATIONS, migrate, NAME, type StoreName } from './schema';
import { type Trouble, Troubled, troubleOf } from './troubles';

/** Slow disks and many tabs take a second or two; what takes longer will not be waited for. */
const LIMIT_MS = 8000;

export interface DatabaseOptions {
  /** Where the browser keeps databases; asking may already throw. */
  factory?: () => IDBFactory | undefined;
  migrations?: typeof MIGRATIONS;
  limitMs?: number;
  /** Hears of every operation why it did not work, or null, and whether it was one that writes. */
  onOutcome?: (trouble: Trouble | null, wrote: boolean) => void;
}

type Stores = StoreName | StoreName[];
type Work<T> = (transaction: IDBTransaction) => T | Promise<T>;

export class Database {
  readonly #options: DatabaseOptions;
  readonly #limitMs: number;
  #connection: Promise<IDBDatabase> | null = null;
  readonly #ended = new WeakSet<Promise<IDBDatabase>>();
  /** A newer version of the page has taken the database over: for this one there is none left. */
  #over = false;

  constructor(options: DatabaseOptions = {}) {
    this.#options = options;
    this.#limitMs = options.limitMs ?? LIMIT_MS;
  }

  /** Reads; undefined where that did not work. */
  read<T>(stores: Stores, work: Work<T>): Promise<T | undefined> {
    return this.#told(false, () => this.#within(stores, 'readonly', work));
  }

  /**
   * Writes all of it or nothing; undefined where that did not work. Where storage is full,
   * `makeRoom` may say that it has made some, and it is tried again.
   */
  write<T>(
    stores: Stores,
    work: Work<T>,
    makeRoom: () => Promise<boolean> = async () => false,
  ): Promise<T | undefined> {
    return this.#told(true, async () => {
      for (;;) {
        try {
          return await this.#within(stores, 'readwrite', work);
        } catch (error) {
          if (troubleOf(error) !== 'full' || !(await makeRoom())) throw error;
        }
      }
    });
  }

  /** Deletes everything, damaged or not; whether that worked. */
  async erase(): Promise<boolean> {
    const erased = await this.#told(true, () => this.#inTime(this.#erase()));
    return erased === true;
  }

  async #erase(): Promise<boolean> {
    const connection = this.#connection;
    this.#connection = null;
    (await connection?.catch(() => null))?.close();
    // Pages in other tabs let go of it when they hear of this.
    await asked(this.#factory().deleteDatabase(NAME));
    return true;
  }

  async #told<T>(writes: boolean, operation: () => Promise<T>): Promise<T | undefined> {
    try {
      const value = await operation();
      this.#options.onOutcome?.(null, writes);
      return value;
    } catch (error) {
      this.#options.onOutcome?.(troubleOf(error), writes);
      return undefined;
    }
  }

  async #within<T>(stores: Stores, mode: IDBTransactionMode, work: Work<T>): Promise<T> {
    return this.#inTime(this.#transaction(stores, mode, work));
  }

  async #inTime<T>(operation: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Troubled('silent')), this.#limitMs);
    });
    try {
      return await Promise.race([operation, late]);
    } catch (error) {
      throw error instanceof Troubled ? error : new Troubled(troubleOf(error));
    } finally {
      clearTimeout(timer);
    }
  }

  async #transaction<T>(stores: Stores, mode: IDBTransactionMode, work: Work<T>): Promise<T> {
    const transaction = await this.#begin(stores, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Troubled('damaged'));
    });
    // What goes wrong in the work is thrown from there.
    done.catch(() => {});
    try {
      const value = await work(transaction);
      // At once, for a page that is about to be left.
      if (mode === 'readwrite') transaction.commit();
      await done;
      return value;
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // It is over already.
      }
      throw error;
    }
  }

  async #begin(stores: Stores, mode: IDBTransactionMode): Promise<IDBTransaction> {
    const connection = this.#connect();
    try {
      return (await connection).transaction(stores, mode);
    } catch (error) {
      // Closed in this very moment: it is opened anew. Without its stores it is not the database
      // that it says it is.
      if (!this.#ended.has(connection)) throw error;
      return (await this.#connect()).transaction(stores, mode);
    }
  }

  #connect(): Promise<IDBDatabase> {
    if (this.#over) return Promise.reject(new Troubled('newer'));
    if (!this.#connection) {
      const connection = this.#open();
      this.#connection = connection;
      connection.catch((error) => {
        // While others hold it the request goes on, and may still be answered.
        if (troubleOf(error) !== 'blocked') this.#forget(connection);
      });
    }
    return this.#connection;
  }

  #forget(connection: Promise<IDBDatabase>): void {
    this.#ended.add(connection);
    if (this.#connection === connection) this.#connection = null;
  }

  /** Reading the property, or opening one, throws in some private windows. */
  #factory(): IDBFactory {
    const factory = (this.#options.factory ?? (() => globalThis.indexedDB))();
    if (!factory) throw new Troubled('missing');
    return factory;
  }

  async #open(): Promise<IDBDatabase> {
    const migrations = this.#options.migrations ?? MIGRATIONS;
    const request = this.#factory().open(NAME, migrations.length);
    return new Promise((resolve, reject) => {
      request.onupgradeneeded = ({ oldVersion }) => migrate(request.result, oldVersion, migrations);
      request.onblocked = () => reject(new Troubled('blocked'));
      request.onerror = (event) => {
        // Firefox would write it on the console.
        event.preventDefault();
        reject(request.error);
      };
      request.onsuccess = () => {
        const db = request.result;
        const connection = Promise.resolve(db);
        this.#connection = connection;
        db.onclose = () => this.#forget(connection);
        db.onversionchange = ({ newVersion }) => {
          db.close();
          // Deleted by hand, it can be made anew.
          this.#over = newVersion !== null;
          this.#forget(connection);
        };
        resolve(db);
      };
    });
  }
}

/** What a request of a transaction comes to. */
export function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault();
      reject(request.error);
    };
  });
}
