/** Accuracy against the share that is cut. */
import { useComputed } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { measureCurve } from '../actions';
import { curveGeometry, curveRows, SERIES } from '../plots/curve';
import { count, share } from '../plots/measured';
import { type CurvePoint, controls, curve, network, now } from '../state';
import { AccuracyAxis, DataTable, Foot, NowLine } from './parts/Chart';
import { Spot, walked } from './parts/explained';
import { useChart } from './parts/hooks';
import { optionLabel } from './parts/properties';

const TITLE = 'Accuracy against the share that is cut';

/** Re-attacking is slow, so a point of the curve has fewer images than the figures above. */
function measuredOn(points: readonly CurvePoint[]): string {
  const totals = points.flatMap(({ adaptive }) => (adaptive ? [adaptive.total] : []));
  const least = Math.min(...totals);
  return Number.isFinite(least) ? `re-attacked on ${count(least)}` : '';
}

/** What the horizontal axis counts, and in which order. */
function Axis() {
  const { what, by, order, scope, layers } = controls.value.prune;
  const share = `${what} cut`;
  const chosen = layers.length === 1 ? ` in layer ${layers[0]}` : ` in layers ${layers.join(', ')}`;
  const some = layers.includes(0) ? '' : chosen;
  const each = what === 'pixels' ? '' : some || (scope === 'layer' ? ' per layer' : '');
  const criterion = optionLabel('prune', 'by', by);
  const reversed = order === 'reverse' ? ', reversed' : '';
  return {
    label: `${share}${each}, %`,
    sentence: `${criterion}${reversed}`,
  };
}

export function Curve() {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width, height, shown } = useChart(box);
  const { points, phase, what } = curve.value;
  const has = useComputed(() => network.value !== null).value;
  const marker = now.value;
  const axis = useComputed(Axis).value;
  const rows = useMemo(() => curveRows(points, what), [points, what]);
  // Only the labels mind the marker, and they need not dance around every step of it.
  const near = marker === null ? null : Math.round(marker / 5) * 5;
  const drawn = useMemo(
    () => curveGeometry(points, width, height, near),
    [points, width, height, near],
  );
  const { x, y, box: frame } = drawn;
  const any = drawn.lines.some(({ dots }) => dots.length > 0);
  const right = frame.x + frame.width;
  const bottom = frame.y + frame.height;
  return (
    <>
      <div class="curve-box" ref={box} {...(any ? walked(TITLE) : {})}>
        {width > 0 && (
          <svg ref={svg} {...shown} role="img" aria-label={`${TITLE}, ${axis.sentence}`}>
            <title>{TITLE}</title>
            <AccuracyAxis ticks={drawn.ticks.y} y={y} left={frame.x} right={right} />
            <text class="axis" x={right} y={11} text-anchor="end">
              {axis.sentence}
            </text>
            {drawn.ticks.x.map((tick) => (
              <text key={tick} class="axis" x={x(tick)} y={bottom + 14} text-anchor="middle">
                {tick}
              </text>
            ))}
            <text class="axis" x={right} y={bottom + 29} text-anchor="end">
              {axis.label} →
            </text>
            {drawn.band && <path class="band" d={drawn.band} />}
            {drawn.lines.map(
              ({ key, path }) => path && <path key={key} class={`line ${key}`} d={path} />,
            )}
            {any && marker !== null && (
              <NowLine x={x(marker)} top={frame.y} bottom={bottom} right={right} label="now" />
            )}
            {drawn.labels.map(({ key, label, x: at, y: down }) => (
              <text key={key} class={`label ${key}`} x={at} y={down}>
                {label}
              </text>
            ))}
            {SERIES.map(({ key }) =>
              points.map((point) => {
                const figure = point[key];
                return figure && figure.total > 0 ? (
                  <Spot
                    key={`${key} ${point.amount}`}
                    of={['curve', key, point.amount]}
                    series={key}
                    x={x(point.amount)}
                    y={y(share(figure))}
                  />
                ) : null;
              }),
            )}
          </svg>
        )}
        {!any && (
          <div class="curve-empty">
            <p class="muted small">
              {has
                ? 'Cuts the network step by step and measures it at each.'
                : 'Accuracy at every amount of cutting will be drawn here.'}
            </p>
            {has && phase === 'none' && (
              <button type="button" class="button solid" onClick={measureCurve}>
                Measure the curve
              </button>
            )}
            {phase === 'running' && <p class="small">Measuring.</p>}
          </div>
        )}
      </div>
      {any && (
        <Foot
          svg={svg}
          rows={() => curveRows(curve.peek().points, curve.peek().what)}
          title={TITLE}
          what="the curve"
          file="secateurs-curve"
        >
          {phase === 'running' ? 'still being measured' : measuredOn(points)}
        </Foot>
      )}
      {any && phase === 'done' && <DataTable title={TITLE} rows={rows} />}
    </>
  );
}
