import { describe, expect, it } from 'vitest';
import { Batch } from '../../../src/engine/batch';
import { Client } from '../../../src/engine/client';
import { defaultControls } from '../../../src/engine/defaults';
import { Farm } from '../../../src/engine/farm';
import { raceCells } from '../../../src/engine/race';
import { withTraining } from '../../../src/engine/recipes';
import type { TrialResult } from '../../../src/engine/types';
import {
  type FindingView,
  findings,
  forgetTrials,
  NOT_RUN,
  race,
  raceSettings,
  sweep,
} from '../../../src/trialsState';
import { FakeWorker, until } from './fakes';

describe('other images', () => {
  it('leave nothing of what was tried on those before, but the settings', () => {
    const done = { ...NOT_RUN, phase: 'done' as const, done: 3, of: 3 };
    const outcome = {} as TrialResult;
    const cells = raceCells(raceSettings.peek(), withTraining(defaultControls())).map((cell) => ({
      ...cell,
      outcome,
    }));
    race.value = { ...race.peek(), run: done, base: 'x', cells };
    sweep.value = { ...sweep.peek(), run: done, base: 'x', names: ['prune.by'] };
    const [first] = cells;
    findings.value = [
      {
        facts: { name: 'pixels' },
        run: done,
        cells: [first],
        verdict: { digest: 'd' },
        link: '#v=1',
      } as unknown as FindingView,
    ];
    forgetTrials();
    expect(race.peek()).toMatchObject({ run: NOT_RUN, base: '', cells: [], areas: [] });
    expect(sweep.peek()).toMatchObject({ run: NOT_RUN, cells: [], names: ['prune.by'] });
    const [finding] = findings.peek() ?? [];
    expect(finding).toMatchObject({ run: NOT_RUN, verdict: null, link: '' });
    expect(finding?.cells.map((cell) => cell.outcome)).toEqual([null]);
  });

  it('are not told what a farm that is gone still had under way', async () => {
    const farm = new Farm({
      size: 1,
      makeClient: (events) =>
        new Client(new FakeWorker(), { data: 'http://here/', sets: [], budgetMs: 1, ...events }),
    });
    const batch = new Batch(farm);
    let told = 0;
    const trial = {
      recipe: withTraining(defaultControls()),
      asked: { transfer: true, adaptive: [0.05], certified: [], frozen: false },
    };
    batch.start([trial], () => {
      told += 1;
    });
    farm.terminate();
    const before = told;
    await until(() => !batch.open);
    await new Promise((done) => setTimeout(done, 60));
    expect(told).toBe(before);
  });
});
