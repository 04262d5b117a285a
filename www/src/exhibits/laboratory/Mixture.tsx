/** What first-layer filters were made of, and what is left of it. */
import { useComputed } from '@preact/signals';
import { useId, useMemo, useRef } from 'preact/hooks';
import { compareFiltersWith } from '../../actions';
import { keyOf } from '../../engine/keys';
import { beforeNow, befores } from '../../engine/laboratory';
import type { MixtureResult } from '../../engine/types';
import { filterRows } from '../../plots/filters';
import { count, percent } from '../../plots/measured';
import { scatterGeometry } from '../../plots/scatter';
import { type Before, filtersBefore, kept, laboratory, network, recipe } from '../../state';
import { DataTable, Foot } from '../parts/Chart';
import { stepWords } from '../parts/describe';
import { Explained, Spot, walked } from '../parts/explained';
import { useSize } from '../parts/hooks';
import { mixtureWords } from '../parts/laboratoryWords';
import { FilterCards } from './FilterCards';
import { Axes, Spots } from './Scatter';
import { Shows } from './Shows';
import { Status } from './Status';

/** A network that filters can be compared with, in words. */
function beforeWords(before: Before): string {
  if (before.kind === 'kept') {
    const name = kept.value.find(({ digest }) => digest === before.digest)?.name;
    return `kept network ${name ?? ''}`;
  }
  if (before.steps === 0) return 'the weights as drawn, before any training';
  const step = recipe.value.steps[before.steps - 1];
  return `after step ${before.steps}: ${step ? stepWords(step) : ''}`;
}

function Chooser() {
  const id = useId();
  const all = useComputed(() =>
    befores(recipe.value, kept.value, network.value?.hidden ?? []),
  ).value;
  const now = useComputed(() => {
    // Read, so that a choice is seen.
    void filtersBefore.value;
    return keyOf(beforeNow());
  }).value;
  return (
    <p class="chooser">
      <label for={id}>Before</label>
      <select
        id={id}
        value={now}
        onChange={(event) => {
          const chosen = all.find((each) => keyOf(each) === event.currentTarget.value);
          if (chosen) compareFiltersWith(chosen);
        }}
      >
        {all.map((each) => (
          <option key={keyOf(each)} value={keyOf(each)}>
            {beforeWords(each)}
          </option>
        ))}
      </select>
      <span class="muted">After: the network on screen</span>
    </p>
  );
}

const PARTS = ['before', 'after', 'residual'] as const;
const PART_NAMES = { before: 'w, before', after: 'w′, after', residual: 'v, the rest' };

/** Shares of all filters together, for the eye and the ear alike. */
function Together({ mixture }: { mixture: MixtureResult['mixture'] }) {
  const cell = (part: (typeof PARTS)[number], how: 'mean' | 'sum', which: 'short' | 'rare') => {
    const value = mixture[part][how][which];
    return (
      <td>
        <Explained of={['makeup', part, how, which]}>
          {Number.isFinite(value) ? percent(value) : '–'}
        </Explained>
      </td>
    );
  };
  return (
    <table class="figures">
      <caption class="small muted">
        Shares in %: the mean over filters, and of all filters’ sum
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">energy above 0.25 cycles/pixel</th>
          <th scope="col">of the sum</th>
          <th scope="col">L1 norm on rarely lit pixels</th>
          <th scope="col">of the sum</th>
        </tr>
      </thead>
      <tbody>
        {PARTS.map((part) => (
          <tr key={part}>
            <th scope="row">{PART_NAMES[part]}</th>
            {cell(part, 'mean', 'short')}
            {cell(part, 'sum', 'short')}
            {cell(part, 'mean', 'rare')}
            {cell(part, 'sum', 'rare')}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Every filter's shares before and after. */
function Shares({ found: { filters, mixture } }: { found: MixtureResult }) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width } = useSize(box);
  const panels = useMemo(
    () =>
      (['short', 'rare'] as const).map((share) => ({
        x: filters.map(({ before }) => before[share]),
        y: filters.map(({ after }) => after[share]),
      })),
    [filters],
  );
  const drawn = useMemo(() => scatterGeometry(panels, width, 'unit'), [panels, width]);
  const rows = useMemo(() => filterRows(filters), [filters]);
  const labels = ['energy above 0.25 cycles/pixel, %', 'L1 norm on rarely lit pixels, %'];
  const means = [mixture.before.mean, mixture.after.mean];
  const title = 'Filters before and after';
  return (
    <>
      <div class="plot" ref={box} {...walked(title)}>
        {width > 0 && (
          <svg ref={svg} width={width} height={drawn.height} role="img" aria-label={title}>
            <title>{title}</title>
            {drawn.panels.map((panel, at) => {
              const share = at === 0 ? 'short' : 'rare';
              const mean = panel.place(means[0]?.[share] ?? 0, means[1]?.[share] ?? 0);
              const [low, high] = [panel.place(0, 0), panel.place(1, 1)];
              return (
                <g key={share}>
                  <text class="axis strong" x={panel.left - 34} y={panel.top - 13}>
                    {labels[at]}
                  </text>
                  <Axes panel={panel} across="before" />
                  <text class="axis" x={panel.left + 5} y={panel.top + 12}>
                    ↑ after
                  </text>
                  <line class="same" x1={low.x} y1={low.y} x2={high.x} y2={high.y} />
                  <Spots panel={panel} />
                  {panel.dots.map((dot) => {
                    const unit = filters[dot.at]?.unit ?? 0;
                    return <Spot key={dot.at} of={['filter', unit]} x={dot.x} y={dot.y} r={4} />;
                  })}
                  {Number.isFinite(mean.x) && Number.isFinite(mean.y) && (
                    <path
                      class="cross"
                      d={`M${mean.x - 9} ${mean.y}h18M${mean.x} ${mean.y - 9}v18`}
                    />
                  )}
                </g>
              );
            })}
          </svg>
        )}
      </div>
      <Foot
        svg={svg}
        rows={() => rows}
        title={title}
        what="the filters’ shares"
        file="secateurs-filters"
      >
        One dot a filter, the cross their mean. Below the diagonal the share fell.
      </Foot>
      <DataTable title={title} rows={rows} />
    </>
  );
}

export default function Mixture() {
  const found = useComputed(() => laboratory.mixture.value.found).value;
  const has = useComputed(() => network.value !== null).value;
  return (
    <>
      <div class="study-head">
        {has && <Chooser />}
        <Status name="mixture" what="the filters">
          {found && (
            <>
              {count(found.filters.length)} filters, unit by unit; rarely lit: mean below 0.01 over
              all training images
            </>
          )}
        </Status>
      </div>
      {found && (
        <>
          <Shows sentences={mixtureWords(found.mixture)} />
          <div class="columns">
            <div>
              <h4>How fine, and where</h4>
              <Together mixture={found.mixture} />
              <Shares found={found} />
            </div>
            <div>
              <h4>Filter by filter: before = β · after + rest</h4>
              <FilterCards found={found} />
            </div>
          </div>
        </>
      )}
    </>
  );
}
