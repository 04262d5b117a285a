/** Two networks side by side: what was done to each, what each is worth, what is cut of each. */
import '../styles/comparison.css';
import { useComputed } from '@preact/signals';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { compare, endComparison } from '../actions';
import { networkKey } from '../engine/keys';
import { count, halfWidth, percent, share } from '../plots/measured';
import { points, shareDifference } from '../plots/shareDifference';
import { compared, type Figure, history, type StepFigures, stepNames, visits } from '../state';
import { TilePair } from './ComparedTiles';
import { Explained } from './parts/explained';
import { Select } from './parts/Field';
import { type PrunedRow, prunedRows } from './parts/networkDifference';
import { recipeDifference } from './parts/recipeDifference';

type Now = NonNullable<typeof compared.value>;

const NAMES: { key: keyof StepFigures; label: string }[] = [
  { key: 'clean', label: 'Clean' },
  { key: 'transfer', label: 'Old adversarial' },
  { key: 'adaptive', label: 'Re-attacked' },
  { key: 'certified', label: 'Certified' },
];

/** Which entry of the history stands on a side. */
function Side({ legend, side, now }: { legend: string; side: 0 | 1; now: Now }) {
  const id = useId();
  const { entries } = history.value;
  const names = stepNames.value;
  const options = entries.flatMap((entry, at) =>
    entry.steps.length > 0
      ? [{ value: `${at}`, label: names.get(networkKey(entry)) ?? `Step ${at}` }]
      : [],
  );
  const placeOf = (key: string) => entries.findLastIndex((entry) => networkKey(entry) === key);
  const [here, there] = [placeOf(now.keys[side]), placeOf(now.keys[side === 0 ? 1 : 0])];
  return (
    <div class="side">
      <label for={id} class="muted">
        {legend}
      </label>
      <Select
        id={id}
        value={`${here}`}
        options={options}
        onValue={(value) =>
          side === 0 ? compare(Number(value), there) : compare(there, Number(value))
        }
      />
    </div>
  );
}

function Recipes({ now }: { now: Now }) {
  const rows = useMemo(() => recipeDifference(...now.recipes), [now.recipes]);
  return (
    <table class="compare-table steps" data-testid="compare-steps">
      <caption>What was done</caption>
      <Heads extra={null} />
      <tbody>
        {rows.map(({ place, left, right, same, settings }) => (
          <tr key={place} class={same ? 'same' : 'differs'}>
            <th scope="row">
              {place}
              {!same && <span class="mark"> ≠</span>}
            </th>
            {same ? (
              <td colSpan={2} class="muted">
                {left} <span class="small">(both)</span>
              </td>
            ) : (
              [left, right].map((words, side) => (
                <td key={side}>
                  {words ?? <span class="muted">nothing</span>}
                  {settings.length > 0 && (
                    <ul class="settings small">
                      {settings.map((setting) => (
                        <li key={setting.label}>
                          <span class="muted">{setting.label}</span>{' '}
                          <b>{side === 0 ? setting.left : setting.right}</b>
                        </li>
                      ))}
                    </ul>
                  )}
                </td>
              ))
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Heads({ extra }: { extra: string | null }) {
  return (
    <thead>
      <tr>
        <td />
        <th scope="col">left</th>
        <th scope="col">right</th>
        {extra && <th scope="col">{extra}</th>}
      </tr>
    </thead>
  );
}

const worth = (figure: Figure | null, side: 'left' | 'right', name: keyof StepFigures) =>
  figure ? (
    <>
      <Explained of={['apart', side, name]}>
        <b>{percent(share(figure))}</b>
        <span class="interval"> ± {halfWidth(figure).toFixed(1)}</span>
      </Explained>
      {!figure.done && <span class="small muted"> {count(figure.total)} so far</span>}
    </>
  ) : (
    <span class="muted">–</span>
  );

function FigureRow({
  name,
  label,
  left,
  right,
}: {
  name: keyof StepFigures;
  label: string;
  left: Figure | null;
  right: Figure | null;
}) {
  const apart = left && right ? shareDifference(left, right) : null;
  return (
    <tr class={apart?.clear ? 'differs' : ''}>
      <th scope="row">{label}</th>
      <td>{worth(left, 'left', name)}</td>
      <td>{worth(right, 'right', name)}</td>
      <td>
        {apart ? (
          <>
            <Explained of={['apart', 'difference', name]}>
              <b>{points(apart.value)}</b>
              <span class="interval">
                {' '}
                {points(apart.low)} to {points(apart.high)}
              </span>
            </Explained>
            <span class="small muted">
              {apart.clear
                ? apart.value > 0
                  ? ' right higher'
                  : ' left higher'
                : ' within chance'}
            </span>
          </>
        ) : (
          <span class="muted">–</span>
        )}
      </td>
    </tr>
  );
}

function Figures({ now }: { now: Now }) {
  const [left, right] = now.keys.map((key) => visits.value.get(key)?.figures);
  return (
    <table class="compare-table" data-testid="compare-figures">
      <caption>
        What it is worth: test accuracy, %{' '}
        <span class="small muted">
          with 95 % intervals; that of the difference is Newcombe’s for independent images, so on
          the same images it is rather too wide
        </span>
      </caption>
      <Heads extra="right − left, points" />
      <tbody>
        {NAMES.map(({ key, label }) => (
          <FigureRow
            key={key}
            name={key}
            label={label}
            left={left?.[key] ?? null}
            right={right?.[key] ?? null}
          />
        ))}
      </tbody>
    </table>
  );
}

function Pruned({ rows }: { rows: readonly PrunedRow[] }) {
  return (
    <table class="compare-table" data-testid="compare-pruned">
      <caption>What is cut</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">left only</th>
          <th scope="col">right only</th>
          <th scope="col">both</th>
          <th scope="col">of</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, first, second, both, of }, row) => (
          <tr key={name} class={first + second > 0 ? 'differs' : ''}>
            <th scope="row">{name}</th>
            {[first, second, both, of].map((many, at) => (
              <td key={at} class={many === 0 || at === 3 ? 'muted' : ''}>
                <Explained of={['cut-apart', row, at]}>{count(many)}</Explained>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Comparison() {
  const now = compared.value;
  const heading = useRef<HTMLHeadingElement>(null);
  const rows = useComputed(() => {
    const [left, right] = (compared.value?.keys ?? []).map((key) => visits.value.get(key)?.facts);
    return prunedRows(left ?? null, right ?? null, compared.value?.difference ?? null);
  }).value;
  useEffect(() => {
    heading.current?.scrollIntoView({ block: 'nearest' });
    heading.current?.focus({ preventScroll: true });
  }, []);
  if (!now) return null;
  return (
    <section class="comparison" aria-labelledby="comparison-title" data-testid="comparison">
      <div class="head">
        <h3 id="comparison-title" ref={heading} tabIndex={-1}>
          Side by side
        </h3>
        <Side legend="left" side={0} now={now} />
        <Side legend="right" side={1} now={now} />
        <button type="button" class="button plain" onClick={endComparison}>
          Close
        </button>
      </div>
      <div class="compare-tables">
        <Recipes now={now} />
        <Figures now={now} />
        {rows.length > 0 && <Pruned rows={rows} />}
      </div>
      <TilePair now={now} />
    </section>
  );
}
