import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../../../src/engine/client';
import { defaultControls, emptyRecipe } from '../../../src/engine/defaults';
import { attacksOf } from '../../../src/engine/evidence';
import { measureAttack } from '../../../src/engine/keys';
import { arrivals, medianOf, tabled } from '../../../src/engine/matrices';
import { Pool } from '../../../src/engine/pool';
import { withCut, withTraining } from '../../../src/engine/recipes';
import { Session } from '../../../src/engine/session';
import { plainGrey, reach, sizesOf, usual } from '../../../src/engine/sizes';
import { UNKNOWN } from '../../../src/engine/tally';
import * as state from '../../../src/state';
import { FakeWorker, until } from './fakes';

const options = { data: 'http://here/', sets: [], budgetMs: 1 };
let session: Session;
/** The workers of the pool. */
let pool: FakeWorker[] = [];

beforeEach(() => {
  state.controls.value = defaultControls();
  state.history.value = { entries: [emptyRecipe()], at: 0 };
  state.network.value = null;
  state.notices.value = [];
  state.preview.value = null;
  state.kept.value = [];
  state.curveShown.value = 'amount';
  state.data.value = { ...state.data.value, phase: 'ready', train: 60_000, test: 10_000 };
  pool = [];
  const make = () => {
    const worker = new FakeWorker();
    pool.push(worker);
    return new Client(worker, options);
  };
  session = new Session(new Pool(2, make));
  session.desk.attach(new Client(new FakeWorker(), options));
  session.labReady();
});

afterEach(() => session.labLost());

async function trained(): Promise<void> {
  session.propose(withTraining(state.controls.value), true);
  await until(() => session.settled && state.network.value !== null);
}

const begun = () => pool.flatMap((worker) => worker.lab.begun);

describe('the security curve', () => {
  it('comes by itself: measured from above, proven from below', async () => {
    await trained();
    await until(() => state.security.value.phase === 'done');
    const { points, norm } = state.security.value;
    expect(norm).toBe('linf');
    expect(points.map(({ eps }) => eps)).toEqual(sizesOf('linf'));
    for (const { adaptive, certified } of points) {
      expect(adaptive).toMatchObject({ of: 1000, done: true });
      expect(certified?.correct).toBeLessThanOrEqual(adaptive?.correct ?? 0);
    }
    // Block by block: seven of 128 and one of 104, each halved and then rounded.
    expect(points[1]?.adaptive?.correct).toBe(500);
    expect(state.figures.value.certified).toMatchObject({ correct: 500, of: 1000, done: true });
  });

  it('asks for no certificates where there are none', async () => {
    const { attack, measure } = state.controls.value;
    state.controls.value = {
      ...state.controls.value,
      attack: { ...attack, norm: 'l2' },
      measure: { ...measure, images: 512 },
    };
    session.measuresChanged();
    await trained();
    await until(() => state.security.value.phase === 'done');
    expect(state.security.value.norm).toBe('l2');
    expect(state.security.value.points.at(-1)?.eps).toBe(reach('l2'));
    expect(state.security.value.points.every(({ certified }) => certified === null)).toBe(true);
    expect(state.figures.value.certified).toBeNull();
    expect(begun().some(({ job }) => job === 'certify')).toBe(false);
  });

  it('does not depend on the measured size, the certified figure does', async () => {
    await trained();
    await until(() => state.security.value.phase === 'done');
    const before = begun().filter(({ job }) => job === 'curve').length;
    state.controls.value = {
      ...state.controls.value,
      measure: { ...state.controls.value.measure, eps: 0.03 },
    };
    session.measuresChanged();
    expect(state.figures.value.certified?.done).toBe(true);
    await until(() => begun().some((job) => job.job === 'certify' && job.sizes.join() === '0.03'));
    await until(() => session.settled && state.figures.value.certified?.done === true);
    expect(begun().filter(({ job }) => job === 'curve')).toHaveLength(before);
  });
});

describe('the checks for masked gradients', () => {
  it('gather evidence on the same first images and let the core judge it', async () => {
    await trained();
    await until(() => state.checks.value.evidence?.blackBox !== undefined);
    await until(() => state.checks.value.evidence?.large !== undefined);
    await until(() => state.checks.value.evidence?.noise !== undefined);
    await until(() => state.checks.value.rival !== null);
    const { evidence, found, rival } = state.checks.value;
    // Here all attacks find the same.
    expect(rival).toMatchObject({ correct: 128, beats: false });
    expect(evidence).toMatchObject({
      images: 512,
      clean: 512,
      adaptive: 128,
      oneStep: 128,
      iterative: 128,
      large: { eps: 0.5, correct: 128 },
      gradients: { correct: 512, zero: 0, vanishing: 0 },
    });
    // Nothing is cut, so there are no old images that could be stronger.
    expect(evidence?.transfer).toBeUndefined();
    expect(found?.map(({ kind, state: out }) => [kind, out])).toEqual([['noise', 'tripped']]);
    const tried = begun().flatMap((job) => (job.job === 'attack' ? [job.settings] : []));
    const steps = new Map(tried.map(({ method, steps: each }) => [method, each]));
    expect(steps.get('square')).toBe(300);
    expect(tried.some(({ method, steps: each }) => method === 'pgd' && each === 100)).toBe(true);
  });

  it('compare with the old images once something is cut', async () => {
    await trained();
    session.propose(withCut(session.target, [[1], []]), false);
    await until(() => state.checks.value.evidence?.transfer !== undefined);
    // Half of the images end in an even digit.
    expect(state.checks.value.evidence?.transfer).toBe(256);
  });

  it('use what the norm knows, and PGD’s own settings where the figure has them', () => {
    const at = emptyRecipe();
    expect(attacksOf(at).iterative).toEqual(measureAttack(at));
    const l1 = { ...at, attack: { ...at.attack, norm: 'l1' as const, step: 0.5 } };
    expect(attacksOf(l1).blackBox).toBeUndefined();
    expect(attacksOf(l1).large).toMatchObject({ eps: plainGrey('l1'), step: 0 });
    const fgsm = { ...at, attack: { ...at.attack, method: 'fgsm' as const } };
    expect(attacksOf(fgsm).iterative).toEqual(usual('pgd', 'linf', at.measure.eps));
  });
});

describe('the matrices', () => {
  it('tell what is read under attack', async () => {
    await trained();
    await until(() => state.confusion.value?.total === 10_000);
    const counts = state.confusion.value?.counts ?? [];
    expect(counts.flat().reduce((sum, each) => sum + each, 0)).toBe(10_000);
    expect(counts[3]?.[3]).toBe(250);
    expect(counts[3]?.[4]).toBe(750);
  });

  it('aim at every digit when asked, and only then', async () => {
    await trained();
    await until(() => state.confusion.value?.total === 10_000);
    expect(state.targets.value.phase).toBe('none');
    expect(begun().some((job) => job.job === 'attack' && job.settings.target >= 0)).toBe(false);
    session.measures.matrices.aim();
    session.changed();
    await until(() => state.targets.value.phase === 'done');
    const { reached, of, images } = state.targets.value;
    expect(images).toBe(500);
    expect(of[2]?.[7]).toBe(50);
    expect(reached[2]?.[7]).toBe(50);
    expect(of[2]?.[2]).toBe(0);
    // Another network was not attacked.
    session.propose(withCut(session.target, [[1], []]), false);
    await until(() => session.settled && state.targets.value.phase === 'none');
  });

  it('pass images on between kept networks', async () => {
    const { matrices } = session.measures;
    expect(matrices.keep()).toContain('no network');
    await trained();
    expect(matrices.keep()).toBeNull();
    expect(matrices.keep()).toContain('kept already, as A');
    session.propose(withCut(session.target, [[1], []]), false);
    await until(() => session.settled);
    expect(matrices.keep()).toBeNull();
    expect(state.kept.value.map(({ name }) => name)).toEqual(['A', 'B']);
    session.changed();
    await until(() => state.transfers.value.cells.flat().length === 4);
    await until(() => state.transfers.value.cells.flat().every((cell) => cell !== null));
    expect(state.transfers.value.cells[0]?.[1]).toMatchObject({ correct: 256, total: 512 });
    const [first] = state.kept.value;
    matrices.rename(first?.digest ?? '', '  before the cut ');
    matrices.rename(first?.digest ?? '', '  ');
    expect(state.kept.value[0]?.name).toBe('before the cut');
    matrices.remove(first?.digest ?? '');
    session.changed();
    await until(() => state.transfers.value.cells.length === 1);
    expect(state.kept.value.map(({ name }) => name)).toEqual(['B']);
  });

  it('count an image as withstanding where only a larger perturbation fools', () => {
    const labels = Uint8Array.from([1, 1, 1, 1]);
    const read = Uint8Array.from([7, 7, 7, UNKNOWN]);
    const norms = Float32Array.from([0.125, 0.375, 0, 0]);
    const withstood = (image: number, eps: number) => (norms[image] ?? 0) > eps;
    const counts = tabled({ read, withstood }, labels, 0.125);
    expect([counts[1]?.[1], counts[1]?.[7]]).toEqual([1, 2]);
    expect(medianOf(norms, read)).toEqual({ value: 0.25, images: 2 });
    expect(medianOf(new Float32Array(4), read)).toBeNull();
    const half = Float32Array.from([0.5, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(medianOf(half, new Uint8Array(3))?.value).toBe(Number.POSITIVE_INFINITY);
  });

  it('leave out images that are misread anyway', () => {
    const aimed = Array.from({ length: 10 }, (_, target) => ({
      read: Uint8Array.from([target, target, 5]),
      norms: Float32Array.from([0.1, 0, 0.1]),
    }));
    const { reached, of } = arrivals(aimed, Uint8Array.from([4, 4, 4]));
    expect(of[4]).toEqual([2, 2, 2, 2, 0, 2, 2, 2, 2, 2]);
    expect(reached[4]).toEqual([1, 1, 1, 1, 0, 2, 1, 1, 1, 1]);
  });
});

describe('the desk', () => {
  it('keeps the bytes of its network, however many candidates come', async () => {
    await trained();
    const at = state.recipe.value;
    const facts = state.network.value;
    const { signal } = new AbortController();
    for (let unit = 0; unit < 20; unit += 1) {
      const { digest } = await session.desk.score(at, { units: [[unit], []] }, signal);
      expect(await session.desk.candidate(digest)).not.toBeNull();
    }
    expect(session.desk.bytesOf(facts?.digest ?? '')).toBeDefined();
  });
});
