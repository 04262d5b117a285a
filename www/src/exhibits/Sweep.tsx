/** Any one or two settings against each other, over seeds. */
import { effect } from '@preact/signals';
import { useEffect, useId, useMemo } from 'preact/hooks';
import { sweptRecipe } from '../engine/sweep';
import { csv, SERIES, type SeriesKey } from '../plots/curve';
import { save } from '../plots/download';
import { count, percent } from '../plots/measured';
import { type AxisValue, sweepTable, written } from '../plots/sweep';
import { recipe } from '../state';
import {
  cancelSweep,
  openCell,
  pauseSweep,
  planSweep,
  setSweep,
  startSweep,
} from '../trialsActions';
import { type SweepAxis, sweep, sweepFigure, sweepSettings } from '../trialsState';
import '../styles/sweep.css';
import { Copyable } from './parts/Copyable';
import { explains } from './parts/explained';
import { TextInput } from './parts/Field';
import { RunBar } from './parts/RunBar';
import { Switch } from './parts/Switch';
import { axisLabel, commandLine, jsonLines, optionsOf, valueLabel } from './parts/sweepWords';

const FIGURES = SERIES.map(({ key, label }) => ({ value: key, label }));

function Axis({
  label,
  axis,
  names,
  none,
  onAxis,
}: {
  label: string;
  axis: SweepAxis;
  names: readonly string[];
  none: boolean;
  onAxis: (axis: SweepAxis) => void;
}) {
  const [choice, values, help] = [useId(), useId(), useId()];
  const known = names.includes(axis.name) || axis.name === '';
  const options = optionsOf(axis.name);
  return (
    <div class="axis-of">
      <label for={choice}>{label}</label>
      <select
        id={choice}
        value={axis.name}
        onChange={(event) => {
          const name = event.currentTarget.value;
          onAxis({ name, values: optionsOf(name).slice(0, 4).join(', ') });
        }}
      >
        {none && <option value="">none</option>}
        {!known && <option value={axis.name}>{axisLabel(axis.name)}</option>}
        {names
          .filter((name) => name !== 'seed')
          .map((name) => (
            <option key={name} value={name}>
              {axisLabel(name)}
            </option>
          ))}
      </select>
      {axis.name !== '' && (
        <>
          <label class="heard" for={values}>
            Values of {axisLabel(axis.name)}
          </label>
          <TextInput
            id={values}
            value={axis.values}
            placeholder="values, with commas"
            list={options.length > 0 ? help : undefined}
            onValue={(text) => onAxis({ ...axis, values: text })}
          />
          {options.length > 0 && (
            <datalist id={help}>
              <option value={options.join(', ')} />
            </datalist>
          )}
        </>
      )}
    </div>
  );
}

function Table({ figure }: { figure: SeriesKey }) {
  const { cells, summed, settings } = sweep.value;
  const table = useMemo(() => {
    const bySetting = new Map(summed.map((each) => [placeOf(each.at), each]));
    const firsts = new Map<string, (typeof cells)[number]>();
    for (const cell of cells) {
      const place = placeOf(cell.at);
      if (!firsts.has(place)) firsts.set(place, cell);
    }
    const all = [...firsts].map(([place, { at, link }]) => ({
      at,
      link,
      figure:
        bySetting.get(place)?.figures.find(({ measure }) => measure === figure)?.spread ?? null,
    }));
    return sweepTable(all, settings.rows.name, settings.columns.name);
  }, [cells, summed, settings, figure]);
  const { rows, columns } = settings;
  const label = SERIES.find(({ key }) => key === figure)?.label ?? figure;
  return (
    <div class="scrolls">
      <table class={`swept ${figure}`} data-testid="sweep-table">
        <caption>
          {label} accuracy, %: mean over seeds ± standard deviation; of one seed, its 95 % interval
        </caption>
        <thead>
          <tr>
            <th scope="col">
              {axisLabel(rows.name)}
              {columns.name !== '' && ` \\ ${axisLabel(columns.name)}`}
            </th>
            {table.columns.map((name) => (
              <th key={name} scope="col">
                {name === '' ? `${label}, %` : valueLabel(columns.name, name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((name, row) => (
            <tr key={name}>
              <th scope="row">{valueLabel(rows.name, name)}</th>
              {table.cells[row]?.map((cell, column) => {
                const found = cell?.figure;
                const key = table.columns[column];
                if (!cell || !found || found.n === 0) {
                  return (
                    <td key={key} class="missing">
                      <span class="heard">not measured yet</span>
                    </td>
                  );
                }
                return (
                  <td key={key} style={{ '--share': `${Math.sqrt(found.mean)}` }}>
                    <a
                      href={`#${cell.link}`}
                      onClick={openCell}
                      {...explains('swept', figure, name, key ?? '')}
                    >
                      <b>{percent(found.mean)}</b>
                      <span>
                        {found.n > 1
                          ? `± ${percent(found.deviation)} (${found.n})`
                          : `${percent(found.low)}–${percent(found.high)}`}
                      </span>
                    </a>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a cell sets, but for the seed. */
function placeOf(at: readonly { name: string; value: AxisValue }[]): string {
  return at
    .filter(({ name }) => name !== 'seed')
    .map(({ name, value }) => `${name}=${written(value)}`)
    .join('&');
}

function Files() {
  const { cells } = sweep.value;
  const done = cells.some(({ outcome }) => outcome !== null);
  if (!done) return null;
  const text = (body: string, type: string) => new Blob([body], { type });
  return (
    <p class="downloads small">
      <button
        type="button"
        class="link"
        aria-label="Download the sweep as JSON lines, one a network"
        onClick={() =>
          save(text(jsonLines(sweep.peek().cells), 'application/x-ndjson'), 'secateurs-sweep.jsonl')
        }
      >
        JSON lines
      </button>
      <button
        type="button"
        class="link"
        aria-label="Download the means of the sweep as CSV"
        onClick={() => save(text(csv(summedRows()), 'text/csv'), 'secateurs-sweep.csv')}
      >
        CSV
      </button>
    </p>
  );
}

function summedRows(): string[][] {
  const { summed } = sweep.peek();
  const names = summed[0]?.at.map(({ name }) => name) ?? [];
  const heads = [
    ...names,
    'figure',
    'eps',
    'mean',
    'deviation',
    'seeds',
    'low',
    'high',
    'interval',
  ];
  const rows = summed.flatMap(({ at, figures }) =>
    figures.map(({ measure, eps, spread }) => [
      ...at.map(({ value }) => written(value)),
      measure,
      eps === undefined || eps === null ? '' : `${eps}`,
      ...[spread.mean, spread.deviation, spread.n, spread.low, spread.high].map(String),
      spread.interval,
    ]),
  );
  return [heads, ...rows];
}

export function Sweep() {
  const settings = sweepSettings.value;
  const { names, link, planned, problem, run, cells } = sweep.value;
  const [seeds] = [useId()];
  const figure = sweepFigure.value;
  const images = sweptRecipe(recipe.value, settings).measure.images;
  // What the network on screen is decides what can be swept.
  useEffect(
    () =>
      effect(() => {
        void recipe.value;
        planSweep();
      }),
    [],
  );
  const { base } = sweep.value;
  const changed = cells.length > 0 && (settings !== sweep.value.settings || link !== base);
  return (
    <section class="trials" id="sweep" aria-labelledby="sweep-title" data-testid="sweep">
      <h2 id="sweep-title">Sweep</h2>
      <p class="lead">
        Turn any one or two settings of the network on screen, over several seeds. Every cell is a
        recipe of its own: it can be opened, sent as a link, or computed on other machines by the
        command below, to the same bits.
      </p>
      <div class="axes">
        <Axis
          label="Rows"
          axis={settings.rows}
          names={names}
          none={false}
          onAxis={(rows) => setSweep({ rows })}
        />
        <Axis
          label="Columns"
          axis={settings.columns}
          names={names}
          none
          onAxis={(columns) => setSweep({ columns })}
        />
        <div class="axis-of">
          <label for={seeds}>Seeds</label>
          <TextInput
            id={seeds}
            value={settings.seeds}
            placeholder="as on screen"
            onValue={(text) => setSweep({ seeds: text })}
          />
        </div>
      </div>
      <RunBar
        run={run}
        start={changed ? 'Run the new sweep' : 'Run the sweep'}
        about="the sweep"
        testid="sweep-run"
        again={changed}
        disabled={planned === 0}
        onStart={startSweep}
        onPause={pauseSweep}
        onCancel={cancelSweep}
      >
        {problem === '' && `${count(planned)} networks, ${count(images)} test images each`}
      </RunBar>
      {problem !== '' && (
        <p class="note" role="alert">
          {problem}
        </p>
      )}
      <div class="setting">
        <Switch
          legend="Figure shown"
          name="sweep-figure"
          options={FIGURES}
          value={figure}
          onValue={(value) => {
            sweepFigure.value = value;
          }}
        />
        <Files />
      </div>
      {cells.length > 0 && <Table figure={figure} />}
      {problem === '' && link !== '' && (
        <Copyable
          label="The same on the command line, one JSON line a network"
          value={commandLine(link, settings)}
          testid="sweep-command"
          mono
        />
      )}
    </section>
  );
}
