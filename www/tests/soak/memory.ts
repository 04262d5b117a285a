/** What the page and its browser hold, and whether that stays so. */
import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from '@playwright/test';

export interface Held {
  /** JavaScript's heap of the page after a collection, bytes. */
  heap: number;
  /** Nodes and listeners of the document, those that are kept though they are not shown included. */
  nodes: number;
  listeners: number;
  /** Of the page's process, which its workers are threads of, bytes. */
  process: number;
}

export const WHAT: Record<keyof Held, string> = {
  heap: 'JavaScript’s heap',
  nodes: 'nodes',
  listeners: 'listeners',
  process: 'memory of the page’s process',
};

export class Memory {
  readonly #page: CDPSession;
  readonly #browser: CDPSession;

  private constructor(page: CDPSession, browser: CDPSession) {
    this.#page = page;
    this.#browser = browser;
  }

  static async of(page: Page): Promise<Memory> {
    const browser = page.context().browser();
    if (!browser) throw new Error('There is no browser to measure.');
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    return new Memory(session, await browser.newBrowserCDPSession());
  }

  async held(): Promise<Held> {
    // What is freed by one collection may free more for the next.
    for (let again = 0; again < 3; again++) await this.#page.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.#page.send('Performance.getMetrics');
    const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    const { processInfo } = await this.#browser.send('SystemInfo.getProcessInfo');
    return {
      heap: value('JSHeapUsedSize'),
      nodes: value('Nodes'),
      listeners: value('JSEventListeners'),
      // Others are of pages that have just been closed, or may be opened next.
      process: Math.max(
        ...processInfo.map(({ type, id }) => (type === 'renderer' ? proportionalSize(id) : 0)),
      ),
    };
  }
}

/** Bytes of a process, its part of what it shares with others; 0 where the system does not tell, or it has just ended. */
function proportionalSize(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return 1024 * Number(/^Pss: +(\d+) kB$/m.exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

export interface Drift {
  what: keyof Held;
  first: number;
  last: number;
  /** Share by which the last differs from the first. */
  share: number;
}

/** The last third of some samples beside the first, by their medians. */
export function drifts(samples: readonly Held[]): Drift[] {
  const third = Math.max(1, Math.floor(samples.length / 3));
  return (Object.keys(WHAT) as (keyof Held)[]).map((what) => {
    const values = samples.map((held) => held[what]);
    const [first, last] = [median(values.slice(0, third)), median(values.slice(-third))];
    return { what, first, last, share: first === 0 ? 0 : last / first - 1 };
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
