/** Runs what the laboratory below the lab asks for, and writes what comes of it into its state. */
import { effect } from '@preact/signals';
import * as state from '../laboratoryState';
import { engine as condition, controls, recipe } from '../state';
import { Batch } from './batch';
import { WorkerLost } from './client';
import { emptyRecipe } from './defaults';
import type { Engine } from './engine';
import type { Farm } from './farm';
import { prefixKey } from './farmWork';
import { notify } from './notices';
import type { Answer, Arguments, Method } from './protocol';
import { raceCells } from './racing';
import { withTraining } from './recipes';
import type { Trial } from './trials';

/** Links of so many networks are written at once, so that the lab's worker is not held up. */
const LINKS_AT_ONCE = 40;

export class Laboratory {
  readonly #engine: Engine;
  readonly #farm: Farm;
  readonly #findings = new Map<string, Batch>();
  readonly #race: Batch;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#farm = engine.farm;
    this.#race = new Batch(this.#farm);
  }

  /** Asks the core what findings there are; the page shows them from then on. */
  async open(): Promise<void> {
    if (state.findings.peek()) return;
    try {
      const facts = await this.#call('findings', []);
      const all = await Promise.all(
        facts.map(async (each) => ({
          facts: each,
          run: state.NOT_RUN,
          cells: (await this.#call('findingTrials', [each.name])).map(bare),
          judgement: null,
          link: '',
        })),
      );
      state.findings.value = all;
      for (const { facts: each, cells } of all) void this.#linkFinding(each.name, cells);
    } catch (error) {
      notify('problem', sentenceOf(error), () => void this.open());
    }
  }

  runFinding(name: string): void {
    const view = find(name);
    if (!view) return;
    const batch = this.#findings.get(name) ?? new Batch(this.#farm);
    this.#findings.set(name, batch);
    let judged = false;
    batch.start(
      view.cells.map(({ trial }) => trial),
      (run, now) => {
        const outcomes = run.results;
        const cells = (find(name)?.cells ?? []).map((cell, at) => ({
          ...cell,
          outcome: outcomes[at] ?? null,
        }));
        const complete = outcomes.every((outcome) => outcome !== null);
        const failed = now.phase === 'done' && !complete;
        change(name, { cells, run: failed ? { ...now, phase: 'failed' } : now });
        if (now.phase !== 'done' || !complete || judged) return;
        judged = true;
        void this.#judge(name);
      },
    );
  }

  pauseFinding(name: string, paused: boolean): void {
    this.#findings.get(name)?.pause(paused);
  }

  cancelFinding(name: string): void {
    this.#findings.get(name)?.cancel();
  }

  runRace(): void {
    const settings = state.raceSettings.peek();
    const shown = recipe.peek();
    const on = shown.steps.length > 0 ? shown : withTraining(controls.peek());
    const cells = raceCells(settings, on);
    const [first] = cells;
    // What the lab has trained already need not be trained again.
    if (first) this.#farm.know(prefixKey(first.trial.recipe), this.#engine.checkpoints);
    state.race.value = { run: state.NOT_RUN, settings, eps: on.measure.eps, cells, areas: [] };
    this.#race.start(
      cells.map(({ trial }) => trial),
      (run, now) => {
        const known = run.results;
        const next = state.race.peek().cells.map((cell, at) => ({
          ...cell,
          outcome: known[at] ?? null,
        }));
        state.race.value = { ...state.race.peek(), cells: next, run: now };
      },
    );
    void this.#linkRace(cells.map(({ trial }) => trial));
  }

  pauseRace(paused: boolean): void {
    this.#race.pause(paused);
  }

  cancelRace(): void {
    this.#race.cancel();
  }

  async #judge(name: string): Promise<void> {
    const view = find(name);
    const outcomes = view?.cells.flatMap(({ outcome }) => (outcome ? [outcome] : [])) ?? [];
    try {
      const judgement = await this.#call('judge', [name, outcomes]);
      const link = await this.#call('formatLink', [emptyRecipe(), { image: 0 }, undefined]);
      change(name, { judgement, link });
    } catch (error) {
      const sentence = sentenceOf(error);
      if (view) change(name, { run: { ...view.run, phase: 'failed', sentence } });
    }
  }

  async #linkFinding(name: string, cells: readonly state.CellView[]): Promise<void> {
    const links = await this.#links(cells.map(({ trial }) => trial));
    const now = find(name);
    if (now) change(name, { cells: now.cells.map((cell, at) => withLink(cell, links[at])) });
  }

  async #linkRace(trials: readonly Trial[]): Promise<void> {
    const links = await this.#links(trials);
    const now = state.race.peek();
    // Another race may have begun meanwhile.
    if (now.cells[0]?.trial !== trials[0]) return;
    state.race.value = { ...now, cells: now.cells.map((cell, at) => withLink(cell, links[at])) };
  }

  async #links(trials: readonly Trial[]): Promise<string[]> {
    const links: string[] = [];
    for (let from = 0; from < trials.length; from += LINKS_AT_ONCE) {
      const some = trials.slice(from, from + LINKS_AT_ONCE);
      const written = some.map(({ recipe: of }) =>
        this.#call('formatLink', [of, { image: 0 }, undefined]),
      );
      links.push(...(await Promise.all(written)));
    }
    return links;
  }

  /** A quick call to the core; by the next worker, should the lab's die. */
  async #call<M extends Method>(method: M, args: Arguments<M>): Promise<Answer<M>> {
    for (let attempt = 0; ; attempt++) {
      await ready();
      try {
        return await this.#engine.session.desk.client.call(method, args);
      } catch (error) {
        if (!(error instanceof WorkerLost) || attempt > 2) throw error;
      }
    }
  }
}

/** Resolves once the lab's worker takes calls. */
function ready(): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (condition.value.phase !== 'ready') return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

const bare = (trial: Trial): state.CellView => ({ trial, link: '', outcome: null });

function withLink<C extends state.CellView>(cell: C, link = ''): C {
  return { ...cell, link };
}

const find = (name: string) => state.findings.peek()?.find(({ facts }) => facts.name === name);

function change(name: string, with_: Partial<state.FindingView>): void {
  const all = state.findings.peek() ?? [];
  state.findings.value = all.map((each) =>
    each.facts.name === name ? { ...each, ...with_ } : each,
  );
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
