/** Every network of this visit, what was done, what it is worth; to return, to compare. */
import { useComputed } from '@preact/signals';
import { useId } from 'preact/hooks';
import { compare, goTo, renameStep } from '../actions';
import { networkKey } from '../engine/keys';
import { halfWidth, percent, share } from '../plots/measured';
import {
  compared,
  type Figure,
  history,
  recipe,
  type StepFigures,
  stepNames,
  visits,
} from '../state';
import { entryWords } from './parts/describe';
import { Explained } from './parts/explained';
import { TextInput } from './parts/Field';
import { lazy } from './parts/lazy';
import { cutWords } from './parts/pruneWords';

const Comparison = lazy(async () => (await import('./Comparison')).Comparison, 'The comparison');

const COLUMNS = ['clean', 'transfer', 'adaptive', 'certified'] as const;
const LABELS: Record<keyof StepFigures, string> = {
  clean: 'clean',
  transfer: 'old',
  adaptive: 're-attacked',
  certified: 'certified',
};

function Cell({
  at,
  name,
  figure,
}: {
  at: number;
  name: keyof StepFigures;
  figure: Figure | null;
}) {
  if (!figure)
    return (
      <td class="figure-cell muted" data-label={LABELS[name]}>
        –
      </td>
    );
  return (
    <td class={`figure-cell ${name} ${figure.done ? '' : 'partial'}`} data-label={LABELS[name]}>
      <Explained of={['visited', at, name]}>
        {percent(share(figure))}
        <span class="interval"> ±{halfWidth(figure).toFixed(1)}</span>
      </Explained>
    </td>
  );
}

/** One entry, told against the one before it. */
function Entry({ at }: { at: number }) {
  const id = useId();
  const { entries, at: now } = history.value;
  const entry = entries[at];
  if (!entry) return null;
  const key = networkKey(entry);
  const known = visits.value.get(key);
  const given = stepNames.value.get(key) ?? '';
  const name = given || `Step ${at}`;
  const here = at === now;
  const empty = entry.steps.length === 0;
  const words = entryWords(entry, entries[at - 1]);
  const cut = cutWords(known?.facts ?? null);
  // What is on screen is compared with what came before it; everything else with what is on screen.
  const [left, right] = here ? [Math.max(1, at - 1), at] : at < now ? [at, now] : [now, at];
  return (
    <tr aria-current={here ? 'step' : undefined} class={here ? 'here' : ''}>
      <td class="name-cell">
        <label class="heard" for={id}>
          Name of step {at}
        </label>
        <TextInput
          id={id}
          value={given}
          placeholder={`Step ${at}`}
          maxLength={24}
          onValue={(text) => renameStep(at, text)}
        />
      </td>
      <th scope="row" class="words-cell">
        <button
          type="button"
          class="link"
          aria-label={`Return to ${name}: ${words}`}
          disabled={here}
          data-testid={`return-${at}`}
          onClick={() => goTo(at)}
        >
          {words}
        </button>
        <span class="small muted">
          {here ? 'on screen' : ''}
          {here && cut ? ', ' : ''}
          {cut && (
            <>
              cut: <Explained of={['sparsity', at]}>{cut}</Explained>
            </>
          )}
        </span>
      </th>
      {COLUMNS.map((column) => (
        <Cell key={column} at={at} name={column} figure={known?.figures[column] ?? null} />
      ))}
      <td>
        {!empty && left !== right && (entries[left]?.steps.length ?? 0) > 0 && (
          <button
            type="button"
            class="button plain"
            aria-label={`Compare ${name}`}
            data-testid={`compare-${at}`}
            onClick={() => compare(left, right)}
          >
            Compare
          </button>
        )}
      </td>
    </tr>
  );
}

export function Steps() {
  const entries = useComputed(() => history.value.entries).value;
  const comparing = useComputed(() => compared.value !== null).value;
  const eps = useComputed(() => recipe.value.measure.eps).value;
  return (
    <>
      <p class="small muted">
        <span class="hint-text">
          Press what was done to return to it; later steps stay in the list until something else is
          done.{' '}
        </span>
        Accuracies are in %, as far as they were measured at ε {eps}.
        <span class="hint-text"> Steps and their names are kept on this device alone.</span>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="history-scroll" tabIndex={0} aria-label="List of steps">
        <table class="history-table" data-testid="history">
          <thead>
            <tr>
              <th scope="col">name</th>
              <th scope="col">what was done</th>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" class="figure-cell">
                  {LABELS[column]}
                </th>
              ))}
              <th scope="col">
                <span class="heard">compare</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry, at) =>
              // The page as it opened is nothing that was done.
              at === 0 && entry.steps.length === 0 ? null : <Entry key={at} at={at} />,
            )}
          </tbody>
        </table>
      </section>
      {comparing && <Comparison />}
    </>
  );
}
