/** The way the attack took on the chosen image; every place along it can be looked at. */
import { useComputed } from '@preact/signals';
import type { RefObject } from 'preact';
import { useId, useMemo, useRef } from 'preact/hooks';
import { scrub } from '../actions';
import { isEmpty } from '../drawing/normalise';
import { normOf, size } from '../engine/attacks';
import type { Trajectory as Way } from '../engine/types';
import { count, short } from '../plots/measured';
import { trajectoryGeometry, trajectoryRows } from '../plots/trajectory';
import { drawn, frame, image, network, subject, trajectory } from '../state';
import { DataTable, Downloads } from './parts/Chart';
import { Explained, explains } from './parts/explained';
import { useSize } from './parts/hooks';

const TITLE = 'The attack on this image, step by step';

/** Height of the loss, of the scrubber below it, and of the digits below that, in pixels. */
const LOSS = 34;
const SCRUBBER = 20;
const DIGITS = 15;
const STEPS = 14;
const HEIGHT = LOSS + SCRUBBER + DIGITS + STEPS;
/** Where the scrubber's track is, and how far from it a press still counts: over the whole plot. */
const TRACK = LOSS + SCRUBBER / 2;
const REACH = HEIGHT - TRACK;
/** The thumb's middle does not reach the ends of its track. */
const THUMB = 15;

/** What the attack minds: the loss of that digit is the one drawn. */
function minded(): { digit: number; targeted: boolean } {
  const target = trajectory.value?.by.target ?? -1;
  if (target >= 0) return { digit: target, targeted: true };
  return { digit: trajectory.value?.label ?? -1, targeted: false };
}

/** How much work the outcome was. */
function effort(): string {
  if (!trajectory.value) {
    const nothing = subject.value === 'drawing' && isEmpty(drawn.value);
    return nothing ? 'there is nothing to attack yet' : 'being followed';
  }
  const { queries = 0 } = image.value ?? {};
  if (queries === 0) return '';
  return `the network was asked ${queries === 1 ? 'once' : `${count(queries)} times`}`;
}

/** Where the scrubber stands, or what the attack came to, in one line. */
function Line() {
  const way = trajectory.value;
  const at = frame.value;
  const norm = useComputed(() => normOf(trajectory.value?.by.norm ?? 'linf').label).value;
  if (!way || at === null) {
    const said = effort();
    return (
      <span class="muted small">
        {image.value && said ? <Explained of={['effort']}>{said}</Explained> : said}
      </span>
    );
  }
  const step = way.steps[at] ?? at;
  return (
    <span class="small">
      {step === 0 ? 'start' : `step ${count(step)}`} <span class="muted">·</span> read as{' '}
      <b>{way.read[at]}</b> <span class="muted">·</span>{' '}
      <Explained of={['look', at]}>loss {short(way.losses[at] ?? 0)}</Explained>{' '}
      <span class="norm">
        <span class="muted">·</span> {norm} {size(way.norms[at] ?? 0)}
      </span>
    </span>
  );
}

/** The loss above, what was read below, and between them what moves along both. */
function Plot({ way, svg }: { way: Way; svg: RefObject<SVGSVGElement | null> }) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const { digit, targeted } = minded();
  const drawn = useMemo(
    () => trajectoryGeometry(way, (read) => (read === digit) !== targeted, width, LOSS),
    [way, digit, targeted, width],
  );
  const last = way.frames - 1;
  const place = Math.min(frame.value ?? last, last);
  const [step, most] = [way.steps[place] ?? 0, way.steps[last] ?? 0];
  const loss = way.losses[place] ?? 0;
  const floor = LOSS + SCRUBBER + DIGITS;
  return (
    <div class="trajectory-box" ref={box} style={{ height: `${HEIGHT}px` }}>
      {width > 0 && (
        <>
          <svg
            ref={svg}
            width={width}
            height={HEIGHT}
            viewBox={`0 0 ${width} ${HEIGHT}`}
            role="img"
            aria-label={`${targeted ? `Loss of the target, ${digit},` : `Loss of the right digit, ${digit},`} and digit read, over ${count(most)} steps of the attack`}
          >
            <text class="axis" x={0} y={drawn.box.y + 8}>
              loss
            </text>
            <text class="axis" x={0} y={drawn.box.y + 21}>
              {short(drawn.most)}
            </text>
            <path class="loss" d={drawn.path} />
            {drawn.runs.map((run) => (
              <g key={run.x} class={run.holds ? 'holds' : 'fooled'}>
                <rect x={run.x} y={LOSS + SCRUBBER} width={run.width} height={DIGITS} />
                {run.width > 9 && (
                  <text x={run.x + run.width / 2} y={floor - 4} text-anchor="middle">
                    {run.digit}
                  </text>
                )}
              </g>
            ))}
            <text class="axis" x={0} y={floor - 4}>
              read
            </text>
            {drawn.ticks.map((tick, index) => (
              <text
                key={tick.at}
                class="axis"
                x={drawn.x(tick.at)}
                y={HEIGHT - 3}
                text-anchor={
                  index === 0 ? 'start' : index + 1 < drawn.ticks.length ? 'middle' : 'end'
                }
              >
                {index + 1 < drawn.ticks.length ? count(tick.step) : `step ${count(tick.step)}`}
              </text>
            ))}
            <line
              class="now"
              x1={drawn.x(place)}
              x2={drawn.x(place)}
              y1={drawn.y(loss)}
              y2={LOSS + SCRUBBER}
            />
            <circle class="now-dot" cx={drawn.x(place)} cy={drawn.y(loss)} r={3} />
          </svg>
          <input
            type="range"
            aria-label="Step of the attack"
            aria-valuetext={`Step ${step} of ${most}, read as ${way.read[place]}, loss ${short(loss)}`}
            data-testid="scrubber"
            {...explains('look', place)}
            min={0}
            max={last}
            step={1}
            value={place}
            disabled={last < 1}
            style={{
              insetInlineStart: `${drawn.box.x - THUMB / 2}px`,
              width: `${drawn.box.width + THUMB}px`,
              top: `${TRACK - REACH}px`,
              height: `${2 * REACH}px`,
              '--share': `${(100 * place) / Math.max(1, last)}%`,
            }}
            onInput={(event) => scrub(Number(event.currentTarget.value))}
          />
        </>
      )}
    </div>
  );
}

export function Trajectory() {
  const id = useId();
  const svg = useRef<SVGSVGElement>(null);
  const way = trajectory.value;
  const rows = useMemo(() => (way ? trajectoryRows(way, normOf(way.by.norm).label) : []), [way]);
  const has = useComputed(() => network.value !== null).value;
  if (!has) return null;
  return (
    <section class="trajectory" aria-labelledby={`${id}-title`} data-testid="trajectory">
      <div class="head">
        <h3 id={`${id}-title`}>step by step</h3>
        <Line />
        <button
          type="button"
          class="link small muted"
          disabled={frame.value === null}
          onClick={() => scrub(null)}
        >
          show the outcome
        </button>
        {way && (
          <Downloads
            svg={svg}
            rows={() => rows}
            title={TITLE}
            what="the attack’s way"
            file="secateurs-attack"
          />
        )}
      </div>
      {way ? (
        <Plot way={way} svg={svg} />
      ) : (
        <div class="trajectory-box" style={{ height: `${HEIGHT}px` }} />
      )}
      {way && <DataTable title={TITLE} rows={rows} />}
    </section>
  );
}
