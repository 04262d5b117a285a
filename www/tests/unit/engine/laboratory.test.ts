import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../../../src/engine/client';
import { defaultControls, emptyRecipe } from '../../../src/engine/defaults';
import { befores, usualBefore } from '../../../src/engine/laboratory';
import { Pool } from '../../../src/engine/pool';
import { withCut, withMoreTraining, withTraining } from '../../../src/engine/recipes';
import { Session } from '../../../src/engine/session';
import * as state from '../../../src/state';
import { FakeWorker, until } from './fakes';

const options = { data: 'http://here/', sets: [], budgetMs: 1 };
const { similarity, mixture, pixels } = state.laboratory;
let session: Session;
let lab: FakeWorker;

beforeEach(async () => {
  state.controls.value = defaultControls();
  state.history.value = { entries: [emptyRecipe()], at: 0 };
  state.network.value = null;
  state.kept.value = [];
  state.filtersBefore.value = null;
  for (const study of Object.values(state.laboratory)) {
    study.value = { open: false, phase: 'none', fraction: 0, found: null };
  }
  state.data.value = { ...state.data.value, phase: 'ready', train: 60_000, test: 10_000 };
  session = new Session(new Pool(1, () => new Client(new FakeWorker(), options)));
  lab = new FakeWorker();
  session.desk.attach(new Client(lab, options));
  session.labReady();
  session.propose(withTraining(state.controls.value), true);
  await until(() => session.settled && state.network.value !== null);
});

afterEach(() => session.labLost());

const studied = () =>
  lab.lab.begun.filter(({ job }) => job === 'similarity' || job === 'mixture' || job === 'pixels');

function open(name: state.StudyName, wanted = true): void {
  session.measures.laboratory.open(name, wanted);
  session.changed();
}

async function cut(unit: number): Promise<void> {
  session.propose(withCut(session.target, [[unit], []]), false);
  await until(() => session.settled);
}

describe('the laboratory', () => {
  it('measures nothing that nobody opened', async () => {
    await until(() => state.curve.value.phase === 'done');
    expect(studied()).toEqual([]);
    open('similarity');
    expect(similarity.value.phase).toBe('running');
    await until(() => similarity.value.phase === 'done');
    expect(similarity.value.found?.digest).toBe(state.network.value?.digest);
    expect(studied()).toHaveLength(1);
    open('similarity', false);
    await cut(1);
    expect(studied()).toHaveLength(1);
  });

  it('measures anew once the network is another, and remembers the one before', async () => {
    open('pixels');
    await until(() => pixels.value.phase === 'done');
    const first = pixels.value.found;
    expect(first?.images).toBe(60_000);
    // Until there is something newer, what was found stays in sight.
    const seen: string[] = [];
    const stop = pixels.subscribe(({ phase, found }) => {
      seen.push(`${phase}, ${found === first ? 'first' : 'second'}`);
    });
    await cut(1);
    await until(() => pixels.value.phase === 'done' && pixels.value.found !== first);
    stop();
    expect([...new Set(seen)]).toEqual(['done, first', 'running, first', 'done, second']);
    session.move(-1);
    await until(() => pixels.value.found === first && pixels.value.phase === 'done');
    expect(studied()).toHaveLength(2);
  });

  it('compares filters with the weights as drawn, then with the first training', async () => {
    open('mixture');
    await until(() => mixture.value.phase === 'done');
    const trained = state.network.value?.digest;
    const drawn = mixture.value.found?.beforeDigest;
    expect(drawn).not.toBe(trained);
    await cut(1);
    await until(() => mixture.value.phase === 'done' && mixture.value.found?.digest !== trained);
    expect(mixture.value.found?.beforeDigest).toBe(trained);
    expect(mixture.value.found?.digest).toBe(state.network.value?.digest);
    session.measures.laboratory.compareWith({ kind: 'steps', steps: 0 });
    session.changed();
    await until(() => mixture.value.found?.beforeDigest === drawn);
    // What is on screen is still what the Lab holds afterwards.
    expect(mixture.value.found?.digest).toBe(state.network.value?.digest);
  });

  it('compares filters with a kept network, as long as it is kept', async () => {
    const trained = state.network.value?.digest ?? '';
    expect(session.measures.matrices.keep()).toBeNull();
    await cut(1);
    await cut(2);
    open('mixture');
    session.measures.laboratory.compareWith({ kind: 'kept', digest: trained });
    session.changed();
    await until(() => mixture.value.found?.beforeDigest === trained);
    session.measures.laboratory.compareWith({ kind: 'kept', digest: 'of another life' });
    session.changed();
    await until(() => mixture.value.phase === 'done');
    expect(mixture.value.found?.beforeDigest).toBe(trained);
  });
});

describe('what filters are compared with', () => {
  const controls = defaultControls();
  const trained = withTraining(controls);

  it('is what came before the newest steps of this life', () => {
    expect(usualBefore(trained)).toBe(0);
    const more = withMoreTraining(trained, controls.train, 2);
    expect(usualBefore(withCut(more, [[1], []]))).toBe(1);
    const steps = [...more.steps, ...trained.steps];
    expect(usualBefore({ ...trained, steps })).toBe(2);
    const again = { ...trained, steps: [...steps, ...more.steps.slice(1)] };
    expect(usualBefore(again)).toBe(3);
    expect(befores(again, [], [8, 4])).toEqual([
      { kind: 'steps', steps: 0 },
      { kind: 'steps', steps: 3 },
    ]);
  });

  it('has as many filters', () => {
    const kept = [8, 9].map((units) => ({
      digest: `${units}`,
      name: 'A',
      hidden: [units, 4],
      sparsity: 0,
    }));
    expect(befores(trained, kept, [8, 4])).toEqual([
      { kind: 'steps', steps: 0 },
      { kind: 'kept', digest: '8' },
    ]);
  });
});
