/** Workers that die at any moment, in any way: nobody is left waiting, and nothing is counted twice. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client, type WorkerLike } from '../../../src/engine/client';
import { blocksOf, Pool } from '../../../src/engine/pool';
import { Tally } from '../../../src/engine/tally';
import type { Job } from '../../../src/engine/types';
import { Seeded } from '../../seeded';
import { FakeWorker } from './fakes';

const options = { data: 'http://here/', sets: [], budgetMs: 1 };
const attack: Extract<Job, { job: 'attack' }> = {
  job: 'attack',
  settings: {
    method: 'pgd',
    eps: 0.1,
    steps: 1,
    step: 0,
    start: 'image',
    target: -1,
    norm: 'linf',
    restarts: 1,
  },
  seed: 0,
  purpose: 'evaluate',
  from: 0,
  to: 128,
};

/** Something happens to a worker; most of it is the end of it. */
const ACCIDENTS: ((worker: FakeWorker) => void)[] = [
  (worker) => {
    worker.silent = true;
  },
  (worker) => {
    worker.lab.dies = true;
  },
  (worker) => {
    worker.lab.step = () => {
      throw new RangeError('Array buffer allocation failed');
    };
  },
  (worker) => worker.say({ kind: 'dead', sentence: 'It died.' }),
  (worker) => worker.say(null as never),
  (worker) => worker.onerror?.({ message: 'It threw.' } as ErrorEvent),
  (worker) => worker.onmessageerror?.(),
  (worker) => {
    worker.postMessage = () => {
      throw new Error('Out of memory.');
    };
  },
  // None: the clock alone goes on.
  () => {},
];

/** Messages are real tasks; the clock is not. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  const toFake = ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'Date'] as const;
  vi.useFakeTimers({ toFake: [...toFake] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a client whose worker has an accident', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'settles every call once: seed %i',
    async (seed) => {
      const random = new Seeded(seed);
      const worker = new FakeWorker();
      let lost = 0;
      const client = new Client(worker, {
        ...options,
        now: () => Date.now(),
        onLost: () => lost++,
      });
      const settled: number[] = [];
      let asked = 0;
      const watch = (promise: Promise<unknown>) => {
        const id = asked++;
        promise.then(
          () => settled.push(id),
          () => settled.push(id),
        );
      };
      watch(client.ready);
      const moment = random.below(12);
      for (let turn = 0; turn < 12; turn++) {
        if (turn === moment) random.pick(ACCIDENTS)(worker);
        const what = random.below(5);
        if (what === 0) watch(client.call('hasNetwork', []));
        else if (what === 1) watch(client.call('facts', []));
        else if (what === 2) watch(client.job(attack).outcome);
        else if (what === 3) {
          const job = client.job(attack);
          watch(job.outcome);
          if (random.chance(0.5)) job.cancel();
        } else client.pause(random.chance(0.3));
        if (random.chance(0.6)) await pass(random.below(200));
      }
      client.pause(false);
      for (let second = 0; second < 75; second++) await pass(1000);
      // Whoever is asked afterwards is answered as well.
      watch(client.call('hasNetwork', []));
      await pass(10_000);
      expect([...settled].sort((a, b) => a - b)).toEqual(
        Array.from({ length: asked }, (_, id) => id),
      );
      expect(lost).toBe(client.lost ? 1 : 0);
      expect(worker.terminated).toBe(client.lost);
      client.terminate();
      expect(vi.getTimerCount()).toBe(0);
    },
  );
});

describe('a pool whose workers have accidents', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'counts every block once, or says why not: seed %i',
    async (seed) => {
      const random = new Seeded(seed);
      const workers: FakeWorker[] = [];
      // From hardly any to one after the other.
      const dying = random.next() ** 2;
      const make = (): WorkerLike => {
        const worker = new FakeWorker();
        workers.push(worker);
        if (random.chance(dying)) {
          const accident = random.pick(ACCIDENTS);
          setTimeout(() => accident(worker), random.below(4));
        }
        return worker;
      };
      const now = () => Date.now();
      const pool = new Pool(1 + random.below(3), () => new Client(make(), { ...options, now }));
      const streams = Array.from({ length: 4 }, (_, at) => {
        const images = 1 + random.below(1500);
        const tally = new Tally(images);
        const counted: number[] = [];
        const failed: string[] = [];
        const stream = pool.run({
          rank: random.below(2),
          network: { digest: `${at}`, bytes: new TextEncoder().encode(`${at}`) },
          job: { job: 'attack', settings: attack.settings, seed: 0, purpose: 'evaluate' },
          blocks: blocksOf(images),
          onBlock: (block, result) => {
            counted.push(block.from);
            if (result.job === 'attack') tally.add(block, result);
          },
          onFailed: (sentence) => failed.push(sentence),
        });
        return { stream, tally, counted, failed, cancelled: false };
      });
      const [unwanted] = streams;
      if (unwanted && random.chance(0.5)) {
        await pass(random.below(3));
        unwanted.cancelled = true;
        unwanted.stream.cancel();
      }
      for (let second = 0; second < 120; second++) await pass(1000);
      for (const { tally, counted, failed, cancelled } of streams) {
        expect(new Set(counted).size).toBe(counted.length);
        expect(failed.length).toBeLessThanOrEqual(1);
        if (!cancelled) expect(tally.done).toBe(failed.length === 0);
      }
      // A crash loop ends, and soon.
      expect(workers.length).toBeLessThan(120);
      pool.terminate();
      await pass(0);
      expect(workers.filter((worker) => !worker.terminated)).toEqual([]);
      expect(vi.getTimerCount()).toBe(0);
    },
  );
});
