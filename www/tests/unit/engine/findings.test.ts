import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '../../../src/engine/client';
import type { Core } from '../../../src/engine/core';
import { defaultControls } from '../../../src/engine/defaults';
import { Farm } from '../../../src/engine/farm';
import { Findings } from '../../../src/engine/findings';
import { withPrune, withTraining } from '../../../src/engine/recipes';
import type { FindingTrial, TrialResult, Verdict } from '../../../src/engine/types';
import { findings as shown } from '../../../src/trialsState';
import { digestOf, FakeWorker, until } from './fakes';

vi.mock('../../../src/generated/findings.json', () => ({
  default: [{ name: 'one', title: '', claim: '', source: '', about: '', rule: '' }],
}));

const controls = defaultControls();
const options = { data: 'http://here/', sets: [], budgetMs: 1 };

function trials(amounts: number[]): FindingTrial[] {
  return amounts.map((amount) => ({
    label: `${amount} % cut`,
    seed: 0,
    group: 0,
    recipe: withPrune(withTraining(controls), { ...controls.prune, amount }),
    asked: { transfer: true, adaptive: [0.05], certified: [], frozen: false },
  }));
}

/** Judges by the digests of the networks, in their order. */
function judge(outcomes: TrialResult[]): Verdict {
  const digest = digestOf(outcomes.map((outcome) => outcome.digest).join());
  return { stands: 'holds', sentence: 'Holds: it does.', clauses: [], figures: [], digest };
}

class Asked {
  judged: TrialResult[][] = [];
  list: FindingTrial[];

  constructor(list: FindingTrial[]) {
    this.list = list;
  }

  async ask(method: string, args: unknown[]): Promise<unknown> {
    if (method === 'findings') return [{ name: 'one', cost: 1 }];
    if (method === 'findingTrials') return this.list;
    if (method === 'formatLink') return `v=1&finding=${args[1]}&verdict=${args[3]}`;
    const [, outcomes] = args as [string, TrialResult[]];
    this.judged.push(outcomes);
    return judge(outcomes);
  }

  links = async (recipes: unknown[]) => recipes.map((_, at) => `v=1&at=${at}`);
}

async function opened(list: FindingTrial[], size = 2) {
  const core = new Asked(list);
  const farm = new Farm({
    size,
    makeClient: (events) => new Client(new FakeWorker(), { ...options, ...events }),
  });
  const made = new Findings(core as unknown as Core, farm);
  await made.open();
  return { core, made };
}

const one = () => shown.peek()?.[0];

describe('a finding', () => {
  beforeEach(() => {
    shown.value = null;
  });

  it('is not run, and has no verdict, before it is asked for', async () => {
    await opened(trials([10, 20]));
    expect(one()?.run.phase).toBe('none');
    expect(one()?.verdict).toBeNull();
    expect(one()?.cells.map(({ link }) => link)).toEqual(['v=1&at=0', 'v=1&at=1']);
  });

  it('is judged once, by all outcomes in the order of its trials', async () => {
    const { core, made } = await opened(trials([10, 20, 30, 40]), 3);
    const seen: boolean[] = [];
    const stop = shown.subscribe((all) => {
      const [view] = all ?? [];
      const complete = view?.cells.every(({ outcome }) => outcome !== null) ?? false;
      if (view?.verdict) seen.push(complete);
    });
    made.run('one');
    await until(() => one()?.verdict !== null);
    stop();
    expect(one()?.run.phase).toBe('done');
    expect(core.judged).toHaveLength(1);
    const digests = one()?.cells.map(({ outcome }) => outcome?.digest);
    expect(core.judged[0]?.map(({ digest }) => digest)).toEqual(digests);
    expect(one()?.link).toContain(`verdict=${one()?.verdict?.digest}`);
    expect(seen.every(Boolean)).toBe(true);
  });

  it('comes to the same verdict with any number of workers', async () => {
    const verdicts: (string | undefined)[] = [];
    for (const size of [1, 4]) {
      shown.value = null;
      const { made } = await opened(trials([10, 20, 30, 40]), size);
      made.run('one');
      await until(() => one()?.verdict !== null);
      verdicts.push(one()?.verdict?.digest);
    }
    expect(verdicts[0]).toBe(verdicts[1]);
  });

  it('fails without a verdict where one of its networks is not possible', async () => {
    const list = trials([10, 20]);
    list[1]?.recipe.steps.push({ step: 'cut', units: [[0, 1, 2, 3, 4, 5, 6, 7], []] });
    const { core, made } = await opened(list);
    made.run('one');
    await until(() => one()?.run.phase === 'failed');
    expect(one()?.run.sentence).toBe('Layer 1 would be left without a unit.');
    expect(one()?.verdict).toBeNull();
    expect(core.judged).toHaveLength(0);
  });

  it('has no verdict when it is cancelled, and can be asked for again', async () => {
    const { core, made } = await opened(trials([10, 20, 30, 40]), 1);
    made.run('one');
    made.cancel('one');
    await until(() => one()?.run.phase === 'cancelled');
    expect(core.judged).toHaveLength(0);
    made.run('one');
    await until(() => one()?.verdict !== null);
    expect(one()?.run.phase).toBe('done');
  });
});
