/** The picture that the tiles of a layer are cut out of. */
import { signal, useComputed } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { TileLayout } from '../../plots/tileLayout';
import { PIXELS } from '../../plots/weightMap';
import { deepTiles, imageTiles, tiles } from '../../state';
import { type Atlas, atlasOf, type Cells, IMAGE } from './atlas';
import { ink } from './ink';
import { orders } from './tileState';

/** What a layer's tiles show: patterns over the image, or weights over the layer before. */
function useLayerValues(layer: number): Float32Array | null {
  return useComputed(() => {
    const all = tiles.value;
    const own = all?.layers[layer];
    if (!all || !own) return null;
    if (layer === 0) return own.patterns;
    if (deepTiles.value === 'weights') return all.weights[layer] ?? own.patterns;
    return portraitsOf(layer);
  }).value;
}

/**
 * The patterns of a layer's units as pictures of an image's size: those on the chosen image where
 * the tiles show these.
 */
export function portraitsOf(layer: number): Float32Array | null {
  const own = tiles.value?.layers[layer];
  if (!own) return null;
  const through = layer > 0 && deepTiles.value === 'patterns' ? imageTiles.value?.[layer] : null;
  return through?.length === own.units * PIXELS ? through : own.patterns;
}

/** The absolute weight at full colour, by layer. */
export const tileScales = signal<readonly number[]>([]);

/** The last picture that is ready; the one before stays until then. */
export function useLayerAtlas(layer: number, layout: TileLayout): Atlas | null {
  const values = useLayerValues(layer);
  const colours = ink.value;
  const before = layout.layers[layer - 1];
  const weights = useComputed(() => layer > 0 && deepTiles.value === 'weights').value;
  const order = useComputed(() => orders.value[layer - 1] ?? null).value;
  const { columns = 1, rows = 1 } = before ?? {};
  const cells = useMemo<Cells>(
    () => (weights && order ? { columns, rows, order } : IMAGE),
    [weights, order, columns, rows],
  );
  const units = layout.layers[layer]?.units ?? 0;
  const [ready, setReady] = useState<{ atlas: Atlas; units: number } | null>(null);
  useEffect(() => {
    if (!values) {
      setReady(null);
      return;
    }
    let wanted = true;
    void atlasOf(values, colours.scheme, colours.signed, cells).then((atlas) => {
      if (!wanted) return;
      setReady({ atlas, units });
      const scales = [...tileScales.peek()];
      scales[layer] = atlas.scale;
      tileScales.value = scales;
    });
    return () => {
      wanted = false;
    };
  }, [values, colours, cells, units]);
  return ready?.units === units ? ready.atlas : null;
}
