/** What the prune controls would cut, as far as the page can tell without asking the engine. */
import { computed } from '@preact/signals';
import { fitting, meant } from '../../engine/meaning';
import { same } from '../../engine/recipes';
import { ranked } from '../../plots/ranking';
import { controls, distortion, network, preview, recipe } from '../../state';

/** Units of a share: the engine rounds down, so that an amount is never exceeded. */
const part = (units: number, amount: number) => Math.floor((units * amount) / 100 + 1e-9);

/** Whether a hidden layer, counted from 0, is among those that are pruned. */
const includes = (layers: readonly number[], layer: number) =>
  layers.includes(0) || layers.includes(layer + 1);

/** How many units the amount stands for, over all hidden layers. */
export const plannedUnits = computed(() => {
  const { amount, scope, layers } = controls.value.prune;
  const all = network.value?.hidden ?? controls.value.network.hidden;
  const hidden = all.filter((_, layer) => includes(layers, layer));
  if (scope === 'global') {
    return part(
      hidden.reduce((sum, units) => sum + units, 0),
      amount,
    );
  }
  return hidden.reduce((sum, units) => sum + part(units, amount), 0);
});

/** Whether the newest step already is what the prune controls say. */
export const planDone = computed(() => {
  const last = recipe.value.steps.at(-1);
  if (last?.step !== 'prune') return false;
  const { step: _, ...settings } = last;
  const wanted = fitting(meant('prune', controls.value.prune), recipe.value.network.hidden);
  return same(meant('prune', settings), wanted);
});

/** Whether the newest step already is what the controls of a learned mask say. */
export const learnDone = computed(() => {
  const last = recipe.value.steps.at(-1);
  if (last?.step !== 'learn') return false;
  const { step: _, ...settings } = last;
  return same(meant('learn', settings), meant('learn', controls.value.learn));
});

/**
 * The units of each layer that an order by distortion would cut; null for orders that only the
 * engine knows, or when nothing is measured.
 */
export const plannedByDistortion = computed<ReadonlySet<number>[] | null>(() => {
  const measured = distortion.value;
  const { what, by, order, scope, amount, layers, schedule } = controls.value.prune;
  if (!measured || what !== 'units' || by !== 'distortion' || schedule !== 'once') return null;
  const orders = measured.layers.map(({ units }) => {
    const most = ranked(units);
    return order === 'reverse' ? most.reverse() : most;
  });
  if (scope === 'layer') {
    return orders.map((units, layer) => {
      const most = includes(layers, layer) ? part(units.length, amount) : 0;
      return new Set(units.slice(0, most));
    });
  }
  const all = measured.layers.flatMap(({ units }, layer) =>
    includes(layers, layer) ? units.map((value, unit) => ({ layer, unit, value })) : [],
  );
  const sign = order === 'reverse' ? -1 : 1;
  all.sort((a, b) => sign * (b.value - a.value));
  const sets = measured.layers.map(() => new Set<number>());
  for (const { layer, unit } of all.slice(0, part(all.length, amount))) sets[layer]?.add(unit);
  return sets;
});

/** Pruned units of each layer in the network on screen. */
export const prunedNow = computed<ReadonlySet<number>[]>(() =>
  (network.value?.pruned ?? []).map((units) => new Set(units)),
);

/** Pruned units of each layer as the preview would have it; null while nothing is held. */
export const prunedPreview = computed<ReadonlySet<number>[] | null>(
  () => preview.value?.pruned.map((units) => new Set(units)) ?? null,
);
