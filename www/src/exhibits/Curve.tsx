/** Accuracy against the share that is cut. */
import { useComputed } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { measureCurve } from '../actions';
import { css } from '../plots/colour';
import { csv, curveGeometry, curveRows } from '../plots/curve';
import { png, save, standalone } from '../plots/download';
import { count } from '../plots/measured';
import { type CurvePoint, controls, curve, network, now } from '../state';
import { useSize } from './parts/hooks';
import { ink } from './parts/ink';
import { optionLabel } from './parts/properties';

const TITLE = 'Accuracy against the share that is cut';

function Downloads({ svg }: { svg: { current: SVGSVGElement | null } }) {
  const rows = () => curveRows(curve.peek().points, curve.peek().what);
  const paper = () => css(ink.value.paper);
  const text = (body: string, type: string) => new Blob([body], { type });
  return (
    <p class="downloads small">
      <button
        type="button"
        class="link"
        aria-label="Download the curve as SVG"
        onClick={() => {
          if (!svg.current) return;
          save(
            text(standalone(svg.current, paper(), TITLE), 'image/svg+xml'),
            'secateurs-curve.svg',
          );
        }}
      >
        SVG
      </button>
      <button
        type="button"
        class="link"
        aria-label="Download the curve as PNG"
        onClick={async () => {
          if (svg.current) save(await png(svg.current, paper(), TITLE), 'secateurs-curve.png');
        }}
      >
        PNG
      </button>
      <button
        type="button"
        class="link"
        aria-label="Download the curve’s figures as CSV"
        onClick={() => save(text(csv(rows()), 'text/csv'), 'secateurs-curve.csv')}
      >
        CSV
      </button>
    </p>
  );
}

/** Re-attacking is slow, so a point of the curve has fewer images than the figures above. */
function measuredOn(points: readonly CurvePoint[]): string {
  const totals = points.flatMap(({ adaptive }) => (adaptive ? [adaptive.total] : []));
  const least = Math.min(...totals);
  return Number.isFinite(least) ? `re-attacked on ${count(least)}` : '';
}

/** What the horizontal axis counts, and in which order. */
function Axis() {
  const { what, by, order, scope } = controls.value.prune;
  const share = what === 'units' ? 'units cut' : 'weights cut';
  const each = scope === 'layer' ? ' per layer' : '';
  const criterion = optionLabel('prune', 'by', by);
  const reversed = order === 'reverse' ? ', reversed' : '';
  return {
    label: `${share}${each}, %`,
    sentence: `${criterion}${reversed}`,
  };
}

/** The figures for whoever cannot see the drawing; made once, when all are there. */
function Table({ points, what }: { points: CurvePoint[]; what: string }) {
  const [heads = [], ...rows] = useMemo(() => curveRows(points, what), [points, what]);
  return (
    <div class="heard">
      <table>
        <caption>{TITLE}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, at) => (
                <td key={heads[at]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Curve() {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width, height } = useSize(box);
  const { points, phase, what } = curve.value;
  const has = useComputed(() => network.value !== null).value;
  const marker = useComputed(() => (network.value ? now.value : null)).value;
  const axis = useComputed(Axis).value;
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
  const nowLeft = marker !== null && x(marker) > right - 34;
  return (
    <section class="curve" aria-labelledby="curve-title">
      <div class="head">
        <h2 id="curve-title">If more is cut</h2>
        <span class="muted small">{axis.sentence}</span>
      </div>
      <div class="curve-box" ref={box}>
        {width > 0 && (
          <svg
            ref={svg}
            width={width}
            height={height}
            role="img"
            aria-label={`${TITLE}, ${axis.sentence}`}
          >
            <title>{TITLE}</title>
            <text class="axis" x={0} y={11}>
              accuracy, %
            </text>
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
              {axis.label} →
            </text>
            {drawn.band && <path class="band" d={drawn.band} />}
            {drawn.lines.map(
              ({ key, path }) => path && <path key={key} class={`line ${key}`} d={path} />,
            )}
            {any && marker !== null && (
              <g>
                <line class="now" x1={x(marker)} x2={x(marker)} y1={frame.y - 8} y2={bottom} />
                <text
                  class="now-label"
                  x={x(marker) + (nowLeft ? -4 : 4)}
                  y={frame.y - 2}
                  text-anchor={nowLeft ? 'end' : 'start'}
                >
                  now
                </text>
              </g>
            )}
            {drawn.labels.map(({ key, label, x: at, y: down }) => (
              <text key={key} class={`label ${key}`} x={at} y={down}>
                {label}
              </text>
            ))}
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
        <div class="foot">
          <p class="muted small">
            {phase === 'running' ? 'still being measured' : measuredOn(points)}
          </p>
          <Downloads svg={svg} />
        </div>
      )}
      {any && phase === 'done' && <Table points={points} what={what} />}
    </section>
  );
}
