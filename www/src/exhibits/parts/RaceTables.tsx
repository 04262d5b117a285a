/** What the race came to, in numbers. */
import { useId } from 'preact/hooks';
import { SERIES } from '../../plots/curve';
import { percent } from '../../plots/measured';
import { RANDOM, type RaceEntry } from '../../plots/race';
import { openCell } from '../../trialsActions';
import { type RaceCell, race } from '../../trialsState';
import { Explained } from './explained';
import { Mark } from './RacePlot';
import { nameOf } from './raceWords';

export function Areas() {
  const { areas, settings } = race.value;
  const id = useId();
  if (areas.length === 0) return null;
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${percent(Math.abs(value))}`;
  return (
    <div class="compared">
      <p class="small muted" id={id}>
        Area between each curve and chance: points of accuracy gained on average over the amounts,
        with the 95 % interval over the {areas[0]?.n} random curves it was compared with
      </p>
      <table class="areas" data-testid="race-areas" aria-labelledby={id}>
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
                      <Explained of={['area', criterion, key]}>
                        <b>{signed(area.value)}</b>{' '}
                        <span class="muted">
                          {signed(area.low)} to {signed(area.high)}
                        </span>
                      </Explained>
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

export function Networks({ entries }: { entries: readonly (RaceEntry & RaceCell)[] }) {
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
                  <td key={key}>
                    {measured && (
                      <Explained of={['racer', key, entries.indexOf(entry)]}>
                        {percent(measured.correct / measured.total)}
                      </Explained>
                    )}
                  </td>
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
