/** How well the conditions agree on which units are distorted most. */
import { useMemo, useRef } from 'preact/hooks';
import type { LayerStudy } from '../../engine/types';
import {
  agreementGeometry,
  agreementRows,
  figure,
  type Mark,
  type Scale,
} from '../../plots/agreement';
import { DataTable, Foot } from '../parts/Chart';
import { explains, type Kind, Spot, walked } from '../parts/explained';
import { useSize } from '../parts/hooks';
import { GROUP_NAMES } from '../parts/laboratoryWords';

/** What is compared with something that should know nothing of the attack. */
const CONTROLS: ReadonlySet<string> = new Set(['noise', 'activation']);

const nameOf = (kind: string) => GROUP_NAMES[kind] ?? kind;

function Axis({ scale, title, bottom }: { scale: Scale; title: string; bottom: number }) {
  const { x, left, right, ticks, chance } = scale;
  return (
    <g>
      <text class="axis strong" x={left} y={11}>
        {title}
      </text>
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="rule" x1={x(tick)} x2={x(tick)} y1={30} y2={bottom} />
          <text
            class="axis"
            x={x(tick)}
            y={bottom + 14}
            text-anchor={tick === ticks[0] ? 'start' : x(tick) >= right ? 'end' : 'middle'}
          >
            {tick}
          </text>
        </g>
      ))}
      {chance !== null && chance > 0 && (
        <g>
          <line class="chance" x1={x(chance)} x2={x(chance)} y1={28} y2={bottom} />
          <text class="axis" x={x(chance) + 4} y={26}>
            chance {figure(chance)}
          </text>
        </g>
      )}
    </g>
  );
}

function Dot({
  mark,
  y,
  control,
  of,
}: {
  mark: Mark;
  y: number;
  control: boolean;
  of: [Kind, ...(string | number)[]];
}) {
  return (
    <g>
      {mark.x !== null && mark.to > mark.from && (
        <line class="range" x1={mark.from} x2={mark.to} y1={y} y2={y} />
      )}
      {mark.x !== null && (
        <circle class={control ? 'dot control' : 'dot'} cx={mark.x} cy={y} r={4.5} />
      )}
      <text class="number" x={mark.textX} y={y + 4} text-anchor={mark.textAnchor}>
        {mark.text}
      </text>
      {mark.x !== null && <Spot of={of} x={mark.x} y={y} />}
    </g>
  );
}

export function Agreements({ layer, number }: { layer: LayerStudy; number: number }) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width } = useSize(box);
  const { groups, chance, top } = layer;
  const drawn = useMemo(() => agreementGeometry(groups, chance, width), [groups, chance, width]);
  const rows = useMemo(() => agreementRows(groups, nameOf, chance), [groups, chance]);
  const title = `Agreement on the most distorted units of layer ${number}`;
  return (
    <>
      <div class="plot" ref={box} {...walked(title)}>
        {width > 0 && (
          <svg ref={svg} width={width} height={drawn.height} role="img" aria-label={title}>
            <title>{title}</title>
            <Axis
              scale={drawn.jaccard}
              title={
                drawn.stacked ? `overlap of the top ${top}` : `overlap of the top ${top} (Jaccard)`
              }
              bottom={drawn.bottom}
            />
            <Axis scale={drawn.spearman} title="ranks (Spearman)" bottom={drawn.bottom} />
            <text class="axis strong" x={drawn.concordanceX} y={11} text-anchor="end">
              {drawn.stacked ? 'W' : 'Kendall’s W'}
            </text>
            {drawn.rows.map((row) => (
              <g key={row.kind}>
                <text class="name" x={0} y={row.nameY}>
                  {nameOf(row.kind)}
                </text>
                {(['jaccard', 'spearman'] as const).map((which) => (
                  <Dot
                    key={which}
                    mark={row[which]}
                    y={row.y}
                    control={CONTROLS.has(row.kind)}
                    of={['agreement', number - 1, row.kind, which]}
                  />
                ))}
                <text
                  class="number"
                  x={drawn.concordanceX}
                  y={row.y + 4}
                  text-anchor="end"
                  {...explains('agreement', number - 1, row.kind, 'concordance')}
                >
                  {row.text}
                </text>
              </g>
            ))}
          </svg>
        )}
      </div>
      <Foot
        svg={svg}
        rows={() => rows}
        title={title}
        what="the agreement"
        file={`secateurs-agreement-layer-${number}`}
      >
        Dots are means over all pairs compared, lines reach from the least to the most; hollow dots
        are controls. W is 1 where all agree, and about 1 over the number of measures by chance.
      </Foot>
      <DataTable title={title} rows={rows} />
    </>
  );
}
