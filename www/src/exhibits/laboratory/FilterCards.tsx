/** Filters taken apart, a few at a time. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Filter, Makeup, MixtureResult } from '../../engine/types';
import { figure } from '../../plots/agreement';
import { inOrder, type Order, partsOf } from '../../plots/filters';
import { paintSigned, signedScale } from '../../plots/weightMap';
import { Explained } from '../parts/explained';
import { narrow } from '../parts/hooks';
import { ink } from '../parts/ink';
import { Pixels } from '../parts/Pixels';
import { Switch } from '../parts/Switch';

/** Filters shown at a time; below each other, fewer. */
const PAGE = { wide: 12, narrow: 6 };

const ORDERS: readonly { value: Order; label: string; title: string }[] = [
  { value: 'changed', label: 'most changed', title: 'Those first of which least lies along w′' },
  { value: 'kept', label: 'least changed', title: 'Those first of which most lies along w′' },
  { value: 'unit', label: 'by number', title: 'In the order of the units' },
];

const whole = (share: number) =>
  Number.isFinite(share) ? `${Math.round(100 * share)}\u00a0%` : '–';

/** One of the three pictures. */
function Part({
  of,
  values,
  scale,
  label,
  makeup: { short, rare },
}: {
  of: ['filter', number, 'before' | 'after' | 'residual'];
  values: Float32Array;
  scale: number;
  label: string;
  makeup: Makeup;
}) {
  const table = ink.value.signed;
  const paint = useMemo(
    () => (out: Uint32Array) => paintSigned(values, scale, table, out),
    [values, scale, table],
  );
  return (
    <span class="part">
      <Pixels paint={paint} />
      <span class="small">
        <b>{label}</b>
      </span>
      <Explained of={of} className="small">
        {whole(short)} short
        <br />
        {whole(rare)} rare
      </Explained>
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
        {gone ? (
          <span class="muted">cut</span>
        ) : (
          <Explained of={['filter', unit, 'beta']} className="muted">
            β {figure(beta)}, cosine {figure(cosine)}
          </Explained>
        )}
      </p>
      <div class="apart">
        <Part
          of={['filter', unit, 'before']}
          values={parts.whole}
          scale={scale}
          label="w"
          makeup={filter.before}
        />
        <span class="sign" aria-hidden="true">
          =
        </span>
        <Part
          of={['filter', unit, 'after']}
          values={parts.along}
          scale={scale}
          label="βw′"
          makeup={filter.after}
        />
        <span class="sign" aria-hidden="true">
          +
        </span>
        <Part
          of={['filter', unit, 'residual']}
          values={parts.residual}
          scale={scale}
          label="v"
          makeup={filter.residual}
        />
      </div>
    </li>
  );
}

export function FilterCards({ found }: { found: MixtureResult }) {
  const order = useSignal<Order>('changed');
  const page = useSignal(0);
  const { filters, before } = found;
  const ordered = useMemo(() => inOrder(filters, order.value), [filters, order.value]);
  const scale = useMemo(() => signedScale(before), [before]);
  const size = narrow.value ? PAGE.narrow : PAGE.wide;
  const pages = Math.max(1, Math.ceil(ordered.length / size));
  const at = Math.min(page.value, pages - 1);
  const shown = ordered.slice(at * size, (at + 1) * size);
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
            {at * size + 1} to {at * size + shown.length} of {ordered.length}
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
        Blue is negative, red positive, all on one scale. “Short”: share of the energy in waves
        shorter than four pixels. “Rare”: share of the L1 norm on pixels that are rarely lit.
      </p>
    </>
  );
}
