/** What every panel of dots has: its axes, and the dots. */
import type { Panel } from '../../plots/scatter';

/** Rules and numbers, and what runs across. */
export function Axes({ panel, across }: { panel: Panel; across: string }) {
  return (
    <>
      {panel.yTicks.map((tick) => (
        <g key={tick.label}>
          <line class="rule" x1={panel.left} x2={panel.right} y1={tick.y} y2={tick.y} />
          <text class="axis" x={panel.left - 6} y={tick.y + 4} text-anchor="end">
            {tick.label}
          </text>
        </g>
      ))}
      {panel.xTicks.map((tick) => (
        <text key={tick.label} class="axis" x={tick.x} y={panel.bottom + 14} text-anchor="middle">
          {tick.label}
        </text>
      ))}
      <text class="axis" x={panel.right} y={panel.bottom + 28} text-anchor="end">
        {across} →
      </text>
    </>
  );
}

export function Spots({ panel }: { panel: Panel }) {
  return (
    <>
      {panel.dots.map((dot) => (
        <circle key={dot.at} class="spot" cx={dot.x} cy={dot.y} r={2.75} />
      ))}
    </>
  );
}
