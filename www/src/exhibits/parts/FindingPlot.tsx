/** What a finding's networks came to: a dot a figure, its interval, and fainter every seed. */
import { useMemo, useRef } from 'preact/hooks';
import {
  type Arm,
  findingGeometry,
  findingGroups,
  findingRows,
  type Summed,
} from '../../plots/finding';
import { DataTable, Downloads } from './Chart';
import { explains, Spot, walked } from './explained';
import { useSize } from './hooks';

interface Props {
  /** The finding’s name in the core. */
  name: string;
  title: string;
  arms: readonly Arm[];
  figures: readonly Summed[];
  file: string;
}

const NONE: readonly Summed[] = [];

export function FindingPlot({ name, title, arms, figures = NONE, file }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width } = useSize(box);
  const groups = useMemo(() => findingGroups(arms, figures), [arms, figures]);
  const drawn = useMemo(() => findingGeometry(groups, Math.max(280, width)), [groups, width]);
  const any = arms.some(({ outcome }) => outcome !== null);
  return (
    <>
      <div
        class="finding-plot"
        ref={box}
        style={{ minHeight: `${drawn.height}px` }}
        {...(any ? walked(title) : {})}
      >
        {width > 0 && (
          <svg ref={svg} width={drawn.width} height={drawn.height} role="img" aria-label={title}>
            <title>{title}</title>
            {drawn.ticks.map((tick) => (
              <g key={tick}>
                <line
                  class="rule"
                  x1={drawn.x(tick)}
                  x2={drawn.x(tick)}
                  y1={drawn.top}
                  y2={drawn.bottom}
                />
                <text class="axis" x={drawn.x(tick)} y={drawn.bottom + 13} text-anchor="middle">
                  {tick}
                </text>
              </g>
            ))}
            <text class="axis" x={drawn.right} y={drawn.bottom + 28} text-anchor="end">
              {drawn.axis}
            </text>
            {drawn.heads.map(({ tone, label, x }) => (
              <text key={tone} class={`head ${tone}`} x={x} y={11} text-anchor="end">
                {label}
              </text>
            ))}
            {drawn.groups.map((group, place) => (
              <g key={group.label}>
                <text class="group" x={0} y={group.y}>
                  {group.label}
                  {group.note !== '' && <tspan class="axis"> · {group.note}</tspan>}
                </text>
                {group.rows.map((row, line) => (
                  <g key={row.label}>
                    <text class="axis" x={10} y={row.y + 4}>
                      {row.label}
                    </text>
                    {row.dots.map((dot) => (
                      <g key={dot.tone} class={`dot ${dot.tone}`}>
                        {dot.seeds.map((x, at) => (
                          <line key={at} class="seed" x1={x} x2={x} y1={dot.y - 4} y2={dot.y + 4} />
                        ))}
                        {dot.from !== null && dot.to !== null && (
                          <line class="interval" x1={dot.from} x2={dot.to} y1={dot.y} y2={dot.y} />
                        )}
                        {dot.x !== null && (
                          <circle
                            class={dot.from === null ? 'mean partial' : 'mean'}
                            cx={dot.x}
                            cy={dot.y}
                            r={3.5}
                          />
                        )}
                        <text
                          class="number"
                          x={dot.number.x}
                          y={row.y + 4}
                          text-anchor="end"
                          {...(dot.x === null
                            ? {}
                            : explains('finding', name, place, line, dot.tone))}
                        >
                          {dot.number.text}
                        </text>
                        {dot.x !== null && (
                          <Spot of={['finding', name, place, line, dot.tone]} x={dot.x} y={dot.y} />
                        )}
                      </g>
                    ))}
                  </g>
                ))}
              </g>
            ))}
          </svg>
        )}
      </div>
      <div class="foot">
        {any && (
          <Downloads
            svg={svg}
            rows={() => findingRows(groups)}
            title={title}
            what={`the figures of ${title}`}
            file={file}
          />
        )}
      </div>
      {any && <DataTable title={title} rows={findingRows(groups)} />}
    </>
  );
}
