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
  #held: { id: string; release: () => void } | null = null;

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

  /** Makes a history this tab's own, in place of another one, unless another tab has it. */
  async claim(id: string): Promise<boolean> {
    const release = await this.#lock(id);
    if (!release) return false;
    this.#held?.release();
    this.#held = { id, release };
    return true;
  }

  /** Whether no other tab can be writing a history. */
  holds(id: string): boolean {
    return this.#locks !== undefined && this.#held?.id === id;
  }

  /** From now on the tab finds this one again. */
  remember(id: string): void {
    try {
      this.#storage().setItem(KEY, id);
    } catch {
      // As above.
    }
  }

  /** The histories that other tabs have open, as far as that can be known. */
  async others(): Promise<ReadonlySet<string>> {
    const { held = [] } = (await this.#locks?.query().catch(() => undefined)) ?? {};
    const ids = held.flatMap(({ name = '' }) =>
      name.startsWith(LOCK) ? name.slice(LOCK.length) : [],
    );
    return new Set(ids.filter((id) => id !== this.#held?.id));
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
