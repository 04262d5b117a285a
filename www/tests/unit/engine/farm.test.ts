import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../src/engine/batch';
import { Client } from '../../../src/engine/client';
import { defaultControls } from '../../../src/engine/defaults';
import { Farm, type FarmOptions } from '../../../src/engine/farm';
import type { Run, Trial } from '../../../src/engine/farmRun';
import { prefixKey } from '../../../src/engine/farmWork';
import { withPrune, withTraining } from '../../../src/engine/recipes';
import { FakeWorker, until } from './fakes';

const options = { data: 'http://here/', sets: [], budgetMs: 1 };
const asked = { transfer: true, adaptive: [0.05], certified: [], frozen: false };

/** A network of a seed, cut by this much. */
function trial(seed: number, amount: number): Trial {
  const controls = defaultControls();
  const trained = withTraining({ ...controls, network: { ...controls.network, seed } });
  return { recipe: withPrune(trained, { ...controls.prune, amount }), asked };
}

function farm(size: number, more: Partial<FarmOptions> = {}) {
  const workers: FakeWorker[] = [];
  const made = new Farm({
    size,
    makeClient: (events) => {
      const worker = new FakeWorker();
      workers.push(worker);
      return new Client(worker, { ...options, ...events });
    },
    ...more,
  });
  return { farm: made, workers };
}

const over = (run: Run) => until(() => !run.open);
const amounts = [10, 20, 30, 40, 50];

/** What a worker was asked to try, as seed and amount. */
function tried(worker: FakeWorker): string[] {
  return worker.lab.begun.flatMap((job) => {
    if (job.job !== 'trial') return [];
    const cut = job.recipe.steps.at(-1);
    return [`${job.recipe.network.seed}:${cut?.step === 'prune' ? cut.amount : 0}`];
  });
}

describe('the farm', () => {
  it('comes to the same whatever the number of workers', async () => {
    const trials = [0, 1].flatMap((seed) => amounts.map((amount) => trial(seed, amount)));
    const one = farm(1).farm.run(trials, () => {});
    const four = farm(4).farm.run(trials, () => {});
    await over(one);
    await over(four);
    expect(one.phase).toBe('done');
    expect(one.results).toEqual(four.results);
    expect(new Set(one.results.map((result) => result?.digest)).size).toBe(10);
  });

  it('trains no network twice that one worker has, or can give to another', async () => {
    const { farm: shared, workers } = farm(2);
    // Interleaved, so that taking turns would split them.
    const trials = amounts.flatMap((amount) => [trial(0, amount), trial(1, amount)]);
    await over(shared.run(trials, () => {}));
    expect(workers.map((worker) => worker.lab.trained)).toEqual([1, 1]);
  });

  it('lets no worker stand idle, and hands on what another one has trained', async () => {
    const { farm: shared, workers } = farm(2);
    await over(
      shared.run(
        amounts.map((amount) => trial(0, amount)),
        () => {},
      ),
    );
    expect(workers.map((worker) => tried(worker).length > 0)).toEqual([true, true]);
    // Both began at once, so both had to train; a third list finds the network everywhere.
    const before = workers.map((worker) => worker.lab.trained);
    await over(
      shared.run(
        [60, 70, 80, 90].map((amount) => trial(0, amount)),
        () => {},
      ),
    );
    expect(workers.map((worker) => worker.lab.trained)).toEqual(before);
  });

  it('starts from a checkpoint instead of training', async () => {
    const first = farm(1);
    const bytes: Uint8Array[] = [];
    const { recipe } = trial(0, 10);
    const knowing = new Farm({
      size: 1,
      makeClient: (events) =>
        new Client(new FakeWorker(), { ...options, ...events, onCheckpoint: (b) => bytes.push(b) }),
    });
    await over(knowing.run([trial(0, 10)], () => {}));
    expect(bytes.length).toBeGreaterThan(0);
    first.farm.know(prefixKey(recipe), bytes);
    const run = first.farm.run([trial(0, 20)], () => {});
    await over(run);
    expect(first.workers[0]?.lab.trained).toBe(0);
    expect(run.phase).toBe('done');
  });

  it('knows what it was asked before, and does what is asked twice once', async () => {
    const { farm: shared, workers } = farm(2);
    const run = shared.run([trial(0, 10), trial(0, 20), trial(0, 10)], () => {});
    await over(run);
    expect(workers.flatMap(tried).sort()).toEqual(['0:10', '0:20']);
    expect(run.results[0]).toEqual(run.results[2]);
    const again = shared.run([trial(0, 20), trial(0, 10)], () => {});
    expect(again.results).toEqual([run.results[1], run.results[0]]);
    await over(again);
    expect(workers.flatMap(tried)).toHaveLength(2);
  });

  it('serves two lists at once that share a trial', async () => {
    const { farm: shared, workers } = farm(1);
    const one = shared.run([trial(0, 10), trial(0, 20)], () => {});
    const two = shared.run([trial(0, 20), trial(0, 30)], () => {});
    await over(one);
    await over(two);
    expect(two.results[0]).toEqual(one.results[1]);
    expect(workers.flatMap(tried).sort()).toEqual(['0:10', '0:20', '0:30']);
  });

  it('tries a trial again whose worker died', async () => {
    let deaths = 1;
    const { farm: shared, workers } = farm(2);
    const run = shared.run(
      amounts.map((amount) => trial(0, amount)),
      () => {
        const [worker] = workers;
        if (deaths > 0 && worker && worker.lab.begun.length > 1) {
          deaths--;
          worker.lab.dies = true;
        }
      },
    );
    await over(run);
    expect(workers).toHaveLength(3);
    expect(run.phase).toBe('done');
    expect(run.results.every((result) => result !== null)).toBe(true);
  });

  it('gives a trial up that kills every worker, and goes on with the others', async () => {
    const { farm: shared } = farm(1, {});
    const poison = trial(0, 66);
    FakeWorker.poison = (job) =>
      job.job === 'trial' &&
      job.recipe.steps.at(-1)?.step === 'prune' &&
      JSON.stringify(job.recipe).includes('"amount":66');
    const run = shared.run([poison, trial(0, 10)], () => {});
    await over(run);
    FakeWorker.poison = () => false;
    expect(run.cells.map(({ state }) => state)).toEqual(['refused', 'done']);
    expect(viewOf(run)).toMatchObject({
      ...{ phase: 'failed', done: 1, of: 2 },
      sentence: expect.stringContaining('given up'),
    });
    // It may come another time; the other is known already.
    const again = shared.run([poison, trial(0, 10)], () => {});
    await over(again);
    expect(again.phase).toBe('done');
    expect(again.cells[1]?.attempts).toBe(0);
  });

  it('passes on why a trial is refused', async () => {
    const { farm: shared } = farm(1);
    const refused = trial(0, 10);
    refused.recipe.steps.push({ step: 'cut', units: [[0, 1, 2, 3, 4, 5, 6, 7], []] });
    const run = shared.run([refused, trial(0, 20)], () => {});
    await over(run);
    expect(run.cells[0]?.sentence).toBe('Layer 1 would be left without a unit.');
    expect(run.cells[1]?.state).toBe('done');
  });

  it('pauses and goes on', async () => {
    const busy: boolean[] = [];
    const { farm: shared } = farm(2, { onBusy: (now) => busy.push(now) });
    let paused = false;
    const run = shared.run(
      amounts.map((amount) => trial(0, amount)),
      (now) => {
        if (paused || now.results.every((result) => result === null)) return;
        paused = true;
        shared.pause(now, true);
      },
    );
    await until(() => run.phase === 'paused');
    const settled = () => run.results.filter((result) => result !== null).length;
    await new Promise((resolve) => setTimeout(resolve, 30));
    const before = settled();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(settled()).toBe(before);
    expect(before).toBeLessThan(5);
    expect(run.phase).toBe('paused');
    shared.pause(run, false);
    await over(run);
    expect(settled()).toBe(5);
    expect(busy).toEqual([true, false, true, false]);
  });

  it('lets another list work while one is paused', async () => {
    const { farm: shared } = farm(1);
    const first = shared.run([trial(0, 10), trial(0, 20)], () => {});
    await until(() => first.cells.some(({ fraction }) => fraction > 0));
    shared.pause(first, true);
    const second = shared.run([trial(1, 10)], () => {});
    await over(second);
    expect(second.phase).toBe('done');
    shared.pause(first, false);
    await over(first);
    expect(first.results.every((result) => result !== null)).toBe(true);
  });

  it('cancels, keeps what came, and can be asked again', async () => {
    const { farm: shared, workers } = farm(1);
    const trials = amounts.map((amount) => trial(0, amount));
    const run = shared.run(trials, (now) => {
      if (now.results.some((result) => result !== null)) shared.cancel(now);
    });
    await over(run);
    expect(run.phase).toBe('cancelled');
    const kept = run.results.filter((result) => result !== null).length;
    const again = shared.run(trials, () => {});
    expect(again.results.filter((result) => result !== null).length).toBeGreaterThanOrEqual(kept);
    await over(again);
    expect(again.results.every((result) => result !== null)).toBe(true);
    expect(workers).toHaveLength(1);
  });

  it('ends workers that have nothing to do', async () => {
    const { farm: shared, workers } = farm(2, { idleMs: 10 });
    await over(shared.run([trial(0, 10), trial(1, 10)], () => {}));
    await until(() => workers.every(({ terminated }) => terminated));
    expect(shared.workers).toBe(0);
    const run = shared.run([trial(0, 30)], () => {});
    await over(run);
    expect(run.phase).toBe('done');
  });

  it('says why nothing can be tried, and tries again with new workers', async () => {
    const { farm: shared, workers } = farm(1);
    const failed = { phase: 'failed', train: 0, test: 0, trainTotal: 0, testTotal: 0 } as const;
    const run = shared.run([trial(0, 10)], () => {
      const [worker] = workers;
      if (workers.length > 1 || !worker || !run.open) return;
      worker.say({ kind: 'data', state: { ...failed, sentence: 'No images.' } });
    });
    await over(run);
    expect(run.phase).toBe('failed');
    expect(run.sentence).toBe('No images.');
    const again = shared.run([trial(0, 10)], () => {});
    await over(again);
    expect(again.phase).toBe('done');
    expect(workers).toHaveLength(2);
  });

  it('says how far it is', async () => {
    const fractions: number[] = [];
    const { farm: shared } = farm(2);
    const run = shared.run(
      amounts.map((amount) => trial(0, amount)),
      ({ fraction }) => fractions.push(fraction),
    );
    await over(run);
    expect(run.fraction).toBe(1);
    expect(Math.min(...fractions)).toBeLessThan(0.5);
    expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  });
});
