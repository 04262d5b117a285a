import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Cancelled, Client, WorkerLost } from '../../../src/engine/client';
import type { Job, Progress } from '../../../src/engine/types';
import { FakeWorker } from './fakes';

/** A job that goes on and on. */
const waiting: Progress = {
  done: false,
  fraction: 0,
  stage: 'waiting',
  stepIndex: 0,
  steps: 1,
  epoch: 0,
  epochs: 0,
  imagesDone: 0,
  imagesTotal: 0,
  losses: [],
  watched: [],
  overfitting: false,
  checkpoint: false,
};

const options = { data: 'http://here/', sets: [], budgetMs: 1 };
const scoring: Job = { job: 'score' };
/** `runAllTicks` and timers under vitest's clock; messages still need a few microtasks. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function started(onLost?: (reason: WorkerLost) => void) {
  const worker = new FakeWorker();
  let skipped = 0;
  const now = () => Date.now() + skipped;
  const client = new Client(worker, { ...options, now, ...(onLost ? { onLost } : {}) });
  const sleep = (ms: number) => {
    skipped += ms;
  };
  return { worker, client, sleep };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a client', () => {
  it('answers calls, and refuses with the sentence of the Lab', async () => {
    const { client } = started();
    await client.ready;
    expect(await client.call('hasNetwork', [])).toBe(false);
    await expect(client.call('facts', [])).rejects.toThrow('There is no network yet.');
  });

  it('cancels a job that another one supersedes', async () => {
    const { client, worker } = started();
    await client.ready;
    worker.lab.step = () => waiting;
    const first = client.job({ job: 'score' });
    const second = client.job({ job: 'score' });
    await expect(first.outcome).rejects.toThrow(Cancelled);
    second.cancel();
    await expect(second.outcome).rejects.toThrow(Cancelled);
  });

  it('rejects everything when the worker says that it died', async () => {
    const lost: string[] = [];
    const { client, worker } = started((reason) => lost.push(reason.message));
    await client.ready;
    worker.lab.dies = true;
    await expect(client.job(scoring).outcome).rejects.toThrow(WorkerLost);
    await expect(client.call('hasNetwork', [])).rejects.toThrow(WorkerLost);
    expect(lost).toEqual(['The compute worker broke down (unreachable).']);
    expect(worker.terminated).toBe(true);
  });

  it('rejects everything on an error event and on an unreadable message', async () => {
    for (const event of ['onerror', 'onmessageerror'] as const) {
      const { client, worker } = started();
      await client.ready;
      worker.silent = true;
      const call = client.call('hasNetwork', []);
      worker[event]?.({ message: 'no such script' } as never);
      await expect(call).rejects.toThrow(WorkerLost);
    }
  });

  it('notices a worker that was killed without any event', async () => {
    const { client, worker } = started();
    await client.ready;
    worker.silent = true;
    const call = client.call('hasNetwork', []);
    const outcome = expect(call).rejects.toThrow('fell silent');
    await pass(5000);
    expect(client.lost).toBe(false);
    await pass(2000);
    expect(client.lost).toBe(true);
    await outcome;
  });

  it('does not mistake a busy worker that answers pings for a dead one', async () => {
    const { client, worker } = started();
    await client.ready;
    worker.lab.step = () => waiting;
    const job = client.job(scoring);
    await pass(60_000);
    expect(client.lost).toBe(false);
    job.cancel();
    await expect(job.outcome).rejects.toThrow(Cancelled);
  });

  it('takes the silence of a page that slept for no sign of death', async () => {
    const { client, worker, sleep } = started();
    await client.ready;
    worker.silent = true;
    client.call('hasNetwork', []).catch(() => {});
    await pass(2500);
    sleep(3_600_000);
    await pass(1000);
    expect(client.lost).toBe(false);
  });

  it('watches nothing while nothing is pending', async () => {
    const { client, worker } = started();
    await client.ready;
    worker.silent = true;
    await pass(60_000);
    expect(client.lost).toBe(false);
  });
});
