import { describe, expect, it } from 'vitest';
import { emptyRecipe } from '../../../src/engine/defaults';
import { Host } from '../../../src/engine/host';
import type { FromWorker } from '../../../src/engine/protocol';
import { withTraining } from '../../../src/engine/recipes';
import * as state from '../../../src/state';
import { FakeLab, links, until } from './fakes';

function hosted() {
  const said: FromWorker[] = [];
  const lab = new FakeLab();
  let time = 0;
  const post = (message: FromWorker) => said.push(message);
  const host = new Host({ lab, links, post, budgetMs: 1, now: () => time++ });
  const of = <K extends FromWorker['kind']>(kind: K) =>
    said.filter((message): message is Extract<FromWorker, { kind: K }> => message.kind === kind);
  return { host, lab, of };
}

const training = { job: 'replay', recipe: withTraining(state.controls.peek()) } as const;

describe('a host', () => {
  it('answers a job, with a checkpoint, and loses no loss between two reports', async () => {
    const { host, of } = hosted();
    host.handle({ kind: 'job', id: 1, job: training });
    await until(() => of('answer').length === 1);
    expect(of('checkpoint')).toHaveLength(1);
    const losses = of('progress').flatMap((message) => message.progress.losses);
    expect(losses).toEqual([4, 3, 2, 1, 0]);
    expect(of('progress').length).toBeLessThan(5);
  });

  it('answers calls between two steps of a job, and stands still while paused', async () => {
    const { host, lab, of } = hosted();
    host.handle({ kind: 'job', id: 1, job: training });
    host.handle({ kind: 'pause', paused: true });
    host.handle({ kind: 'call', id: 2, method: 'hasNetwork', args: [] });
    expect(of('answer')).toEqual([{ kind: 'answer', id: 2, value: false }]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(lab.hasNetwork()).toBe(false);
    host.handle({ kind: 'pause', paused: false });
    await until(() => lab.hasNetwork());
  });

  it('says that a job was cancelled or superseded, and keeps what was before', async () => {
    const { host, lab, of } = hosted();
    host.handle({ kind: 'job', id: 1, job: training });
    host.handle({ kind: 'job', id: 2, job: training });
    host.handle({ kind: 'cancel', id: 1 });
    host.handle({ kind: 'cancel', id: 2 });
    expect(of('cancelled').map((message) => message.id)).toEqual([1, 2]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(lab.hasNetwork()).toBe(false);
  });

  it('takes no checkpoint twice of the same network', async () => {
    const { host, of } = hosted();
    for (const [id, eps] of [0.1, 0.2, 0.3].entries()) {
      const recipe = { ...training.recipe, measure: { ...emptyRecipe().measure, eps } };
      host.handle({ kind: 'job', id, job: { job: 'replay', recipe } });
      await until(() => of('answer').length === id + 1);
    }
    expect(of('checkpoint')).toHaveLength(1);
  });

  it('says once that it is dead, and nothing after', async () => {
    const { host, lab, of } = hosted();
    lab.dies = true;
    host.handle({ kind: 'job', id: 1, job: training });
    await until(() => of('dead').length === 1);
    host.handle({ kind: 'call', id: 2, method: 'hasNetwork', args: [] });
    host.handle({ kind: 'ping' });
    expect(of('answer')).toEqual([]);
    expect(of('pong')).toEqual([]);
    expect(of('dead')).toHaveLength(1);
  });
});
