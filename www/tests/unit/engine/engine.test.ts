/** The engine and its session, while the lab's workers die. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyRecipe } from '../../../src/engine/defaults';
import { Engine } from '../../../src/engine/engine';
import { networkKey } from '../../../src/engine/keys';
import { givenUp } from '../../../src/engine/lastWords';
import { withCut, withMoreTraining, withTraining } from '../../../src/engine/recipes';
import type { Job } from '../../../src/engine/types';
import * as state from '../../../src/state';

import { Seeded } from '../../seeded';
import { FakeWorker } from './fakes';

let engine: Engine;
/** Does something to every worker that is started. */
let born: (worker: FakeWorker) => void = () => {};
let poison: (job: Job) => boolean = () => false;
/** Trainings do not come on. */
let held = false;

const BROKE = 'The compute worker broke down (unreachable).';

function make(): FakeWorker {
  const worker = new FakeWorker();
  worker.lab.poisoned = (job) => poison(job);
  const step = worker.lab.step.bind(worker.lab);
  worker.lab.step = () => (held ? { ...step(), done: false } : step());
  born(worker);
  return worker;
}

/** The lab's worker is the newest that has a training to do or a network to show. */
function lab(): FakeWorker | undefined {
  return FakeWorker.all.findLast(
    ({ lab: its, terminated }) => !terminated && its.begun.some(({ job }) => job === 'replay'),
  );
}

/** Waits by a clock that does not keep anybody waiting; messages are real tasks. */
async function until(what: () => boolean): Promise<void> {
  for (let turn = 0; !what(); turn++) {
    if (turn > 5000) throw new Error(`Waited in vain for ${what}`);
    await pass(5);
  }
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  FakeWorker.all = [];
  poison = () => false;
  held = false;
  born = () => {};
  state.history.value = { entries: [emptyRecipe()], at: 0 };
  state.network.value = null;
  state.notices.value = [];
  state.preview.value = null;
  state.verification.value = null;
  state.data.value = { ...state.data.value, phase: 'ready', train: 60_000, test: 10_000 };
  engine = new Engine(make);
});

afterEach(() => {
  engine.stop();
  vi.useRealTimers();
});

const settled = () => until(() => engine.session.settled && state.network.value !== null);
const sentences = () => state.notices.value.map(({ sentence }) => sentence);

async function trained(): Promise<void> {
  engine.start();
  engine.session.propose(withTraining(state.controls.value), true);
  await settled();
}

/** Resolves in the moment in which the engine knows that its worker died. */
async function killed(): Promise<void> {
  const worker = lab();
  worker?.say({ kind: 'dead', sentence: 'It died.' });
  while (worker && !worker.terminated) await Promise.resolve();
}

const trainMore = () =>
  engine.session.propose(
    withMoreTraining(engine.session.target, state.controls.value.train, 2),
    true,
  );

describe('an engine', () => {
  it('gives up a worker that dies at every start, and starts it again when asked', async () => {
    born = (worker) => worker.say({ kind: 'dead', sentence: 'It did not load.' });
    engine.start();
    await until(() => state.engine.value.phase === 'stopped');
    expect(FakeWorker.all).toHaveLength(5);
    expect(state.engine.value.sentence).toContain('could not be started. (It did not load.)');
    born = () => {};
    engine.again();
    await until(() => state.engine.value.phase === 'ready');
  });

  it('keeps what is on screen when the worker dies again and again', async () => {
    await trained();
    const [entries, facts] = [state.history.value.entries, state.network.value];
    born = (worker) => worker.say({ kind: 'dead', sentence: 'It did not load.' });
    lab()?.say({ kind: 'dead', sentence: 'It died.' });
    await until(() => state.engine.value.phase === 'stopped');
    expect(state.engine.value.sentence).toContain('What is on screen stays.');
    expect(state.history.value.entries).toBe(entries);
    expect(state.network.value).toBe(facts);
    born = () => {};
    engine.again();
    await settled();
    expect(state.network.value?.digest).toBe(facts?.digest);
  });

  it('survives that no worker can even be made', async () => {
    let refused = 0;
    const made = new Engine(() => {
      if (refused++ < 2) throw new Error('No more workers.');
      return make();
    });
    made.start();
    await until(() => state.engine.value.phase === 'ready');
    made.stop();
    expect(refused).toBe(3);
  });

  it('gives up a training that kills every worker, and keeps the network before', async () => {
    await trained();
    const digest = state.network.value?.digest;
    poison = (job) => job.job === 'replay' && job.recipe.steps.length > 1;
    trainMore();
    await until(() => sentences().includes(givenUp(BROKE)));
    await settled();
    expect(state.engine.value.phase).toBe('ready');
    expect(state.network.value?.digest).toBe(digest);
    expect(state.history.value.entries).toHaveLength(2);
    // Whatever was wrong with it may be over.
    poison = () => false;
    state.notices.value.find(({ sentence }) => sentence === givenUp(BROKE))?.retry?.();
    await until(() => state.history.value.entries.length === 3 && engine.session.settled);
  });

  it('does without a checkpoint that kills whoever restores it', async () => {
    await trained();
    const digest = state.network.value?.digest;
    born = (worker) => {
      worker.lab.restore = () => {
        throw new WebAssembly.RuntimeError('unreachable');
      };
    };
    await killed();
    await settled();
    expect(state.engine.value.phase).toBe('ready');
    expect(state.network.value?.digest).toBe(digest);
  });

  it('tells once of each replacement, and whether a training went on', async () => {
    await trained();
    lab()?.say({ kind: 'dead', sentence: 'It died.' });
    await until(() => sentences().length === 1);
    expect(sentences()[0]).toContain('nothing was lost');
    await settled();
    state.notices.value = [];
    held = true;
    trainMore();
    await until(() => state.training.value.phase === 'running');
    held = false;
    lab()?.say({ kind: 'dead', sentence: 'It died.' });
    await until(() => sentences().length === 1);
    expect(sentences()[0]).toContain('training goes on from the newest checkpoint');
  });

  it('starts no worker after it was stopped', async () => {
    await trained();
    await killed();
    engine.stop();
    const started = FakeWorker.all.length;
    await pass(5000);
    expect(FakeWorker.all).toHaveLength(started);
  });

  it.each([1, 2])(
    'loses no history to twenty deaths: seed %i',
    async (seed) => {
      const random = new Seeded(seed);
      await trained();
      // What a visitor's history must be, had nobody died.
      let entries = state.history.value.entries.map(networkKey);
      let at = 1;
      for (let turn = 0; turn < 16; turn++) {
        if (random.chance(0.3)) lab()?.say({ kind: 'dead', sentence: 'It died.' });
        const what = random.below(4);
        if (what === 0 && at > 0) {
          engine.session.move(-1);
          at--;
        } else if (what === 1 && at < entries.length - 1) {
          engine.session.move(1);
          at++;
        } else {
          const { target } = engine.session;
          const next =
            target.steps.length === 0
              ? withTraining(state.controls.value)
              : withCut(target, [[turn % 7], [turn % 3]]);
          if (networkKey(next) !== entries[at]) {
            entries = [...entries.slice(0, at + 1), networkKey(next)];
            at++;
          }
          engine.session.propose(next, false);
        }
        for (let some = random.below(8); some > 0; some--) await pass(1);
        await killed();
        await until(() => engine.session.settled && state.engine.value.phase === 'ready');
        expect(state.history.value.entries.map(networkKey)).toEqual(entries);
        expect(state.history.value.at).toBe(at);
        expect(state.network.value === null).toBe(at === 0);
      }
    },
    60_000,
  );
});
