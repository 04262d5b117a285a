/**
 * What makes workers die under the page's feet. Everything here is of the tests: the page's own
 * code knows nothing of it.
 */
import type { Page } from '@playwright/test';
import type { Seeded } from '../seeded';

export type Role = 'lab' | 'pool' | 'farm' | 'any';

/** Ways to die; of some the page hears nothing, and has to notice. */
export const LOUD = [
  'trap',
  'memory',
  'throw',
  'reject',
  'unreadable',
  'garbage',
  'construction',
] as const;
export const SILENT = ['terminate', 'close', 'mute', 'hang'] as const;
export type Way = (typeof LOUD)[number] | (typeof SILENT)[number];

export interface Strike {
  role: Role;
  way: Way;
  /** Messages of workers of this role, to or from, after which it happens. */
  after: number;
  /** Not before it is ready: of a silent end before that the page hears after many seconds only. */
  ready: boolean;
}

export interface Status {
  /** Strikes that happened, as “way role”. */
  done: string[];
  /** Strikes to come. */
  armed: number;
  /** Calls that somebody waits for, of workers that the page has not ended. */
  pending: number;
  /** Workers that were struck while somebody waited for them, and are not ended yet. */
  unnoticed: number;
  /** Workers of the lab that the page has given up since they were armed. */
  labsLost: number;
  /** Since so many milliseconds nobody waits for anything. */
  quiet: number;
  /** There is a lab that takes calls, as far as the page knows. */
  ready: boolean;
}

interface Chaos {
  arm(strikes: Strike[]): void;
  /** Does the next thing now; what there is no worker for is dropped. */
  force(): void;
  status(): Status;
}

declare global {
  interface Window {
    chaos: Chaos;
  }
}

/** In the page, before any of its scripts: every worker is one that can be struck. */
function wrapWorkers(): void {
  const STORED = 'armed-at-start';
  /** Those that the page has not ended. */
  const all = new Set<Mortal>();
  const done: string[] = [];
  let armed: Strike[] = [];
  let unmakable = 0;
  let labsLost = 0;
  let quietSince = performance.now();

  const sum = (count: (worker: Mortal) => number) =>
    [...all].reduce((total, worker) => total + count(worker), 0);
  const ready = () => [...all].some((worker) => worker.role === 'lab' && worker.ready);
  const pending = () => sum((worker) => worker.pending.size);

  class Mortal extends Worker {
    role = '';
    readonly pending = new Set<number>();
    ready = false;
    struck = false;
    muted = false;

    constructor(url: string | URL, options?: WorkerOptions) {
      if (unmakable > 0) {
        unmakable--;
        throw new DOMException('There is no memory for another worker.', 'QuotaExceededError');
      }
      super(url, options);
      all.add(this);
      // The first to listen, so that nobody else hears what it swallows.
      this.addEventListener('message', (event) => {
        if (this.muted) {
          event.stopImmediatePropagation();
          return;
        }
        const { kind, id } = event.data ?? {};
        if (kind === 'answer' || kind === 'refused' || kind === 'cancelled') {
          this.pending.delete(id);
          quietSince = performance.now();
        }
        if (kind === 'ready') this.ready = true;
        passed(this);
      });
    }

    override postMessage(message: unknown, how?: unknown): void {
      const { kind, id, sets, budgetMs } = (message ?? {}) as Record<string, unknown>;
      if (kind === 'start') {
        const roles = ['reader', 'pool', budgetMs === 12 ? 'lab' : 'farm'];
        this.role = roles[(sets as string[]).length] ?? '';
      }
      if (kind === 'call' || kind === 'job') this.pending.add(id as number);
      if (!this.muted) super.postMessage(message, how as Transferable[]);
      passed(this);
    }

    override terminate(): void {
      if (all.delete(this) && this.role === 'lab') labsLost++;
      quietSince = performance.now();
      super.terminate();
    }

    strike(way: Way): void {
      this.struck = true;
      done.push(`${way} ${this.role}`);
      if (way === 'terminate') super.terminate();
      else if (way === 'mute') this.muted = true;
      else if (way === 'unreadable') this.dispatchEvent(new MessageEvent('messageerror'));
      else if (way === 'garbage') this.dispatchEvent(new MessageEvent('message', { data: null }));
      else if (way === 'construction') {
        unmakable = 1;
        this.dispatchEvent(new MessageEvent('messageerror'));
      } else super.postMessage({ chaos: way });
    }
  }

  const suits = ({ role, ready }: Strike, worker: Mortal) =>
    all.has(worker) &&
    !worker.struck &&
    (role === worker.role || role === 'any') &&
    (worker.ready || !ready);

  function passed(worker: Mortal): void {
    const struck = armed.find((strike) => suits(strike, worker) && strike.after-- <= 0);
    if (!struck) return;
    armed = armed.filter((strike) => strike !== struck);
    // Not in the middle of what the page is about to do.
    queueMicrotask(() => worker.strike(struck.way));
  }

  window.Worker = Mortal as typeof Worker;
  window.chaos = {
    arm: (strikes) => {
      armed = strikes;
      done.length = 0;
      labsLost = 0;
    },
    force: () => {
      const victimOf = (strike: Strike) => [...all].findLast((worker) => suits(strike, worker));
      const next = armed.find(victimOf);
      // Of a pool that has nothing to do there may be none, and will be none.
      if (next) armed = armed.filter((strike) => strike !== next);
      else if (ready()) armed = [];
      const victim = next && victimOf(next);
      if (!next || !victim) return;
      // The core of a worker that has nothing to do does not come to the place where it breaks.
      const idle = victim.pending.size === 0 && (next.way === 'trap' || next.way === 'memory');
      victim.strike(idle ? 'throw' : next.way);
    },
    status: () => {
      const now = performance.now();
      if (pending() > 0) quietSince = now;
      return {
        done: [...done],
        armed: armed.length,
        pending: pending(),
        unnoticed: sum(({ struck, ready, pending: waiting }) =>
          struck && (waiting.size > 0 || !ready) ? 1 : 0,
        ),
        labsLost,
        quiet: now - quietSince,
        ready: ready(),
      };
    },
  };
  // The empty page, which has no storage, comes first.
  const stored = location.protocol === 'about:' ? null : sessionStorage.getItem(STORED);
  if (stored) sessionStorage.removeItem(STORED);
  if (stored) window.chaos.arm(JSON.parse(stored));
}

/** In each worker, before its own script: dies on demand, in the middle of the core if it can. */
const MORTAL = `{
  const now = performance.now.bind(performance);
  let fatal = null;
  // The core looks at the clock in every step, and what is thrown there goes through the core.
  performance.now = () => {
    if (fatal === 'trap') throw new WebAssembly.RuntimeError('unreachable');
    if (fatal === 'memory') throw new RangeError('Array buffer allocation failed');
    return now();
  };
  addEventListener('message', (event) => {
    const way = event.data?.chaos;
    if (!way) return;
    event.stopImmediatePropagation();
    if (way === 'throw') throw new Error('Thrown on purpose.');
    if (way === 'reject') void Promise.reject(new Error('Rejected on purpose.'));
    if (way === 'close') close();
    if (way === 'hang') for (;;);
    fatal = way;
  });
}
`;

/** To be called before the page is opened. */
export async function makeMortal(page: Page): Promise<void> {
  await page.addInitScript(wrapWorkers);
  await page.route(/\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: MORTAL + (await response.text()) });
  });
}

/**
 * Strikes of one round, at random moments; `silent`: the share of rounds whose ends the page has to
 * notice, `early`: of those ends the share that may come before a worker is ready.
 */
export function strikes(
  random: Seeded,
  roles: readonly Role[],
  { silent, early }: { silent: number; early: number },
): Strike[] {
  const several = 2 + random.below(6);
  // What nobody hears takes seconds to be noticed, so then at once of all of them.
  const ways = random.chance(silent) ? SILENT : LOUD;
  return Array.from({ length: several }, () => ({
    role: random.pick(roles),
    way: random.pick<Way>(ways),
    // Most of a job's messages come early.
    after: Math.floor(50 * random.next() ** 2),
    ready: ways === SILENT && !random.chance(early),
  }));
}

/** What the reload that follows finds armed. */
export async function armAtStart(page: Page, armed: Strike[]): Promise<void> {
  await page.evaluate(
    (plan) => sessionStorage.setItem('armed-at-start', plan),
    JSON.stringify(armed),
  );
}
