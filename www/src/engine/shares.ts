/** How much of a network is cut, of what the curve's axis counts. */
import type { NetworkFacts, PruneSettings, Step } from './types';

type Counted = Pick<NetworkFacts, 'hidden' | 'pruned' | 'sparsity' | 'pixelsPruned'>;

const PIXELS = 784;

/**
 * Percent cut of all that the settings could cut. Of the weights of chosen layers only the amount
 * of the cut itself is known: that of `top`, if it is one of these settings; else null.
 */
export function shareCut(
  { hidden, pruned, sparsity, pixelsPruned }: Counted,
  { what, layers }: Pick<PruneSettings, 'what' | 'layers'>,
  top: Step | undefined,
): number | null {
  if (what === 'pixels') return (100 * pixelsPruned) / PIXELS;
  const all = layers.includes(0);
  if (what === 'units') {
    const chosen = hidden.map((_, layer) => all || layers.includes(layer + 1));
    const sum = (counts: readonly number[]) =>
      counts.reduce((total, count, layer) => total + (chosen[layer] ? count : 0), 0);
    const units = sum(hidden);
    return units === 0 ? 0 : (100 * sum(pruned.map(({ length }) => length))) / units;
  }
  if (all || sparsity === 0) return 100 * sparsity;
  const its = top?.step === 'prune' && top.what === what && `${top.layers}` === `${layers}`;
  return its ? top.amount : null;
}
