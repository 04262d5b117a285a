import { describe, expect, it } from 'vitest';
import { Client } from '../../../src/engine/client';
import { givenUp } from '../../../src/engine/lastWords';
import { BLOCK, type BlockJob, blocksOf, Pool } from '../../../src/engine/pool';
import { Sums, Tally, UNKNOWN, wilson } from '../../../src/engine/tally';
import type { AttackSettings } from '../../../src/engine/types';
import { FakeWorker, until } from './fakes';

const options = { data: 'http://here/', sets: [], budgetMs: 1 };
const settings: AttackSettings = {
  method: 'pgd',
  eps: 0.1,
  steps: 1,
  step: 0,
  start: 'image',
  target: -1,
  norm: 'linf',
  restarts: 1,
};
const job: BlockJob = { job: 'attack', settings, seed: 0, purpose: 'evaluate' };
const network = { digest: 'a', bytes: new TextEncoder().encode('a') };

async function measured(workers: number, make = () => new FakeWorker()) {
  const pool = new Pool(workers, () => new Client(make(), options));
  const tally = new Tally(1000);
  const failed: string[] = [];
  pool.run({
    rank: 0,
    network,
    job,
    blocks: blocksOf(1000),
    onBlock: (block, result) => {
      if (result.job === 'attack') tally.add(block, result);
    },
    onFailed: (sentence) => failed.push(sentence),
  });
  await until(() => tally.done || failed.length > 0);
  pool.terminate();
  return { figure: tally.figure(), failed };
}

describe('the pool', () => {
  it('finds the same with one worker and with four', async () => {
    const one = await measured(1);
    expect(one.figure).toMatchObject({ total: 1000, done: true });
    expect(await measured(4)).toEqual(one);
  });

  it('replaces a worker that dies and does its block again', async () => {
    let made = 0;
    const some = await measured(2, () => {
      const worker = new FakeWorker();
      worker.lab.dies = ++made <= 2;
      return worker;
    });
    expect(made).toBeGreaterThan(2);
    expect(some).toEqual(await measured(1));
  });

  it('gives up a block that takes every worker with it, and says so', async () => {
    const { failed } = await measured(2, () => {
      const worker = new FakeWorker();
      worker.lab.dies = true;
      return worker;
    });
    expect(failed).toEqual([givenUp('The compute worker broke down (unreachable).')]);
  });

  it('drops the queue of a stream that is cancelled and goes on with the next', async () => {
    const workers: FakeWorker[] = [];
    const pool = new Pool(1, () => {
      workers.push(new FakeWorker());
      return new Client(workers[0] as FakeWorker, options);
    });
    const seen: string[] = [];
    const stream = (name: string, rank: number) =>
      pool.run({
        rank,
        network,
        job,
        blocks: blocksOf(1000),
        onBlock: () => seen.push(name),
        onFailed: () => {},
      });
    const first = stream('first', 0);
    await until(() => seen.length >= 2);
    first.cancel();
    const done = seen.length;
    stream('later', 1);
    stream('sooner', 0);
    await until(() => seen.length === done + 16);
    // One block of the later stream was under way already.
    const order = seen.slice(done);
    expect(order.slice(1, 9)).toEqual(Array(8).fill('sooner'));
    expect(order.filter((name) => name === 'later')).toHaveLength(8);
    pool.terminate();
  });

  it('waits for the images of a block', async () => {
    const worker = new FakeWorker();
    worker.lab.data = { train: 0, test: 0 };
    const measuring = measured(1, () => worker);
    let finished = false;
    void measuring.then(() => {
      finished = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(worker.lab.begun).toHaveLength(1);
    expect(finished).toBe(false);
    worker.lab.data = { train: 0, test: 10_000 };
    worker.host.dataArrived();
    expect((await measuring).figure.done).toBe(true);
  });

  it('lets streams of one rank take turns', async () => {
    const pool = new Pool(1, () => new Client(new FakeWorker(), options));
    const seen: string[] = [];
    for (const name of ['a', 'b']) {
      pool.run({
        rank: 0,
        network: { digest: name, bytes: network.bytes },
        job: { ...job, purpose: 'craft' },
        blocks: blocksOf(512),
        onBlock: (block, _, images) => {
          expect(images).toHaveLength(784 * (block.to - block.from));
          seen.push(name);
        },
        onFailed: () => {},
      });
    }
    await until(() => seen.length === 8);
    expect(seen.slice(0, 6)).not.toEqual(Array(6).fill('a'));
    expect(seen.filter((name) => name === 'b')).toHaveLength(4);
    pool.terminate();
  });
});

describe('blocks', () => {
  it('cover every image once, in strides', () => {
    for (const images of [1, 127, 128, 129, 1000, 10_000]) {
      const blocks = blocksOf(images);
      const sorted = [...blocks].sort((a, b) => a.from - b.from);
      let next = 0;
      for (const { from, to } of sorted) {
        expect(from).toBe(next);
        expect(from % BLOCK).toBe(0);
        next = to;
      }
      expect(next).toBe(images);
    }
    expect(blocksOf(10_000)[1]?.from).toBeGreaterThan(BLOCK);
  });
});

describe('a tally', () => {
  it('counts a block once and is done when all images are in', () => {
    const tally = new Tally(200);
    const withstood = (correct: number) => ({ correct, predictions: [7], norms: [0.5] });
    tally.add({ from: 0, to: 128 }, withstood(100));
    tally.add({ from: 0, to: 128 }, withstood(100));
    expect(tally.figure()).toMatchObject({ correct: 100, total: 128, of: 200, done: false });
    expect(tally.missing()).toEqual([{ from: 128, to: 200 }]);
    expect(tally.first(128)).toBe(100);
    expect(tally.first(200)).toBeUndefined();
    tally.add({ from: 128, to: 200 }, withstood(0));
    expect(tally.figure().done).toBe(true);
    expect(tally.first(200)).toBe(100);
    expect([tally.read[128], tally.read[129], tally.norms[128]]).toEqual([7, UNKNOWN, 0.5]);
  });

  it('sums counts side by side', () => {
    const sums = new Sums(200);
    sums.add({ from: 128, to: 200 }, [72, 10]);
    sums.add({ from: 128, to: 200 }, [72, 10]);
    expect(sums.figure(1)).toMatchObject({ correct: 10, total: 72, of: 200, done: false });
    sums.add({ from: 0, to: 128 }, [100, 20]);
    expect([sums.at(0), sums.at(1), sums.done]).toEqual([172, 30, true]);
  });

  it('has the interval that Wilson gives', () => {
    // Newcombe 1998, table I, method 3: 81 of 263.
    const { low, high } = wilson(81, 263);
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
    expect(wilson(0, 10)).toMatchObject({ low: 0 });
    expect(wilson(10, 10).high).toBeCloseTo(1, 12);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});
