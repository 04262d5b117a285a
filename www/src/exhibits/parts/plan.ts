/** What the prune controls would cut, as far as the page can tell without asking the engine. */
import { computed } from '@preact/signals';
import { ranked } from '../../plots/ranking';
import { controls, distortion, network, preview, recipe } from '../../state';

/** Units of a share: the engine rounds down, so that an amount is never exceeded. */
const part = (units: number, amount: number) => Math.floor((units * amount) / 100 + 1e-9);

/** How many units the amount stands for, over all hidden layers. */
export const plannedUnits = computed(() => {
  const { amount, scope } = controls.value.prune;
  const hidden = network.value?.hidden ?? controls.value.network.hidden;
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
  const wanted = controls.value.prune as unknown as Record<string, unknown>;
  return Object.entries(wanted).every(
    ([key, value]) => (last as unknown as Record<string, unknown>)[key] === value,
  );
});

/**
 * The units of each layer that an order by distortion would cut; null for orders that only the
 * engine knows, or when nothing is measured.
 */
export const plannedByDistortion = computed<ReadonlySet<number>[] | null>(() => {
  const measured = distortion.value;
  const { what, by, order, scope, amount } = controls.value.prune;
  if (!measured || what !== 'units' || by !== 'distortion') return null;
  const orders = measured.layers.map(({ units }) => {
    const most = ranked(units);
    return order === 'reverse' ? most.reverse() : most;
  });
  if (scope === 'layer') {
    return orders.map((units) => new Set(units.slice(0, part(units.length, amount))));
  }
  const all = measured.layers.flatMap(({ units }, layer) =>
    units.map((value, unit) => ({ layer, unit, value })),
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
