/** Criteria against each other, against chance, and against an attacker who tries again. */
import { useComputed } from '@preact/signals';
import { useId, useMemo } from 'preact/hooks';
import { criteriaFor } from '../engine/criteria';
import { baseKey, racingOn } from '../engine/race';
import type { PruneSettings } from '../engine/types';
import { SERIES } from '../plots/curve';
import { count } from '../plots/measured';
import { MOST_CRITERIA, RANDOM, raceRows } from '../plots/race';
import { network } from '../state';
import { cancelRace, pauseRace, setRace, startRace, toggleCriterion } from '../trialsActions';
import { type RaceSettings, race, raceSettings } from '../trialsState';
import '../styles/race.css';
import { DataTable } from './parts/Chart';
import { Mark, RacePlot } from './parts/RacePlot';
import { Areas, Networks } from './parts/RaceTables';
import { RunBar } from './parts/RunBar';
import { entriesOf, nameOf } from './parts/raceWords';
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
          <RacePlot key={key} figure={key} entries={entries} />
        ))}
      </div>
      <p class="small muted status">
        {open
          ? 'The lab’s own figures wait while this runs, and go on afterwards.'
          : cells.length > 0 &&
            `Attacked anew at ε ${eps} on ${count(cells[0]?.trial.recipe.measure.images ?? 0)} test images each. Press a mark to open its network in the lab.`}
      </p>
      <Areas />
      <Networks entries={entries} />
      {run.phase === 'done' && (
        <DataTable title="Race of criteria" rows={raceRows(entries, nameOf)} />
      )}
    </section>
  );
}
