/** Criteria against each other, against chance, and against an attacker who tries again. */
import { useComputed } from '@preact/signals';
import { useId, useMemo, useRef } from 'preact/hooks';
import { criteriaFor } from '../engine/criteria';
import { baseKey, racingOn } from '../engine/race';
import type { PruneSettings } from '../engine/types';
import { SERIES, type SeriesKey } from '../plots/curve';
import { count, percent } from '../plots/measured';
import {
  MOST_CRITERIA,
  mark,
  RANDOM,
  type RaceEntry,
  racePanel,
  raceRows,
  WHOLE,
} from '../plots/race';
import { network } from '../state';
import {
  cancelRace,
  openCell,
  pauseRace,
  setRace,
  startRace,
  toggleCriterion,
} from '../trialsActions';
import { type RaceCell, type RaceSettings, race, raceSettings } from '../trialsState';
import { DataTable, Downloads } from './parts/Chart';
import { useSize } from './parts/hooks';
import { optionLabel } from './parts/properties';
import { RunBar } from './parts/RunBar';
import { Switch } from './parts/Switch';

const WHATS = [
  { value: 'units', label: 'units' },
  { value: 'weights', label: 'weights' },
  { value: 'pixels', label: 'pixels' },
] as const;

const SEEDS = [
  { value: 'screen', label: 'on screen', title: 'The network on screen, before its cuts' },
  { value: 'three', label: 'seeds 0–2', title: 'Trained anew from seeds 0, 1 and 2' },
] as const;

const AMOUNTS: { label: string; amounts: number[] }[] = [
  { label: '10, 20, 30, 50, 70 %', amounts: [10, 20, 30, 50, 70] },
  { label: '10 to 90 %, nine amounts', amounts: [10, 20, 30, 40, 50, 60, 70, 80, 90] },
  { label: '2 to 20 %, six amounts', amounts: [2, 4, 7, 10, 15, 20] },
  { label: '50 to 98 %, six amounts', amounts: [50, 60, 70, 80, 90, 98] },
];

const TITLES: Record<SeriesKey, string> = {
  clean: 'Clean',
  transfer: 'Old adversarial',
  adaptive: 'Re-attacked',
};

/** A criterion's name without what goes first. */
const nameOf = (by: string) =>
  by === WHOLE
    ? 'nothing cut'
    : optionLabel('prune', 'by', by).replace(/, (most|smallest) first$/, '');

/** The cells as the plots take them. */
export function entriesOf(cells: readonly RaceCell[]): (RaceEntry & RaceCell)[] {
  return cells.map((cell) => ({
    ...cell,
    clean: cell.outcome?.clean ?? null,
    transfer: cell.outcome?.transfer[0]?.count ?? null,
    adaptive: cell.outcome?.adaptive[0]?.count ?? null,
  }));
}

function Mark({ place }: { place: number }) {
  return (
    <svg class="mark-of" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
      <path class="mark" d={mark(place, 40)} />
    </svg>
  );
}

function Criteria({ settings }: { settings: RaceSettings }) {
  const id = useId();
  const options = criteriaFor(settings.what).filter(({ value }) => value !== RANDOM);
  const full = settings.criteria.length >= MOST_CRITERIA;
  return (
    <fieldset class="choices" aria-describedby={id}>
      <legend>Criteria</legend>
      {options.map(({ value }) => {
        const place = settings.criteria.indexOf(value as PruneSettings['by']);
        const on = place >= 0;
        return (
          <label key={value} class={on ? 'on' : ''}>
            <input
              type="checkbox"
              checked={on}
              disabled={!on && full}
              onChange={() => toggleCriterion(value as PruneSettings['by'])}
            />
            {on && <Mark place={place} />}
            {nameOf(value)}
          </label>
        );
      })}
      <p class="small muted" id={id}>
        {full ? `At most ${MOST_CRITERIA} at a time. ` : ''}Grey is chance: {settings.draws} random
        orders, from the lowest to the highest.
      </p>
    </fieldset>
  );
}

function Panel({ figure, entries }: { figure: SeriesKey; entries: readonly RaceEntry[] }) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width, height } = useSize(box);
  const { settings, cells } = race.value;
  const criteria = useMemo(
    () => settings.criteria.map((by) => ({ by, label: nameOf(by) })),
    [settings],
  );
  const drawn = useMemo(
    () => racePanel(entries, criteria, figure, width, height),
    [entries, criteria, figure, width, height],
  );
  const { x, y, box: frame } = drawn;
  const [right, bottom] = [frame.x + frame.width, frame.y + frame.height];
  const title = `${TITLES[figure]} accuracy against the share of ${settings.what} cut`;
  const seeds = new Set(cells.map(({ seed }) => seed)).size;
  return (
    <div class={`panel-of-race ${figure}`}>
      <h3>
        {TITLES[figure]} <span class="muted">accuracy, %</span>
      </h3>
      <div class="curve-box race-box" ref={box}>
        {width > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a drawing with links in it is no group of form fields
          <svg ref={svg} width={width} height={height} role="group" aria-label={title}>
            <title>{title}</title>
            {drawn.ticks.y.map((tick) => (
              <g key={tick}>
                <line class="rule" x1={frame.x} x2={right} y1={y(tick)} y2={y(tick)} />
                <text class="axis" x={frame.x - 6} y={y(tick) + 4} text-anchor="end">
                  {tick * 100}
                </text>
              </g>
            ))}
            {drawn.ticks.x.map((tick) => (
              <text key={tick} class="axis" x={x(tick)} y={bottom + 14} text-anchor="middle">
                {tick}
              </text>
            ))}
            <text class="axis" x={right} y={bottom + 29} text-anchor="end">
              {settings.what} cut, % →
            </text>
            {drawn.band && <path class="chance" d={drawn.band} />}
            {drawn.middle && <path class="chance-middle" d={drawn.middle} />}
            {drawn.lines.map(({ by, label, place, path, dots }) => (
              <g key={by} class={`racer ${figure}`}>
                {dots.map(({ x: at, low, high, point }) => (
                  <line key={point.amount} class="whisker" x1={at} x2={at} y1={low} y2={high} />
                ))}
                {path && <path class={`line ${figure}`} d={path} />}
                {dots.map(({ x: at, y: down, point }) => {
                  const said = `${label}, ${point.amount} %: ${percent(point.value)} %, ${
                    seeds > 1 ? `over ${point.networks} seeds` : '95 % interval'
                  } ${percent(point.low)} to ${percent(point.high)}`;
                  const dot = (
                    <>
                      <title>{`${said}. Opens this network in the lab.`}</title>
                      <path d={mark(place)} transform={`translate(${at} ${down})`} />
                    </>
                  );
                  return point.link ? (
                    <a
                      key={point.amount}
                      href={`#${point.link}`}
                      // The table below has the same links, one after the other.
                      tabIndex={-1}
                      aria-label={said}
                      onClick={openCell}
                    >
                      {dot}
                    </a>
                  ) : (
                    <g key={point.amount}>{dot}</g>
                  );
                })}
              </g>
            ))}
            {drawn.labels.map(({ key, label, x: at, y: down }) => {
              const place = criteria.findIndex(({ by }) => by === key);
              return (
                <g key={key} class={`racer ${figure}`}>
                  {place >= 0 && (
                    <path
                      class="name-mark"
                      d={mark(place, 34)}
                      transform={`translate(${at + 5} ${down - 4})`}
                    />
                  )}
                  <text
                    class={`label ${place < 0 ? 'random' : figure}`}
                    x={place < 0 ? at : at + 12}
                    y={down}
                  >
                    {label}
                  </text>
                </g>
              );
            })}
          </svg>
        )}
      </div>
      <div class="foot">
        {cells.length > 0 && (
          <Downloads
            svg={svg}
            rows={() => raceRows(entriesOf(race.peek().cells), nameOf)}
            title={title}
            what={title}
            file={`secateurs-race-${figure}`}
          />
        )}
      </div>
    </div>
  );
}

function Areas() {
  const { areas, settings } = race.value;
  if (areas.length === 0) return null;
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${percent(Math.abs(value))}`;
  return (
    <div class="scrolls">
      <table class="areas" data-testid="race-areas">
        <caption>
          Area between each curve and chance: points of accuracy gained on average over the amounts,
          with the 95 % interval over the {areas[0]?.n} random curves it was compared with
        </caption>
        <thead>
          <tr>
            <th scope="col">criterion</th>
            {SERIES.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {settings.criteria.map((criterion, place) => (
            <tr key={criterion}>
              <th scope="row">
                <Mark place={place} /> {nameOf(criterion)}
              </th>
              {SERIES.map(({ key }) => {
                const area = areas.find(({ by, measure }) => by === criterion && measure === key);
                return (
                  <td key={key}>
                    {area && (
                      <>
                        <b>{signed(area.value)}</b>{' '}
                        <span class="muted">
                          {signed(area.low)} to {signed(area.high)}
                        </span>
                      </>
                    )}
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

function Networks({ entries }: { entries: readonly (RaceEntry & RaceCell)[] }) {
  const linked = entries.filter(({ link, outcome }) => link !== '' && outcome !== null);
  if (linked.length === 0) return null;
  return (
    <details class="networks">
      <summary>All {linked.length} networks, each with its link</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">criterion</th>
            <th scope="col">cut, %</th>
            <th scope="col">seed</th>
            {SERIES.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}, %
              </th>
            ))}
            <th scope="col">network</th>
          </tr>
        </thead>
        <tbody>
          {linked.map((entry) => (
            <tr key={entry.link}>
              <th scope="row">
                {nameOf(entry.by)}
                {entry.by === RANDOM && ` ${entry.draw}`}
              </th>
              <td>{entry.amount}</td>
              <td>{entry.seed}</td>
              {SERIES.map(({ key }) => {
                const measured = entry[key];
                return (
                  <td key={key}>{measured ? percent(measured.correct / measured.total) : ''}</td>
                );
              })}
              <td>
                <a href={`#${entry.link}`} onClick={openCell}>
                  open
                  <span class="heard">
                    {' '}
                    {nameOf(entry.by)}, {entry.amount} %
                  </span>
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function Race() {
  const settings = raceSettings.value;
  const { run, cells, eps } = race.value;
  const id = useId();
  const has = useComputed(() => network.value !== null).value;
  const entries = useMemo(() => entriesOf(cells), [cells]);
  const open = run.phase === 'running' || run.phase === 'paused';
  const base = useComputed(() => baseKey(racingOn())).value;
  const changed =
    cells.length > 0 && (settings !== race.value.settings || base !== race.value.base);
  const networks =
    (1 + settings.amounts.length * (settings.criteria.length + settings.draws)) *
    (settings.seeds === 'screen' ? 1 : settings.seeds.length);
  return (
    <section class="trials" id="race" aria-labelledby="race-title" data-testid="race">
      <h2 id="race-title">Race of criteria</h2>
      <p class="lead">
        Which criterion keeps most when more and more is cut? Each curve is one way to choose what
        goes; grey is what blind chance does. A criterion that helps only against old images rises
        in the middle plot and nowhere else.
      </p>
      <div class="setting">
        <Switch
          legend="What is cut"
          name="race-what"
          options={WHATS}
          value={settings.what}
          onValue={(what) => setRace({ what })}
        />
        <div class="field">
          <label for={id}>cut by</label>
          <span class="select">
            <select
              id={id}
              value={settings.amounts.join()}
              onChange={(event) => {
                const amounts = event.currentTarget.value.split(',').map(Number);
                setRace({ amounts });
              }}
            >
              {AMOUNTS.map(({ label, amounts }) => (
                <option key={label} value={amounts.join()}>
                  {label}
                </option>
              ))}
            </select>
          </span>
        </div>
        <div class="field">
          <span class="label">network</span>
          <Switch
            legend="Which networks race"
            name="race-seeds"
            options={SEEDS}
            value={settings.seeds === 'screen' ? 'screen' : 'three'}
            onValue={(value) => setRace({ seeds: value === 'screen' ? 'screen' : [0, 1, 2] })}
          />
        </div>
      </div>
      <Criteria settings={settings} />
      <RunBar
        run={run}
        start={changed ? 'Run the new race' : 'Run the race'}
        about="the race of criteria"
        testid="race-run"
        again={changed}
        disabled={settings.criteria.length === 0}
        onStart={startRace}
        onPause={pauseRace}
        onCancel={cancelRace}
      >
        {count(networks)} networks
        {settings.seeds === 'screen' && !has && ', trained first with the settings above'}
      </RunBar>
      <div class="race-panels" data-testid="race-panels">
        {SERIES.map(({ key }) => (
          <Panel key={key} figure={key} entries={entries} />
        ))}
      </div>
      <p class="small muted status">
        {open
          ? 'The lab’s own figures wait while this runs, and go on afterwards.'
          : cells.length > 0 &&
            `Attacked anew at ε ${eps} on ${count(race.value.settings.images)} test images each. Press a mark to open its network in the lab.`}
      </p>
      <Areas />
      <Networks entries={entries} />
      {run.phase === 'done' && (
        <DataTable title="Race of criteria" rows={raceRows(entries, nameOf)} />
      )}
    </section>
  );
}
