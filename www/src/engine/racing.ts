/** The race of criteria as a list of trials: which networks there are to be made. */
import type { RaceCell, RaceSettings } from '../laboratoryState';
import { defaultControls } from './defaults';
import { baseOf, withPrune } from './recipes';
import type { PruneSettings, Recipe } from './types';

/** The attack and the size are those of the page; the images are the race's own. */
function measured(recipe: Recipe, images: number): Recipe {
  return { ...recipe, measure: { ...recipe.measure, images } };
}

function seeded(recipe: Recipe, seed: number): Recipe {
  return { ...recipe, network: { ...recipe.network, seed } };
}

/** Every cell, those of one amount together so that all curves grow from the left at once. */
export function raceCells(settings: RaceSettings, on: Recipe): RaceCell[] {
  const { what, criteria, amounts, draws, seeds, images } = settings;
  const base = measured(baseOf(on), images);
  const bases = seeds === 'screen' ? [base] : seeds.map((seed) => seeded(base, seed));
  const usual = defaultControls().prune;
  const entries: { by: PruneSettings['by']; draw: number }[] = [
    ...criteria.map((by) => ({ by, draw: 0 })),
    ...Array.from({ length: draws }, (_, draw) => ({ by: 'random' as const, draw })),
  ];
  return bases.flatMap((recipe) =>
    [...amounts]
      .sort((a, b) => a - b)
      .flatMap((amount) =>
        entries.map(({ by, draw }) => ({
          by,
          draw,
          amount,
          seed: recipe.network.seed,
          trial: {
            recipe: withPrune(recipe, { ...usual, what, by, draw, amount }),
            asked: { transfer: true, adaptive: [on.measure.eps], certified: [], frozen: false },
          },
          link: '',
          outcome: null,
        })),
      ),
  );
}
