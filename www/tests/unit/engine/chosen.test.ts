import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { normalise } from '../../../src/drawing/normalise';
import { begun, continued, onSurface, type Stroke } from '../../../src/drawing/strokes';
import { Client } from '../../../src/engine/client';
import { emptyRecipe } from '../../../src/engine/defaults';
import { Pool } from '../../../src/engine/pool';
import { withTraining } from '../../../src/engine/recipes';
import { Session } from '../../../src/engine/session';
import * as state from '../../../src/state';
import { FakeWorker, until } from './fakes';

const options = { data: 'http://here/', sets: [], budgetMs: 1 };
let session: Session;
let lab: FakeWorker;

beforeEach(async () => {
  state.history.value = { entries: [emptyRecipe()], at: 0 };
  state.network.value = null;
  state.subject.value = 'test';
  state.drawing.value = [];
  state.penDown.value = false;
  state.imageIndex.value = 0;
  state.data.value = { ...state.data.value, phase: 'ready', train: 60_000, test: 10_000 };
  session = new Session(new Pool(2, () => new Client(new FakeWorker(), options)));
  lab = new FakeWorker();
  session.desk.attach(new Client(lab, { ...options, onLost: () => session.labLost() }));
  session.labReady();
});

afterEach(() => session.labLost());

async function trained(): Promise<void> {
  session.propose(withTraining(state.controls.value), true);
  await until(() => session.settled && state.network.value !== null);
}

function draw(strokes: readonly Stroke[]): void {
  state.drawing.value = strokes;
  state.subject.value = 'drawing';
  session.changed();
}

const line = (to: number) =>
  continued(begun([], onSurface(0.5, 0.2)), [onSurface(0.5, 0.5), onSurface(to, 0.8)]);

describe('the chosen image', () => {
  it('comes with the way its attack took', async () => {
    await trained();
    await until(() => state.trajectory.value !== null);
    expect(state.image.value?.index).toBe(0);
    expect(state.trajectory.value).toMatchObject({ index: 0, frames: 2 });
    state.frame.value = 1;
    state.imageIndex.value = 4;
    session.changed();
    await until(() => state.image.value?.index === 4 && state.trajectory.value?.index === 4);
    // A place on the way of one image means nothing on that of another.
    expect(state.frame.value).toBeNull();
  });

  it('is the drawing while one is drawn, and the test image again afterwards', async () => {
    await trained();
    draw(line(0.7));
    await until(() => state.image.value?.index === -1 && state.trajectory.value?.index === -1);
    expect(lab.lab.drawings.at(-1)).toEqual([...normalise(line(0.7))]);
    state.subject.value = 'test';
    session.changed();
    await until(() => state.image.value?.index === 0 && state.trajectory.value?.index === 0);
  });

  it('attacks the newest drawing, and not every one on the way there', async () => {
    await trained();
    await until(() => state.trajectory.value !== null);
    state.penDown.value = true;
    for (let step = 0; step <= 40; step += 1) draw(line(0.3 + step / 100));
    const newest = normalise(line(0.7));
    await until(() => state.image.value?.image.join() === [...newest].join());
    expect(lab.lab.drawings.length).toBeLessThan(5);
    // The way there is looked at once the pen is lifted.
    expect(state.trajectory.value).toBeNull();
    state.penDown.value = false;
    session.changed();
    await until(() => state.trajectory.value?.index === -1);
  });

  it('is nothing while the drawing is empty', async () => {
    await trained();
    await until(() => state.image.value !== null);
    draw([]);
    await until(() => state.image.value === null && state.trajectory.value === null);
    expect(lab.lab.drawings).toHaveLength(0);
    draw(line(0.7));
    await until(() => state.image.value?.index === -1);
    draw([]);
    await until(() => state.image.value === null);
    expect(state.notices.value).toEqual([]);
  });

  it('is not attacked before there is a network, but then it is', async () => {
    draw(line(0.7));
    expect(state.image.value).toBeNull();
    await trained();
    await until(() => state.image.value?.index === -1);
    expect(lab.lab.drawings).toHaveLength(1);
  });
});
