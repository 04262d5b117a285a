import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../../../src/engine/client';
import { emptyRecipe } from '../../../src/engine/defaults';
import { Pool } from '../../../src/engine/pool';
import { withCut, withMoreTraining, withPrune, withTraining } from '../../../src/engine/recipes';
import { Session } from '../../../src/engine/session';
import * as state from '../../../src/state';
import { FakeWorker, until } from './fakes';

const options = { data: 'http://here/', sets: [], budgetMs: 1 };
let session: Session;
let lab: FakeWorker;

function attach(): void {
  lab = new FakeWorker();
  const client = new Client(lab, { ...options, onLost: () => session.labLost() });
  session.desk.attach(client);
  session.labReady();
}

beforeEach(() => {
  state.history.value = { entries: [emptyRecipe()], at: 0 };
  state.network.value = null;
  state.notices.value = [];
  state.preview.value = null;
  state.verification.value = null;
  state.data.value = { ...state.data.value, phase: 'ready', train: 60_000, test: 10_000 };
  session = new Session(new Pool(2, () => new Client(new FakeWorker(), options)));
  attach();
});

afterEach(() => session.labLost());

async function trained(): Promise<void> {
  session.propose(withTraining(state.controls.value), true);
  await until(() => session.settled && state.network.value !== null);
}

function prune(amount: number): void {
  const settings = { ...state.controls.value.prune, amount };
  session.preview.commit();
  session.propose(withPrune(session.target, settings), false);
}

describe('a session', () => {
  it('trains, and every figure and the curve come by themselves', async () => {
    await trained();
    expect(state.history.value.entries).toHaveLength(2);
    await until(() => state.curve.value.phase === 'done');
    const { clean, transfer, adaptive, before } = state.figures.value;
    expect(clean).toMatchObject({ correct: 97, total: 100, done: true });
    expect(transfer).toMatchObject({ done: true });
    expect(adaptive).toMatchObject({ correct: 2500, total: 10_000, done: true });
    expect(before).toMatchObject({ clean: 0.97, transfer: 0.25, adaptive: 0.25 });
    expect(state.curve.value.points).toHaveLength(20);
    expect(state.image.value?.index).toBe(0);
    expect(state.distortion.value?.layers).toHaveLength(2);
    expect(state.tiles.value?.layers[0]?.patterns).toHaveLength(8 * 784);
    expect(state.notices.value).toEqual([]);
    expect(state.training.value.phase).toBe('idle');
  });

  it('replaces a prune step on top, and keeps the bars in place', async () => {
    await trained();
    await until(() => state.distortion.value !== null);
    const bars = state.distortion.value;
    prune(10);
    await until(() => session.settled);
    prune(20);
    await until(() => session.settled);
    expect(state.recipe.value.steps.map((step) => step.step)).toEqual(['train', 'prune']);
    expect(state.history.value.entries).toHaveLength(4);
    expect(state.distortion.value).toBe(bars);
    session.move(-1);
    await until(() => session.settled);
    expect(state.controls.value.prune.amount).toBe(10);
  });

  it('makes one step of hand cuts in a row, each its own entry', async () => {
    await trained();
    session.propose(withCut(session.target, [[1], []]), false);
    session.propose(withCut(session.target, [[1, 2], []]), false);
    session.propose(withCut(session.target, [[1, 2], [0]]), false);
    await until(() => session.settled);
    expect(state.recipe.value.steps.map((step) => step.step)).toEqual(['train', 'cut']);
    expect(state.history.value.entries).toHaveLength(5);
    expect(state.network.value?.pruned).toEqual([[1, 2], [0]]);
    session.move(-1);
    await until(() => session.settled && state.network.value?.pruned[1]?.length === 0);
    expect(state.network.value?.pruned).toEqual([[1, 2], []]);
    session.move(1);
    await until(() => session.settled && state.network.value?.pruned[1]?.length === 1);
  });

  it('shows the patterns of deeper layers through the units that the image makes active', async () => {
    await trained();
    await until(() => state.imageTiles.value !== null);
    expect(state.imageTiles.value?.map((patterns) => patterns?.length ?? 0)).toEqual([0, 4 * 784]);
    state.deepTiles.value = 'weights';
    session.changed();
    await until(() => state.imageTiles.value === null);
    state.deepTiles.value = 'patterns';
    session.changed();
    await until(() => state.imageTiles.value !== null);
  });

  it('comes back to the same network when a cut is taken back at once', async () => {
    await trained();
    session.propose(withCut(session.target, [[1], []]), false);
    session.propose(withCut(session.target, [[], []]), false);
    await until(() => session.settled);
    expect(state.recipe.value.steps).toHaveLength(1);
  });

  it('refuses in one sentence and stays where it was', async () => {
    await trained();
    const before = state.network.value?.digest;
    session.propose(withCut(session.target, [[0, 1, 2, 3, 4, 5, 6, 7], []]), false);
    await until(() => state.notices.value.length > 0);
    expect(state.notices.value[0]?.sentence).toBe('Layer 1 would be left without a unit.');
    // It would be refused again.
    expect(state.notices.value[0]?.retry).toBeUndefined();
    await until(() => session.settled);
    expect(state.network.value?.digest).toBe(before);
    expect(state.history.value.entries).toHaveLength(2);
  });

  it('keeps the network when a training is cancelled', async () => {
    await trained();
    const before = state.network.value?.digest;
    session.propose(withMoreTraining(session.target, state.controls.value.train, 2), true);
    expect(session.busy).toBe(true);
    session.cancel();
    await until(() => session.settled && state.training.value.phase === 'idle');
    expect(state.network.value?.digest).toBe(before);
    expect(state.history.value.entries).toHaveLength(2);
  });

  it('does not train anew when a measure moves meanwhile', async () => {
    session.propose(withTraining(state.controls.value), true);
    state.controls.value = { ...state.controls.value, measure: { eps: 0.2, images: 256 } };
    session.measuresChanged();
    await until(() => session.settled && state.figures.value.adaptive?.done === true);
    const trainings = lab.lab.begun.filter(
      (job) => job.job === 'replay' && job.recipe.steps.length === 1,
    );
    // The training, and one replay from the Lab's memory with the new measures.
    expect(trainings.length).toBeLessThanOrEqual(2);
    expect(state.figures.value.adaptive?.of).toBe(256);
    expect(state.recipe.value.measure.eps).toBe(0.2);
  });

  it('coalesces previews to the newest, and ends them', async () => {
    await trained();
    await until(() => state.distortion.value !== null);
    const before = lab.lab.begun.length;
    for (let amount = 1; amount <= 50; amount++) {
      state.controls.value = {
        ...state.controls.value,
        prune: { ...state.controls.value.prune, amount },
      };
      session.preview.ask({ kind: 'prune', amount });
    }
    await until(() => state.preview.value !== null && !session.preview.moving);
    const amounts = lab.lab.begun
      .slice(before)
      .flatMap((job) => (job.job === 'score' && job.prune ? [job.prune.amount] : []));
    expect(amounts).toContain(50);
    // The first and the newest at most, before the curve's own points follow.
    expect(amounts.indexOf(50)).toBeLessThanOrEqual(1);
    session.preview.end();
    expect(state.preview.value).toBeNull();
  });

  it('opens a link, walks back along its steps and compares digests', async () => {
    const recipe = withCut(withTraining(state.controls.value), [[1], []]);
    const view = { image: 3 };
    session.open({ recipe, view, digest: 'ffffffffffffffff' }, true);
    expect(state.verification.value?.phase).toBe('replaying');
    await until(() => session.settled);
    expect(state.verification.value?.phase).toBe('differs');
    expect(state.verification.value?.sentence).toContain('ffffffffffffffff');
    expect(state.history.value.entries.map((entry) => entry.steps.length)).toEqual([0, 1, 2]);
    const digest = state.network.value?.digest ?? '';
    session.open({ recipe, view, digest }, false);
    await until(() => state.verification.value?.phase === 'same');
    expect(state.verification.value?.sentence).toBe('Reproduced, bit for bit.');
    session.move(-1);
    session.move(-1);
    session.move(-1);
    await until(() => state.network.value === null);
    expect(state.figures.value.clean).toBeNull();
  });

  it('goes on after its worker died in the middle of a training', async () => {
    await trained();
    lab.lab.dies = true;
    session.propose(withMoreTraining(session.target, state.controls.value.train, 2), true);
    await until(() => lab.terminated);
    expect(state.history.value.entries).toHaveLength(2);
    attach();
    await until(() => session.settled);
    expect(state.history.value.entries).toHaveLength(3);
    await until(() => state.figures.value.transfer?.done === true);
    expect(lab.lab.old.size).toBe(1);
  });

  it('stays paused when another worker takes over', async () => {
    await trained();
    session.propose(withMoreTraining(session.target, state.controls.value.train, 2), true);
    session.pause(true);
    lab.onerror?.(new ErrorEvent('error', { message: 'It died.' }));
    attach();
    await until(() => state.training.value.phase === 'paused');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(session.settled).toBe(false);
    session.pause(false);
    await until(() => session.settled);
    expect(state.history.value.entries).toHaveLength(3);
  });

  it('forgets everything on reset, and brings it back on undo', async () => {
    await trained();
    const digest = state.network.value?.digest;
    session.reset();
    expect(state.network.value).toBeNull();
    session.move(-1);
    await until(() => session.settled && state.network.value !== null);
    expect(state.network.value?.digest).toBe(digest);
  });
});
