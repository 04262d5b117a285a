/** A sweep: a grid over recipes with one or two axes, repeated over seeds. */

import { controls, recipe } from '../state';
import { NOT_RUN, type SweepSettings, sweep, sweepSettings } from '../trialsState';
import { Batch } from './batch';
import type { Core } from './core';
import type { Farm } from './farm';
import { prefixKey } from './farmWork';
import { sentenceOf } from './loader';
import { withOutcome } from './race';
import { withPrune, withTraining } from './recipes';
import type { Recipe } from './types';

/**
 * The recipe on screen; before there is one, that of the controls. Where an axis is of a pruning
 * that the recipe has not, it is pruned as the controls say.
 */
export function sweptRecipe(shown: Recipe, { rows, columns, images: most }: SweepSettings): Recipe {
  const trained = shown.steps.length > 0 ? shown : withTraining(controls.peek());
  const pruned = [rows, columns].some(({ name }) => name.startsWith('prune'));
  const made = pruned ? withSomePrune(trained) : trained;
  const images = Math.min(most, made.measure.images);
  return { ...made, measure: { ...made.measure, images } };
}

function withSomePrune(recipe: Recipe): Recipe {
  const has = recipe.steps.some(({ step }) => step === 'prune');
  return has ? recipe : withPrune(recipe, controls.peek().prune);
}

/** The axes as the core takes them, the slowest first. */
export function axesOf({ rows, columns, seeds }: SweepSettings): string[] {
  const written = [rows, columns].filter(({ name, values }) => name !== '' && values !== '');
  const axes = written.map(({ name, values }) => `${name}=${values.replaceAll(' ', '')}`);
  // Seeds turn slowest, because each takes a training.
  return seeds === '' ? axes : [`seed=${seeds.replaceAll(' ', '')}`, ...axes];
}

export class Sweeping {
  readonly #core: Core;
  readonly #farm: Farm;
  readonly #batch: Batch;
  readonly #checkpoints: () => Uint8Array[];

  constructor(core: Core, farm: Farm, checkpoints: () => Uint8Array[]) {
    this.#core = core;
    this.#farm = farm;
    this.#batch = new Batch(farm);
    this.#checkpoints = checkpoints;
  }

  /** Finds out what can be an axis, how many cells there would be, and how to write them down. */
  async plan(): Promise<void> {
    const settings = sweepSettings.peek();
    const base = sweptRecipe(recipe.peek(), settings);
    try {
      const names = await this.#core.ask('sweepAxes', [withSomePrune(base)]);
      const link = await this.#core.ask('formatLink', [base, { image: 0 }, undefined]);
      sweep.value = { ...sweep.peek(), names, link };
      const cells = await this.#core.ask('sweepCells', [base, axesOf(settings)]);
      if (settings === sweepSettings.peek()) {
        sweep.value = { ...sweep.peek(), planned: cells.length, problem: '' };
      }
    } catch (error) {
      if (settings !== sweepSettings.peek()) return;
      sweep.value = { ...sweep.peek(), planned: 0, problem: sentenceOf(error) };
    }
  }

  async run(): Promise<void> {
    const settings = sweepSettings.peek();
    const base = sweptRecipe(recipe.peek(), settings);
    try {
      const swept = await this.#core.ask('sweepCells', [base, axesOf(settings)]);
      const from = await this.#core.ask('formatLink', [base, { image: 0 }, undefined]);
      const cells = swept.map(({ recipe: of, link, at }) => ({
        at,
        link,
        outcome: null,
        trial: {
          recipe: of,
          asked: { transfer: true, adaptive: [of.measure.eps], certified: [], frozen: false },
        },
      }));
      // What the lab has trained already need not be trained again.
      if (recipe.peek().steps.length > 0) this.#farm.know(prefixKey(base), this.#checkpoints());
      sweep.value = {
        ...sweep.peek(),
        run: NOT_RUN,
        settings,
        base: from,
        cells,
        summed: [],
        problem: '',
      };
      this.#start();
    } catch (error) {
      sweep.value = { ...sweep.peek(), problem: sentenceOf(error) };
    }
  }

  #start(): void {
    let counted = 0;
    this.#batch.start(
      sweep.peek().cells.map(({ trial }) => trial),
      ({ results }, run) => {
        const known = results;
        const cells = sweep.peek().cells.map((cell, at) => withOutcome(cell, known[at] ?? null));
        sweep.value = { ...sweep.peek(), cells, run };
        if (run.done === counted) return;
        counted = run.done;
        void this.#sum();
      },
    );
  }

  pause(paused: boolean): void {
    this.#batch.pause(paused);
  }

  cancel(): void {
    this.#batch.cancel();
  }

  async #sum(): Promise<void> {
    const { cells } = sweep.peek();
    const rows = cells.flatMap(({ at, outcome }) => (outcome ? [{ at, outcome }] : []));
    try {
      const summed = await this.#core.ask('sweepSummary', [{ rows, over: ['seed'] }]);
      // More may have come meanwhile, and be summed up already.
      if (sweep.peek().cells[0]?.trial !== cells[0]?.trial) return;
      sweep.value = { ...sweep.peek(), summed };
    } catch (error) {
      sweep.value = { ...sweep.peek(), problem: sentenceOf(error) };
    }
  }
}
