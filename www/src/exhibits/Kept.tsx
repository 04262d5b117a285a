/** Networks put aside, and what the attack on each is worth against the others. */
import { useComputed } from '@preact/signals';
import { useId, useMemo } from 'preact/hooks';
import { keepNetwork, removeKept, renameKept } from '../actions';
import { MOST_KEPT } from '../engine/matrices';
import { takeKept } from '../filesActions';
import { heatRows } from '../plots/heat';
import { count, percent, share } from '../plots/measured';
import { type Kept as KeptNetwork, kept, network, transfers } from '../state';
import { attackWords } from './parts/attackWords';
import { Explained } from './parts/explained';
import { TextInput } from './parts/Field';
import { HeatMap } from './parts/HeatMap';

/** What it is, whatever it is called. */
function About({ at, entry: { hidden, sparsity } }: { at: number; entry: KeptNetwork }) {
  return (
    <>
      {hidden.join('-')}
      {sparsity > 0 && (
        <>
          , <Explained of={['kept', at]}>{percent(sparsity)} % cut</Explained>
        </>
      )}
    </>
  );
}

function Entry({ at, entry }: { at: number; entry: KeptNetwork }) {
  const id = useId();
  const now = useComputed(() => network.value?.digest === entry.digest).value;
  return (
    <li>
      <label class="heard" for={id}>
        Name of the kept network {entry.name}
      </label>
      <TextInput
        id={id}
        value={entry.name}
        maxLength={24}
        onValue={(text) => renameKept(entry.digest, text)}
      />
      <span class="small muted">
        <About at={at} entry={entry} />
        {now && ', on screen'}
      </span>
      <button
        type="button"
        class="button plain"
        aria-label={`Save the kept network ${entry.name} as safetensors`}
        title="As a file, .safetensors, masks applied"
        onClick={() => takeKept(entry.digest)}
      >
        Save
      </button>
      <button
        type="button"
        class="button plain"
        aria-label={`Remove the kept network ${entry.name}`}
        onClick={() => removeKept(entry.digest)}
      >
        Remove
      </button>
    </li>
  );
}

function Matrix({ names }: { names: readonly string[] }) {
  const { cells, images } = transfers.value;
  const title = 'Accuracy on images crafted against another network';
  const shares = useMemo(
    () => cells.map((row) => row.map((figure) => (figure ? share(figure) : null))),
    [cells],
  );
  const label = names.join('\n');
  const table = useMemo(() => {
    const all = label.split('\n');
    const words = cells.map((row) => row.map((figure) => (figure ? percent(share(figure)) : '')));
    return heatRows('crafted on \\ tested on, % read right', all, all, words);
  }, [cells, label]);
  const missing = cells.flat().filter((figure) => figure === null).length;
  return (
    <>
      <HeatMap
        title={title}
        rowTitle="crafted on ↓"
        columnTitle="read right by →"
        rows={names}
        columns={names}
        shares={shares}
        of={(row, column) => ['transferred', row, column]}
        colour={(row, column) => (row === column ? 'adaptive' : 'transfer')}
        left={92}
        most={58}
        table={table}
        file="secateurs-transfer"
      />
      <p class="small muted status">
        {missing > 0
          ? `${missing} of ${cells.length ** 2} still to be measured`
          : `${count(images)} test images each`}
      </p>
    </>
  );
}

export function Kept() {
  const all = kept.value;
  const here = useComputed(() =>
    kept.value.some(({ digest }) => digest === network.value?.digest),
  ).value;
  const full = all.length >= MOST_KEPT;
  const words = useComputed(() => attackWords(transfers.value.attack)).value;
  const known = useComputed(() => transfers.value.cells.length === kept.value.length).value;
  return (
    <section class="exhibit" aria-labelledby="kept-title" data-testid="kept">
      <h3 id="kept-title">Whose attack fools whom</h3>
      <p class="small muted">
        Images crafted against one network and read by another, share read right, %. Crafted by{' '}
        {words}; the diagonal is every network’s own.
      </p>
      {all.length > 0 && (
        <ul class="kept-list">
          {all.map((entry, at) => (
            <Entry key={entry.digest} at={at} entry={entry} />
          ))}
        </ul>
      )}
      <p class="start">
        <button type="button" class="button" disabled={here || full} onClick={keepNetwork}>
          Keep this network
        </button>
        <span class="small muted hint-text">
          {full
            ? `At most ${MOST_KEPT} are kept.`
            : here
              ? all.length === 1
                ? 'Kept. Cut or train another one and keep it, too.'
                : 'This one is kept.'
              : all.length === 0
                ? 'Keep two to compare them.'
                : 'Kept networks last as long as this page.'}
        </span>
      </p>
      {all.length > 1 && known && <Matrix names={all.map(({ name }) => name)} />}
    </section>
  );
}
