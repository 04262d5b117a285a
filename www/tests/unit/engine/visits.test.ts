import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../../../src/engine/client';
import { emptyRecipe } from '../../../src/engine/defaults';
import { movedTo } from '../../../src/engine/history';
import { networkKey } from '../../../src/engine/keys';
import { Pool } from '../../../src/engine/pool';
import { withCut, withMoreTraining, withTraining } from '../../../src/engine/recipes';
import { Session } from '../../../src/engine/session';
import type { Recipe } from '../../../src/engine/types';
import * as state from '../../../src/state';
import { FakeWorker, until } from './fakes';

const options = { data: 'http://here/', sets: [], budgetMs: 1 };
let session: Session;

beforeEach(() => {
  state.history.value = { entries: [emptyRecipe()], at: 0 };
  state.network.value = null;
  state.notices.value = [];
  state.preview.value = null;
  state.compared.value = null;
  state.visits.value = new Map();
  state.stepNames.value = new Map();
  state.data.value = { ...state.data.value, phase: 'ready', train: 60_000, test: 10_000 };
  session = new Session(new Pool(2, () => new Client(new FakeWorker(), options)));
  session.desk.attach(
    new Client(new FakeWorker(), { ...options, onLost: () => session.labLost() }),
  );
  session.labReady();
});

afterEach(() => session.labLost());

async function trained(): Promise<Recipe> {
  session.propose(withTraining(state.controls.value), true);
  await until(() => session.settled && state.network.value !== null);
  return state.recipe.value;
}

async function then(recipe: Recipe, slow = false): Promise<Recipe> {
  session.propose(recipe, slow);
  await until(() => session.settled && state.recipe.value.steps.length === recipe.steps.length);
  return state.recipe.value;
}

const visit = (recipe: Recipe) => state.visits.value.get(networkKey(recipe));

describe('the networks of a visit', () => {
  it('keep the figures that were measured while they were on screen', async () => {
    const first = await trained();
    await until(() => visit(first)?.figures.adaptive?.done === true);
    await then(withCut(first, [[1], []]));
    expect(visit(first)?.figures.clean).toMatchObject({ correct: 97, total: 100 });
    expect(visit(first)?.figures.adaptive).toMatchObject({ correct: 2500, done: true });
    expect(visit(state.recipe.value)?.facts.pruned).toEqual([[1], []]);
  });

  it('lose their figures when another size is measured', async () => {
    const first = await trained();
    await until(() => visit(first)?.figures.adaptive?.done === true);
    await then(withCut(first, [[1], []]));
    state.controls.value = {
      ...state.controls.value,
      measure: { ...state.controls.value.measure, eps: 0.3 },
    };
    session.measuresChanged();
    await until(() => visit(first)?.figures.adaptive === null);
    expect(visit(first)?.figures.clean).toMatchObject({ correct: 97 });
  });

  it('are forgotten some time after they left the history', async () => {
    const first = await trained();
    const kept = await then(withCut(first, [[1], []]));
    let other = first;
    for (let unit = 2; unit < 50; unit++) {
      session.goTo(2);
      other = await then(withCut(kept, [[unit], []]));
    }
    await until(() => visit(other) !== undefined);
    expect(visit(first)?.facts).toBeDefined();
    expect(visit(kept)?.facts).toBeDefined();
    // The newest 40 besides the three in the history.
    expect(state.visits.value.size).toBe(43);
    expect(visit(withCut(kept, [[2], []]))).toBeUndefined();
    expect(visit(withCut(kept, [[48], []]))).toBeDefined();
  });

  it('can be returned to, and later steps stay', async () => {
    const first = await trained();
    const second = await then(withCut(first, [[1], []]));
    await then(withMoreTraining(second, state.controls.value.train, 1), true);
    session.goTo(1);
    await until(() => session.settled);
    expect(state.recipe.value.steps).toHaveLength(1);
    expect(state.history.value.entries).toHaveLength(4);
    session.goTo(3);
    await until(() => session.settled);
    expect(state.recipe.value.steps).toHaveLength(3);
    expect(movedTo(state.history.value, 9)).toBe(state.history.value);
  });

  it('give up what is under way when another is returned to', async () => {
    const first = await trained();
    await then(withCut(first, [[1], []]));
    session.propose(withMoreTraining(session.target, state.controls.value.train, 5), true);
    session.goTo(1);
    expect(session.busy).toBe(false);
    await until(() => session.settled);
    expect(state.recipe.value).toEqual(state.history.value.entries[1]);
    expect(state.history.value.entries).toHaveLength(3);
  });

  it('have the names they were given, and lose them with an empty one', async () => {
    const first = await trained();
    const { visits } = session.measures;
    visits.rename(first, '  the first  ');
    expect(visits.nameOf(first)).toBe('the first');
    visits.rename(first, ' ');
    expect(visits.nameOf(first)).toBeUndefined();
  });
});

describe('two networks side by side', () => {
  it('are looked at, measured, and told apart', async () => {
    const first = await trained();
    const second = await then(withCut(first, [[1], []]));
    session.measures.visits.compare(first, second);
    session.changed();
    await until(() => state.compared.value?.difference != null);
    const { tiles, difference } = state.compared.value ?? {};
    expect(tiles?.map((layers) => layers?.length)).toEqual([2, 2]);
    expect(difference?.changed).toEqual([[0], []]);
    await until(() => visit(second)?.figures.adaptive?.done === true);
    expect(session.settled).toBe(true);
    expect(state.recipe.value).toBe(second);
    expect(session.desk.pinned.size).toBe(2);
    session.measures.visits.endComparison();
    expect(session.desk.pinned.size).toBe(0);
    expect(state.compared.value).toBeNull();
  });

  it('may be steps of a link that were never on screen', async () => {
    const first = await trained();
    const second = await then(withCut(first, [[1], []]));
    const third = withCut(first, [[2, 3], []]);
    session.measures.visits.compare(third, second);
    session.changed();
    await until(() => visit(third)?.figures.adaptive?.done === true);
    expect(visit(third)?.facts.pruned).toEqual([[2, 3], []]);
    expect(state.recipe.value).toBe(second);
    expect(state.notices.value).toEqual([]);
  });
});
