/** 3 Prune: what goes, in which order, how much; live while the slider is held. */
import { useComputed } from '@preact/signals';
import { endPreview, previewPrune, prune, trainMore, undo } from '../actions';
import { count } from '../plots/measured';
import { controls, network, preview, recipe, training } from '../state';
import { Field, Slider } from './parts/Field';
import { Panel } from './parts/Panel';
import { planDone, plannedUnits } from './parts/plan';

const MARKS = [
  { value: 0, label: '0' },
  { value: 50, label: '50 %' },
  { value: 100, label: '100 %' },
];

function Planned() {
  const units = useComputed(() =>
    controls.value.prune.what === 'units'
      ? (preview.value?.unitsPruned ?? plannedUnits.value)
      : null,
  ).value;
  return units === null ? null : <span> · {count(units)} units</span>;
}

function Buttons() {
  const has = useComputed(() => network.value !== null && training.value.phase === 'idle').value;
  const { what, amount } = controls.value.prune;
  const done = planDone.value;
  const units = plannedUnits.value;
  const newest = recipe.value.steps.at(-1)?.step;
  const word = units === 1 ? 'unit' : 'units';
  const things = what === 'units' ? `${count(units)} ${word}` : `${amount} % of weights`;
  const cutNow = useComputed(() => network.value !== null && network.value.sparsity > 0).value;
  return (
    <div class="buttons">
      <button
        type="button"
        class={`button ${has && !done ? 'main' : ''}`}
        data-testid="prune-button"
        disabled={!has || done}
        onClick={prune}
      >
        {done ? 'Cut' : `Cut ${things}`}
      </button>
      {has && (newest === 'prune' || newest === 'cut') && (
        <button
          type="button"
          class="button plain"
          title="Takes the newest cut back; Redo brings it again."
          onClick={undo}
        >
          Restore
        </button>
      )}
      {has && cutNow && (
        <button
          type="button"
          class="button plain"
          title="One more epoch of training; what is cut stays cut."
          onClick={() => trainMore(1)}
        >
          Fine-tune
        </button>
      )}
    </div>
  );
}

export function Prune() {
  const by = useComputed(() => controls.value.prune.by).value;
  const has = useComputed(() => network.value !== null).value;
  return (
    <Panel
      number={3}
      title="Prune"
      more={
        <>
          <Field group="prune" name="order" />
          <Field group="prune" name="empty" />
          {by === 'distortion' && (
            <>
              <h3 class="sub">Distortion is scored with</h3>
              <Field group="prune" name="method" />
              <Field group="prune" name="eps" />
              <Field group="prune" name="steps" />
              <Field group="prune" name="images" />
            </>
          )}
        </>
      }
    >
      <Field group="prune" name="what" />
      <Field group="prune" name="by" />
      <Field group="prune" name="scope" />
      {by === 'random' && <Field group="prune" name="draw" />}
      {/* Leaving the slider without letting go of it must not leave a preview behind. */}
      <div onPointerCancel={endPreview}>
        <Slider
          group="prune"
          name="amount"
          testid="amount-slider"
          disabled={!has}
          marks={MARKS}
          beside={<Planned />}
          onDrag={previewPrune}
          onRelease={prune}
        />
      </div>
      <Buttons />
      {!has && <p class="small muted status-line">Train a network first; then cut it here.</p>}
    </Panel>
  );
}
