/**
 * Which history is this tab's. The tab remembers its name, so that a page that is loaded anew finds
 * its own; a duplicated tab remembers the same one, and is told apart by a lock that the first
 * tab holds. Where there are no locks, the writer's name in the history settles it on writing.
 */

const KEY = 'secateurs-history';
const LOCK = 'secateurs-history ';
/** A page that was just left may need a moment to let go. */
const LET_GO_MS = 1500;

export interface TabOptions {
  locks?: LockManager | undefined;
  storage?: () => Storage;
  letGoMs?: number;
}

export class Tab {
  readonly #locks: LockManager | undefined;
  readonly #storage: () => Storage;
  readonly #letGoMs: number;
  #release = () => {};
  /** No other tab can be writing the history that was claimed last. */
  sure = false;

  constructor(options: TabOptions = {}) {
    this.#locks = 'locks' in options ? options.locks : navigator.locks;
    this.#storage = options.storage ?? (() => sessionStorage);
    this.#letGoMs = options.letGoMs ?? LET_GO_MS;
  }

  /** The history that this tab had when its page was left. */
  get remembered(): string | null {
    try {
      return this.#storage().getItem(KEY);
    } catch {
      // Without it the tab begins anew, and is offered what it had.
      return null;
    }
  }

  /** Makes a history this tab's own, unless another tab has it. */
  async claim(id: string): Promise<boolean> {
    const release = await this.#lock(id);
    if (!release) return false;
    this.#release();
    this.#release = release;
    this.sure = this.#locks !== undefined;
    this.#remember(id);
    return true;
  }

  /** The histories that other tabs have open, as far as that can be known. */
  async others(): Promise<ReadonlySet<string>> {
    const { held = [] } = (await this.#locks?.query().catch(() => undefined)) ?? {};
    const ids = held.flatMap(({ name = '' }) =>
      name.startsWith(LOCK) ? name.slice(LOCK.length) : [],
    );
    const own = this.remembered;
    return new Set(ids.filter((id) => id !== own || !this.sure));
  }

  #remember(id: string): void {
    try {
      this.#storage().setItem(KEY, id);
    } catch {
      // As above.
    }
  }

  /** What lets go of it again; null where another tab holds it. */
  #lock(id: string): Promise<(() => void) | null> {
    const locks = this.#locks;
    if (!locks) return Promise.resolve(() => {});
    return new Promise((resolve) => {
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), this.#letGoMs);
      const hold = () =>
        new Promise<void>((release) => {
          clearTimeout(timer);
          resolve(release);
        });
      locks.request(LOCK + id, { signal: patience.signal }, hold).catch(() => resolve(null));
    });
  }
}

/** A name that nothing else has. */
export function newName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
