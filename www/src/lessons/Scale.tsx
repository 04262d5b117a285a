/** Axes of a small plot on which a curve is drawn by hand, or two are compared. */
import { scaleLinear } from 'd3-scale';
import type { ComponentChildren, RefObject } from 'preact';
import type { Dot, DrawCurve } from './types';

const WIDTH = 296;
const HEIGHT = 178;
const BOX = { left: 30, right: 10, top: 22, bottom: 34 };
const TICKS = [0, 25, 50, 75, 100];
/** Between the middles of two numbers. */
const ROOM = 24;

export function scales({ at }: DrawCurve) {
  return {
    x: scaleLinear([0, at.at(-1) ?? 1], [BOX.left, WIDTH - BOX.right]),
    y: scaleLinear([0, 100], [HEIGHT - BOX.bottom, BOX.top]),
    width: WIDTH,
  };
}

/** The values on the horizontal axis that have room for their numbers. */
function named({ at }: DrawCurve, x: (value: number) => number): number[] {
  const kept: number[] = [];
  for (const value of at) {
    const last = kept.at(-1);
    if (last === undefined || x(value) - x(last) >= ROOM) kept.push(value);
  }
  return kept;
}

export function pathOf(asked: DrawCurve, dots: readonly Dot[]): string {
  const { x, y } = scales(asked);
  return dots
    .map(([across, up], at) => `${at === 0 ? 'M' : 'L'}${x(across).toFixed(1)},${y(up).toFixed(1)}`)
    .join('');
}

export function Axes({
  asked,
  label,
  svg,
  children,
  ...rest
}: {
  asked: DrawCurve;
  label?: string;
  svg?: RefObject<SVGSVGElement | null>;
  children: ComponentChildren;
  onPointerDown?: (event: PointerEvent) => void;
  onPointerMove?: (event: PointerEvent) => void;
  onPointerUp?: (event: PointerEvent) => void;
}) {
  const { x, y } = scales(asked);
  return (
    <svg
      ref={svg}
      class="lesson-plot"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role={label ? 'img' : 'group'}
      aria-label={label ?? asked.ask}
      {...rest}
    >
      <text class="axis" x={0} y={11}>
        {asked.of}
      </text>
      {TICKS.map((tick) => (
        <g key={tick}>
          <line class="rule" x1={BOX.left} x2={WIDTH - BOX.right} y1={y(tick)} y2={y(tick)} />
          <text class="axis" x={BOX.left - 6} y={y(tick) + 4} text-anchor="end">
            {tick}
          </text>
        </g>
      ))}
      {named(asked, x).map((tick) => (
        <text key={tick} class="axis" x={x(tick)} y={HEIGHT - 20} text-anchor="middle">
          {tick}
        </text>
      ))}
      <text class="axis" x={WIDTH - BOX.right} y={HEIGHT - 5} text-anchor="end">
        {asked.axis}
      </text>
      {children}
    </svg>
  );
}
