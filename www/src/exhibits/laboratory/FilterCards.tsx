/** Filters taken apart, a few at a time. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Filter, MixtureResult } from '../../engine/types';
import { figure } from '../../plots/agreement';
import { inOrder, type Order, partsOf } from '../../plots/filters';
import { paintSigned, signedScale } from '../../plots/weightMap';
import { ink } from '../parts/ink';
import { Pixels } from '../parts/Pixels';
import { Switch } from '../parts/Switch';

/** Filters shown at a time. */
const PAGE = 12;

const ORDERS: readonly { value: Order; label: string; title: string }[] = [
  { value: 'changed', label: 'most changed', title: 'Those first of which least lies along w′' },
  { value: 'kept', label: 'least changed', title: 'Those first of which most lies along w′' },
  { value: 'unit', label: 'by number', title: 'In the order of the units' },
];

const whole = (share: number) => (Number.isFinite(share) ? `${Math.round(100 * share)}` : '–');

/** One of the three pictures. */
function Part({ values, scale, label }: { values: Float32Array; scale: number; label: string }) {
  const table = ink.value.signed;
  const paint = useMemo(
    () => (out: Uint32Array) => paintSigned(values, scale, table, out),
    [values, scale, table],
  );
  return (
    <span class="part">
      <Pixels paint={paint} />
      <span class="small" aria-hidden="true">
        {label}
      </span>
    </span>
  );
}

function Card({
  filter,
  found: { before, after },
  scale,
}: {
  filter: Filter;
  found: MixtureResult;
  scale: number;
}) {
  const parts = useMemo(() => partsOf(before, after, filter), [before, after, filter]);
  const { unit, beta, cosine } = filter;
  const gone = Number.isNaN(filter.after.rare);
  return (
    <li>
      <p class="small">
        <b>unit {unit}</b>{' '}
        <span class="muted">{gone ? 'cut' : `β ${figure(beta)}, cosine ${figure(cosine)}`}</span>
      </p>
      <div class="apart">
        <Part values={parts.whole} scale={scale} label="w" />
        <span class="sign" aria-hidden="true">
          =
        </span>
        <Part values={parts.along} scale={scale} label="βw′" />
        <span class="sign" aria-hidden="true">
          +
        </span>
        <Part values={parts.residual} scale={scale} label="v" />
      </div>
      <dl class="small">
        <dt>short waves, %</dt>
        <dd>{whole(filter.before.short)}</dd>
        <dd>{whole(filter.after.short)}</dd>
        <dd>{whole(filter.residual.short)}</dd>
        <dt>rarely lit, %</dt>
        <dd>{whole(filter.before.rare)}</dd>
        <dd>{whole(filter.after.rare)}</dd>
        <dd>{whole(filter.residual.rare)}</dd>
      </dl>
    </li>
  );
}

export function FilterCards({ found }: { found: MixtureResult }) {
  const order = useSignal<Order>('changed');
  const page = useSignal(0);
  const { filters, before } = found;
  const ordered = useMemo(() => inOrder(filters, order.value), [filters, order.value]);
  const scale = useMemo(() => signedScale(before), [before]);
  const pages = Math.max(1, Math.ceil(ordered.length / PAGE));
  const at = Math.min(page.value, pages - 1);
  const shown = ordered.slice(at * PAGE, (at + 1) * PAGE);
  return (
    <>
      <div class="cards-head">
        <Switch
          legend="Order of the filters"
          name="filter-order"
          options={ORDERS}
          value={order.value}
          onValue={(value) => {
            order.value = value;
            page.value = 0;
          }}
        />
        <p class="pages small">
          <button
            type="button"
            class="button plain"
            disabled={at === 0}
            onClick={() => {
              page.value = at - 1;
            }}
          >
            Previous
          </button>
          <span role="status">
            {at * PAGE + 1} to {at * PAGE + shown.length} of {ordered.length}
          </span>
          <button
            type="button"
            class="button plain"
            disabled={at === pages - 1}
            onClick={() => {
              page.value = at + 1;
            }}
          >
            Next
          </button>
        </p>
      </div>
      <ul class="cards">
        {shown.map((filter) => (
          <Card key={filter.unit} filter={filter} found={found} scale={scale} />
        ))}
      </ul>
      <p class="small muted">
        Blue is negative, red positive, all on one scale. The three figures of a line are of w
        before, w′ after and the rest v.
      </p>
    </>
  );
}
