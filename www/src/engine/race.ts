/** The race of criteria: every criterion at every amount, beside random orders. */

import { RANDOM, WHOLE } from '../plots/race';
import { controls, recipe } from '../state';
import type { CellView, RaceCell, RaceSettings } from '../trialsState';
import { NOT_RUN, race, raceSettings } from '../trialsState';
import { Batch } from './batch';
import type { Core } from './core';
import { defaultControls } from './defaults';
import type { Farm } from './farm';
import { prefixKey } from './farmWork';
import { keyOf, networkKey } from './keys';
import { notify } from './notices';
import { baseOf, withPrune, withTraining } from './recipes';
import type { Area, Recipe, SweepRow } from './types';

/** Every cell, those of one amount together so that all curves grow from the left at once. */
export function raceCells(settings: RaceSettings, on: Recipe): RaceCell[] {
  const { what, criteria, amounts, draws, seeds } = settings;
  const images = Math.min(settings.images, on.measure.images);
  const base = { ...baseOf(on), measure: { ...on.measure, images } };
  const usual = defaultControls().prune;
  const asked = { transfer: true, adaptive: [on.measure.eps], certified: [], frozen: false };
  const entries = [
    ...criteria.map((by) => ({ by, draw: 0 })),
    ...Array.from({ length: draws }, (_, draw) => ({ by: RANDOM, draw })),
  ];
  const ascending = [...amounts].sort((a, b) => a - b);
  const all = seeds === 'screen' ? [on.network.seed] : seeds;
  return all.flatMap((seed) => {
    const recipe = { ...base, network: { ...base.network, seed } };
    const cell = { seed, link: '', outcome: null };
    return [
      { ...cell, by: WHOLE, draw: 0, amount: 0, trial: { recipe, asked } },
      ...ascending.flatMap((amount) =>
        entries.map(({ by, draw }) => ({
          ...cell,
          by,
          draw,
          amount,
          trial: { recipe: withPrune(recipe, { ...usual, what, by, draw, amount }), asked },
        })),
      ),
    ];
  });
}

/**
 * A criterion beside chance, as rows of which each random order has its own: a curve is compared
 * with every random one of its seed.
 */
export function rowsBeside(cells: readonly RaceCell[], by: RaceCell['by']): SweepRow[] {
  const draws = [...new Set(cells.flatMap((cell) => (cell.by === RANDOM ? [cell.draw] : [])))];
  const row = (cell: RaceCell, draw: number): SweepRow[] => {
    if (!cell.outcome) return [];
    const at = { seed: cell.seed, draw, by: cell.by, amount: cell.amount };
    const settings = Object.entries(at).map(([name, value]) => ({ name, value }));
    return [{ at: settings, outcome: cell.outcome }];
  };
  return cells.flatMap((cell) => {
    if (cell.by === RANDOM) return row(cell, cell.draw);
    return cell.by === by ? draws.flatMap((draw) => row(cell, draw)) : [];
  });
}

/** The recipe on screen; before there is one, the training of the controls. */
export function racingOn(): Recipe {
  const shown = recipe.value;
  return shown.steps.length > 0 ? shown : withTraining(controls.value);
}

/** What names the network that is cut, and the attack on it. */
export function baseKey(on: Recipe): string {
  return keyOf([networkKey(baseOf(on)), on.attack, on.measure.eps]);
}

export class Race {
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

  run(): void {
    const settings = raceSettings.peek();
    const on = racingOn();
    const cells = raceCells(settings, on);
    // What the lab has trained already need not be trained again.
    if (recipe.peek().steps.length > 0) this.#farm.know(prefixKey(on), this.#checkpoints());
    const { eps } = on.measure;
    race.value = { run: NOT_RUN, settings, base: baseKey(on), eps, cells, areas: [] };
    let summed = false;
    this.#batch.start(
      cells.map(({ trial }) => trial),
      ({ results }, run) => {
        const known = results;
        const next = race.peek().cells.map((cell, at) => withOutcome(cell, known[at] ?? null));
        race.value = { ...race.peek(), cells: next, run };
        if (run.phase !== 'done' || summed) return;
        summed = true;
        void this.#compare(next);
      },
    );
    void this.#link(cells);
  }

  pause(paused: boolean): void {
    this.#batch.pause(paused);
  }

  cancel(): void {
    this.#batch.cancel();
  }

  async #link(cells: readonly RaceCell[]): Promise<void> {
    try {
      const links = await this.#core.links(cells.map(({ trial }) => trial.recipe));
      const now = race.peek();
      // Another race may have begun meanwhile.
      if (now.cells[0]?.trial !== cells[0]?.trial) return;
      const linked = now.cells.map((cell, at) => ({ ...cell, link: links[at] ?? '' }));
      race.value = { ...now, cells: linked };
    } catch (error) {
      notify('problem', error instanceof Error ? error.message : String(error));
    }
  }

  async #compare(cells: readonly RaceCell[]): Promise<void> {
    const { criteria } = race.peek().settings;
    const along = { over: ['seed', 'draw'], along: 'amount', between: 'by' };
    try {
      const found = await Promise.all(
        criteria.map((by) =>
          this.#core.ask('sweepAreas', [{ rows: rowsBeside(cells, by), ...along }]),
        ),
      );
      if (race.peek().cells[0]?.trial !== cells[0]?.trial) return;
      const areas = found.flatMap((each, at) => {
        const by = criteria[at];
        return by ? each.map((area) => against(area, by)) : [];
      });
      race.value = { ...race.peek(), areas };
    } catch (error) {
      notify('problem', error instanceof Error ? error.message : String(error));
    }
  }
}

/** The criterion's curve less that of chance, whichever came first. */
function against({ measure, first, area }: Area, by: RaceCell['by']) {
  const { mean, low, high, n } = area;
  return first === by
    ? { by, measure, value: mean, low, high, n }
    : { by, measure, value: -mean, low: -high, high: -low, n };
}

/** The same cell where nothing is new, so that only what is new is drawn again. */
export function withOutcome<C extends CellView>(cell: C, outcome: C['outcome']): C {
  return cell.outcome === outcome ? cell : { ...cell, outcome };
}
