/** Distortion of every unit of a layer: mean and spread above, single images below. */
import { useSignal } from '@preact/signals';
import { useId, useMemo, useRef } from 'preact/hooks';
import type { Condition, LayerStudy, SimilarityResult } from '../../engine/types';
import { css, mix } from '../../plots/colour';
import { short } from '../../plots/measured';
import {
  columnsBy,
  digitRuns,
  fullColour,
  paintCells,
  profileGeometry,
  rowOf,
} from '../../plots/units';
import { DataTable, Foot } from '../parts/Chart';
import { explains, walked } from '../parts/explained';
import { useSize } from '../parts/hooks';
import { ink } from '../parts/ink';
import { picture } from '../parts/picture';

const LEFT = 44;
const RIGHT = 10;
const TOP = 20;
const PROFILE = 92;
const GAP = 10;
const FOOT = 40;
const KEY = [0, 0.25, 0.5, 0.75, 1];

/** What the profile shows. */
function wordsOf(condition: Condition | undefined): string {
  if (condition?.kind === 'norm') return '‖w‖₁ of incoming weights';
  const what = condition?.kind === 'activation' ? 'output z' : '|z − z̃|';
  return `${what}, mean ± standard deviation`;
}

export function Units({
  found: { conditions, labels, shown },
  layer,
  number,
}: {
  found: SimilarityResult;
  layer: LayerStudy;
  number: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width } = useSize(box);
  const pointed = useSignal<{ row: number; at: number } | null>(null);
  const id = useId();
  const chosen = useSignal(0);
  const condition = Math.min(chosen.value, conditions.length - 1);
  const { paper, adaptive } = ink.value;
  const kept = layer.kept.length;

  const drawn = useMemo(() => {
    // Whatever is shown, units keep their places, so that one order can be held against another.
    const columns = columnsBy(rowOf(layer.values, 0, kept));
    const values = rowOf(layer.values, condition, kept);
    const spread = rowOf(layer.spread, condition, kept);
    const full = fullColour(layer.images);
    const inner = Math.max(40, width - LEFT - RIGHT);
    const profile = profileGeometry(values, spread, columns, inner, PROFILE);
    return { values, spread, columns, full, inner, profile };
  }, [layer, kept, width, condition]);
  const { values, spread, columns, full, inner, profile } = drawn;
  const map = useMemo(
    () =>
      picture(kept, shown.length, (out) =>
        paintCells(layer.images, columns, full, paper, adaptive, out),
      ),
    [layer, kept, shown, columns, full, paper, adaptive],
  );
  const runs = useMemo(() => digitRuns(labels), [labels]);
  const rows = useMemo(() => {
    const [activation, norm] = [conditions.length - 2, conditions.length - 1];
    const cell = (condition: number, at: number) =>
      (layer.values[condition * kept + at] ?? 0).toFixed(5);
    return [
      ['unit', 'mean distortion', 'standard deviation', 'mean activation', '‖w‖₁ in'],
      ...columns.map((column) => [
        `${layer.kept[column]}`,
        cell(0, column),
        (layer.spread[column] ?? 0).toFixed(5),
        cell(activation, column),
        cell(norm, column),
      ]),
    ];
  }, [layer, kept, columns, conditions]);

  const tall = Math.max(1, Math.round(shown.length * (width < 560 ? 1.3 : 1.7)));
  const top = TOP + PROFILE + GAP;
  const height = top + tall + FOOT;
  const title = `Distortion of the units of layer ${number}, and of single images`;
  const point = pointed.value;
  const column = point ? (columns[point.at] ?? 0) : 0;
  return (
    <>
      <p class="chooser">
        <label for={id}>Mean and spread of</label>
        <select
          id={id}
          value={condition}
          onChange={(event) => {
            chosen.value = Number(event.currentTarget.value);
          }}
        >
          {conditions.map(({ name }, at) => (
            <option key={name} value={at}>
              {name}
            </option>
          ))}
        </select>
      </p>
      <div class="plot" ref={box} {...walked(title)}>
        {width > 0 && (
          <svg
            ref={svg}
            width={width}
            height={height}
            role="img"
            aria-label={title}
            onPointerMove={(event) => {
              const bounds = event.currentTarget.getBoundingClientRect();
              const x = event.clientX - bounds.left - LEFT;
              const y = event.clientY - bounds.top - top;
              const at = Math.floor((x / inner) * kept);
              const row = Math.floor((y / tall) * shown.length);
              const inside = at >= 0 && at < kept && row < shown.length;
              pointed.value = inside ? { at, row } : null;
            }}
            onPointerLeave={() => {
              pointed.value = null;
            }}
          >
            <title>{title}</title>
            <text class="axis" x={0} y={11}>
              {wordsOf(conditions[condition])}
            </text>
            {profile.ticks.map(({ y, label }) => (
              <g key={label}>
                <line class="rule" x1={LEFT} x2={LEFT + inner} y1={TOP + y} y2={TOP + y} />
                <text class="axis" x={LEFT - 6} y={TOP + y + 4} text-anchor="end">
                  {label}
                </text>
              </g>
            ))}
            <g transform={`translate(${LEFT} ${TOP})`}>
              <path class="spread" d={profile.band} />
              <path class="mean" d={profile.path} />
            </g>
            {map && (
              <image
                href={map}
                x={LEFT}
                y={top}
                width={inner}
                height={tall}
                preserveAspectRatio="none"
                image-rendering="pixelated"
              />
            )}
            {runs.map(({ digit, from, count: images }) => {
              const y = top + (from / shown.length) * tall;
              const middle = top + ((from + images / 2) / shown.length) * tall;
              return (
                <g key={digit}>
                  {from > 0 && (
                    <line class="cut-line" x1={LEFT - 12} x2={LEFT + inner} y1={y} y2={y} />
                  )}
                  <text class="name" x={LEFT - 8} y={middle + 4} text-anchor="end">
                    {digit}
                  </text>
                </g>
              );
            })}
            {columns.map((place, at) => (
              <rect
                key={place}
                class="spot-of"
                x={LEFT + (at / kept) * inner}
                y={TOP}
                width={inner / kept}
                height={PROFILE}
                fill="none"
                stroke="none"
                pointer-events="all"
                {...explains('moved', number - 1, condition, place)}
              />
            ))}
            <rect class="frame" x={LEFT} y={top} width={inner} height={tall} />
            {point && (
              <line
                class="pointer"
                x1={LEFT + ((point.at + 0.5) / kept) * inner}
                x2={LEFT + ((point.at + 0.5) / kept) * inner}
                y1={TOP}
                y2={top + tall}
              />
            )}
            <text
              class="axis"
              transform={`translate(11 ${top + tall / 2}) rotate(-90)`}
              text-anchor="middle"
            >
              {shown.length} single images, by digit
            </text>
            <text class="axis" x={LEFT + inner} y={height - FOOT + 15} text-anchor="end">
              {kept} units, most distorted first →
            </text>
            <g transform={`translate(${LEFT} ${height - 14})`}>
              {KEY.map((share, at) => (
                <rect
                  key={share}
                  class="frame-thin"
                  x={at * 16}
                  y={-9}
                  width={16}
                  height={10}
                  fill={css(mix(paper, adaptive, share))}
                />
              ))}
              <text class="axis" x={KEY.length * 16 + 6} y={0}>
                0 to {short(full)} and more
              </text>
            </g>
          </svg>
        )}
      </div>
      <p class="readout small muted" aria-hidden="true">
        {point
          ? `unit ${layer.kept[column]}: mean ${short(values[column] ?? 0)} ± ${short(spread[column] ?? 0)}${
              point.row >= 0
                ? `; on training image ${shown[point.row]}, a ${labels[point.row]}: ${short(layer.images[point.row * kept + column] ?? 0)}`
                : ''
            }`
          : 'Point at a column for its unit.'}
      </p>
      <Foot
        svg={svg}
        rows={() => rows}
        title={title}
        what="the distortion of the units"
        file={`secateurs-units-layer-${number}`}
      />
      <DataTable title={title} rows={rows} />
    </>
  );
}
