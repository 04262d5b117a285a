/** Which layers are pruned: all of them, or chosen ones. */
import { useComputed } from '@preact/signals';
import { useId } from 'preact/hooks';
import { setControl } from '../../actions';
import { layersOf } from '../../engine/meaning';
import { controls, network } from '../../state';
import { property } from './properties';
import { layersToggled } from './pruneWords';

export function Layers() {
  const id = useId();
  const layers = useComputed(() => controls.value.prune.layers).value;
  const most = useComputed(() => {
    const hidden = network.value?.hidden ?? controls.value.network.hidden;
    return layersOf(controls.value.prune.what, hidden);
  }).value;
  const { label, help } = property('prune', 'layers');
  const all = layers.includes(0);
  const press = (layer: number) =>
    setControl('prune', 'layers', layersToggled(layers, layer, most));
  return (
    <div class="field layers-field" title={help}>
      <span class="label" id={id}>
        {label}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset brings a legend that breaks the row */}
      <div class="choices" role="group" aria-labelledby={id}>
        <button type="button" aria-pressed={all} onClick={() => press(0)}>
          all
        </button>
        {Array.from({ length: most }, (_, at) => at + 1).map((layer) => (
          <button
            key={layer}
            type="button"
            aria-label={`Layer ${layer}`}
            aria-pressed={!all && layers.includes(layer)}
            onClick={() => press(layer)}
          >
            {layer}
          </button>
        ))}
      </div>
    </div>
  );
}
