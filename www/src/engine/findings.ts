/** Findings: each claim's networks are made, and the core judges it by what they came to. */
import { engine } from '../state';
import * as state from '../trialsState';
import { Batch } from './batch';
import type { Core } from './core';
import { emptyRecipe } from './defaults';
import type { Farm } from './farm';
import { sentenceOf } from './loader';
import { notify } from './notices';
import { withOutcome } from './race';

export class Findings {
  readonly #core: Core;
  readonly #farm: Farm;
  readonly #batches = new Map<string, Batch>();

  constructor(core: Core, farm: Farm) {
    this.#core = core;
    this.#farm = farm;
  }

  /** Asks the core what findings there are; the page shows them from then on. */
  async open(): Promise<void> {
    if (state.findings.peek()) return;
    try {
      const [facts, { default: words }] = await Promise.all([
        this.#core.ask('findings', []),
        import('../generated/findings.json'),
      ]);
      const told = facts.flatMap((each) => {
        const found = words.find(({ name }) => name === each.name);
        return found ? [this.#fresh({ ...each, ...found })] : [];
      });
      const all = await Promise.all(told);
      state.findings.value = all;
    } catch (error) {
      if (engine.peek().phase === 'stopped') this.#openOnceReady();
      else notify('problem', sentenceOf(error), () => void this.open());
    }
  }

  /** The page says already that nothing runs. */
  #openOnceReady(): void {
    const stop = engine.subscribe(({ phase }) => {
      if (phase !== 'ready') return;
      queueMicrotask(() => stop());
      void this.open();
    });
  }

  async #fresh(facts: state.FindingView['facts']): Promise<state.FindingView> {
    const trials = await this.#core.ask('findingTrials', [facts.name]);
    const links = await this.#core.links(trials.map(({ recipe }) => recipe));
    const cells = trials.map((trial, at) => ({ trial, link: links[at] ?? '', outcome: null }));
    return { facts, cells, run: state.NOT_RUN, verdict: null, link: '' };
  }

  run(name: string): void {
    const view = find(name);
    if (!view) return;
    const batch = this.#batches.get(name) ?? new Batch(this.#farm);
    this.#batches.set(name, batch);
    let judged = false;
    // What is known already costs nothing, and would make the browser seem faster than it is.
    const fresh = view.cells.every(({ outcome }) => outcome === null);
    batch.start(
      view.cells.map(({ trial }) => trial),
      ({ results }, run) => {
        const known = results;
        const before = find(name)?.cells ?? [];
        const cells = before.map((cell, at) => withOutcome(cell, known[at] ?? null));
        const complete = cells.every(({ outcome }) => outcome !== null);
        // Without every one of its networks there is no verdict.
        const phase = run.phase === 'done' && !complete ? 'failed' : run.phase;
        change(name, { cells, run: { ...run, phase } });
        if (phase !== 'done' || judged) return;
        judged = true;
        if (fresh && run.secondsTaken > 1) state.pace.value = view.facts.cost / run.secondsTaken;
        void this.#judge(name);
      },
    );
  }

  pause(name: string, paused: boolean): void {
    this.#batches.get(name)?.pause(paused);
  }

  cancel(name: string): void {
    this.#batches.get(name)?.cancel();
  }

  async #judge(name: string): Promise<void> {
    const view = find(name);
    const outcomes = view?.cells.flatMap(({ outcome }) => (outcome ? [outcome] : [])) ?? [];
    try {
      const verdict = await this.#core.ask('judge', [name, outcomes]);
      const link = await this.#core.ask('formatLink', [
        emptyRecipe(),
        { image: 0, finding: name },
        undefined,
        verdict.digest,
      ]);
      change(name, { verdict, link: `${location.href.split('#')[0]}#${link}` });
    } catch (error) {
      const sentence = sentenceOf(error);
      if (view) change(name, { run: { ...view.run, phase: 'failed', sentence } });
    }
  }
}

const find = (name: string) => state.findings.peek()?.find(({ facts }) => facts.name === name);

function change(name: string, news: Partial<state.FindingView>): void {
  const all = state.findings.peek() ?? [];
  state.findings.value = all.map((each) =>
    each.facts.name === name ? { ...each, ...news } : each,
  );
}
