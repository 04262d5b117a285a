/** Figures as dots with their intervals, a table for the ear, and files. */
import { useMemo, useRef } from 'preact/hooks';
import { type Interval, intervalGeometry } from '../../plots/intervals';
import { percent, short } from '../../plots/measured';
import { DataTable, Downloads } from './Chart';
import { useSize } from './hooks';

interface Props {
  title: string;
  /** Those that have no value yet keep their place. */
  figures: readonly (Interval & { missing?: boolean; tone?: string })[];
  /** Whether the figures are shares, shown as per cent. */
  shares: boolean;
  /** What the axis counts. */
  axis: string;
  file: string;
}

export function Intervals({ title, figures, shares, axis, file }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width } = useSize(box);
  const drawn = useMemo(
    () => intervalGeometry(figures, Math.max(240, width), shares),
    [figures, width, shares],
  );
  const written = shares ? percent : short;
  const rows = useMemo(
    () => [
      ['figure', axis, '95 % from', 'to'],
      ...figures.map(({ label, value, low, high, missing }) =>
        missing ? [label, '', '', ''] : [label, written(value), written(low), written(high)],
      ),
    ],
    [figures, axis, written],
  );
  const any = figures.some(({ missing }) => !missing);
  return (
    <>
      <div class="intervals" ref={box} style={{ minHeight: `${drawn.height}px` }}>
        {width > 0 && (
          <svg ref={svg} width={drawn.width} height={drawn.height} role="img" aria-label={title}>
            <title>{title}</title>
            {drawn.ticks.map((tick) => (
              <g key={tick}>
                <line
                  class={tick === 0 && !shares ? 'rule zero' : 'rule'}
                  x1={drawn.x(tick)}
                  x2={drawn.x(tick)}
                  y1={drawn.top}
                  y2={drawn.bottom}
                />
                <text class="axis" x={drawn.x(tick)} y={drawn.bottom + 14} text-anchor="middle">
                  {shares ? tick * 100 : tick}
                </text>
              </g>
            ))}
            <text class="axis" x={drawn.right} y={drawn.bottom + 29} text-anchor="end">
              {axis} →
            </text>
            {drawn.rows.map(({ label, lines, y, dot, from, to, number }, at) => {
              const figure = figures[at];
              const tone = figure?.tone ?? '';
              return (
                <g key={`${label} ${at}`} class={`row ${tone}`}>
                  {lines.map((words, line) => (
                    <text
                      key={words}
                      class="name"
                      x={drawn.left - 10}
                      y={y + 4 + (line - (lines.length - 1) / 2) * 14}
                      text-anchor="end"
                    >
                      {words}
                    </text>
                  ))}
                  {figure && !figure.missing && (
                    <>
                      <line class="interval" x1={from} x2={to} y1={y} y2={y} />
                      <circle class="dot" cx={dot} cy={y} r={4} />
                      <text class="number" x={number.x} y={y + 4} text-anchor={number.anchor}>
                        {written(figure.value)}
                      </text>
                    </>
                  )}
                </g>
              );
            })}
          </svg>
        )}
      </div>
      <div class="foot">
        {any && <Downloads svg={svg} rows={() => rows} title={title} what={title} file={file} />}
      </div>
      {any && <DataTable title={title} rows={rows} />}
    </>
  );
}
