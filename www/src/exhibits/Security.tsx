/** Accuracy against the size of the attack; what is true lies between attack and proof. */
import { useComputed } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { marksOf, normLabel, reach } from '../engine/sizes';
import type { Norm } from '../engine/types';
import { count, share } from '../plots/measured';
import { BOUNDS, securityGeometry, securityRows } from '../plots/security';
import { network, recipe, type SecurityPoint, security } from '../state';
import { methodWords } from './parts/attackWords';
import { AccuracyAxis, DataTable, Foot, NowLine } from './parts/Chart';
import { Spot, walked } from './parts/explained';
import { useChart } from './parts/hooks';

const TITLE = 'Accuracy against the size of the attack';

/** What a size of 1 means. */
const UNITS: Record<Norm, string> = {
  linf: 'change of any pixel, 0 to 1',
  l2: 'length of the change',
  l1: 'sum of all changes',
};

function Plot({ points, norm }: { points: readonly SecurityPoint[]; norm: Norm }) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width, height, shown } = useChart(box);
  const eps = useComputed(() => recipe.value.measure.eps).value;
  const attack = useComputed(() => methodWords(recipe.value.attack)).value;
  const end = reach(norm);
  const drawn = useMemo(
    () => securityGeometry(points, marksOf(norm), end, width, height, eps),
    [points, norm, end, width, height, eps],
  );
  const rows = useMemo(() => securityRows(points, normLabel(norm)), [points, norm]);
  const { x, y, box: frame, truthLabel } = drawn;
  const right = frame.x + frame.width;
  const bottom = frame.y + frame.height;
  const { phase } = security.value;
  const images = Math.min(...points.flatMap(({ adaptive }) => (adaptive ? [adaptive.total] : [])));
  return (
    <>
      <div
        class="curve-box"
        ref={box}
        data-testid="security"
        data-phase={phase}
        {...walked(`${TITLE}, ${attack}`)}
      >
        {width > 0 && (
          <svg
            ref={svg}
            {...shown}
            role="img"
            aria-label={`${TITLE}, ${attack}, ${normLabel(norm)}`}
          >
            <title>{TITLE}</title>
            <AccuracyAxis ticks={drawn.ticks.y} y={y} left={frame.x} right={right} />
            <text class="axis" x={right} y={11} text-anchor="end">
              {attack}
            </text>
            {drawn.ticks.x.map((tick) => (
              <text
                key={tick.label}
                class={tick.marked ? 'axis marked' : 'axis'}
                x={tick.x}
                y={bottom + 14}
                text-anchor={tick.anchor}
              >
                {tick.label}
              </text>
            ))}
            {marksOf(norm).map(({ value }) => (
              <line
                key={value}
                class="tick"
                x1={x(value)}
                x2={x(value)}
                y1={bottom}
                y2={bottom + 4}
              />
            ))}
            <text class="axis" x={right} y={bottom + 29} text-anchor="end">
              {`ε (${normLabel(norm)}): ${UNITS[norm]} →`}
            </text>
            {drawn.truth && <path class="truth" d={drawn.truth} />}
            {drawn.intervals.map(
              ({ key, path }) => path && <path key={key} class={`interval ${key}`} d={path} />,
            )}
            {drawn.lines.map(
              ({ key, path }) => path && <path key={key} class={`line ${key}`} d={path} />,
            )}
            {eps <= end && (
              <NowLine x={x(eps)} top={frame.y} bottom={bottom} right={right} label="measured" />
            )}
            {truthLabel?.leader && (
              <line
                class="leader"
                x1={truthLabel.leader.from.x}
                y1={truthLabel.leader.from.y}
                x2={truthLabel.leader.to.x}
                y2={truthLabel.leader.to.y}
              />
            )}
            {truthLabel?.lines.map((words, at) => (
              <text
                key={words}
                class="label truth-name"
                x={truthLabel.x}
                y={truthLabel.y + 13 * at}
              >
                {words}
              </text>
            ))}
            {drawn.labels.map(({ key, label, x: across, y: down }) => (
              <text key={key} class={`label ${key}`} x={across} y={down}>
                {label}
              </text>
            ))}
            {BOUNDS.map(({ key }) =>
              points.map((point, at) => {
                const figure = point[key];
                return figure && figure.total > 0 ? (
                  <Spot
                    key={`${key} ${point.eps}`}
                    of={['size', key, at]}
                    series={key}
                    x={x(point.eps)}
                    y={y(share(figure))}
                  />
                ) : null;
              }),
            )}
          </svg>
        )}
      </div>
      <Foot
        svg={svg}
        rows={() => rows}
        title={TITLE}
        what="the curve"
        file="secateurs-security-curve"
      >
        {phase === 'running'
          ? `measuring, ${Math.floor(100 * security.value.fraction)} %`
          : `on ${count(images)} images`}
      </Foot>
      {phase === 'done' && <DataTable title={`${TITLE}, ${attack}`} rows={rows} />}
    </>
  );
}

export function Security() {
  const { points, norm, phase } = security.value;
  const has = useComputed(() => network.value !== null).value;
  return (
    <>
      {phase === 'none' ? (
        <div class="curve-box">
          <div class="curve-empty">
            <p class="muted small">
              {has
                ? 'Attacks of every size are tried, and what can be proven is proven.'
                : 'Accuracy at every size of the attack will be drawn here.'}
            </p>
            {has && <p class="small">Measuring.</p>}
          </div>
        </div>
      ) : (
        <Plot points={points} norm={norm} />
      )}
      {norm !== 'linf' && (
        <p class="muted small">
          Certificates exist for L∞ only: for {normLabel(norm)} nothing is proven from below.
        </p>
      )}
    </>
  );
}
