/** One plot of the race: one figure of every criterion, in grey what chance does. */
import { useMemo, useRef } from 'preact/hooks';
import type { SeriesKey } from '../../plots/curve';
import { percent } from '../../plots/measured';
import { mark, type RaceEntry, racePanel, raceRows } from '../../plots/race';
import { openCell } from '../../trialsActions';
import { race } from '../../trialsState';
import { Downloads } from './Chart';
import { explains, walked } from './explained';
import { useSize } from './hooks';
import { entriesOf, nameOf } from './raceWords';

const TITLES: Record<SeriesKey, string> = {
  clean: 'Clean',
  transfer: 'Old adversarial',
  adaptive: 'Re-attacked',
};

/** The sign that a criterion has in every plot. */
export function Mark({ place }: { place: number }) {
  return (
    <svg class="mark-of" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
      <path class="mark" d={mark(place, 40)} />
    </svg>
  );
}

export function RacePlot({
  figure,
  entries,
}: {
  figure: SeriesKey;
  entries: readonly RaceEntry[];
}) {
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
      <div class="curve-box race-box" ref={box} {...(entries.length > 0 ? walked(title) : {})}>
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
                    <path
                      d={mark(place)}
                      transform={`translate(${at} ${down})`}
                      data-series={by}
                      {...explains('raced', figure, by, point.amount)}
                    />
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
