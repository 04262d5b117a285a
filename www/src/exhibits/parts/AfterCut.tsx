/** Beside the button of a cut: what comes after it. */
import { useComputed } from '@preact/signals';
import { trainMore, undo } from '../../actions';
import { network, recipe } from '../../state';

/** What can be done once something is cut: take it back, or train on under the masks. */
export function AfterCut() {
  const newest = useComputed(() => recipe.value.steps.at(-1)?.step).value;
  const cut = useComputed(() => network.value !== null && network.value.sparsity > 0).value;
  return (
    <>
      {newest !== undefined && newest !== 'train' && (
        <button
          type="button"
          class="button plain"
          title="Takes the newest cut back; Redo brings it again."
          onClick={undo}
        >
          Restore
        </button>
      )}
      {cut && (
        <button
          type="button"
          class="button plain"
          title="One more epoch of training on clean images; what is cut stays cut."
          onClick={() => trainMore(1)}
        >
          Fine-tune
        </button>
      )}
    </>
  );
}
