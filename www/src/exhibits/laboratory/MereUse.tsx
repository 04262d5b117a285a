/** Distortion against how much a unit is used anyway. */
import { useMemo, useRef } from 'preact/hooks';
import type { LayerStudy, Relation, SimilarityResult } from '../../engine/types';
import { figure } from '../../plots/agreement';
import { scatterGeometry } from '../../plots/scatter';
import { rowOf } from '../../plots/units';
import { DataTable, Foot } from '../parts/Chart';
import { explains, walked } from '../parts/explained';
import { useSize } from '../parts/hooks';
import { Axes, Spots } from './Scatter';

/** Room for two lines on the correlation. */
const FOOT = 36;

interface Panel {
  key: 'activation' | 'norm' | 'noise';
  label: string;
  given: string;
  relation: Relation;
  condition: number;
}

export function MereUse({
  found: { conditions },
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
  const kept = layer.kept.length;
  const all = useMemo((): Panel[] => {
    const { activation, norm, noise } = layer.mereUse;
    const of = (kind: string) => conditions.findIndex((condition) => condition.kind === kind);
    return [
      {
        key: 'activation',
        label: 'mean activation',
        given: '‖w‖₁',
        relation: activation,
        condition: of('activation'),
      },
      {
        key: 'norm',
        label: '‖w‖₁ of incoming weights',
        given: 'activation',
        relation: norm,
        condition: of('norm'),
      },
      {
        key: 'noise',
        label: 'distortion by blind noise',
        given: 'both',
        relation: noise,
        condition: of('noise'),
      },
    ];
  }, [layer, conditions]);
  const drawn = useMemo(() => {
    const y = rowOf(layer.values, 0, kept);
    const dots = all.map(({ condition }) => ({ x: rowOf(layer.values, condition, kept), y }));
    return scatterGeometry(dots, width, 'each', FOOT);
  }, [layer, kept, all, width]);
  const rows = useMemo(() => {
    const exact = (value: number) => (Number.isFinite(value) ? value.toFixed(4) : '');
    return [
      ['distortion against', 'Spearman', 'Pearson', 'given', 'partial Spearman', 'partial Pearson'],
      ...all.map(({ label, given, relation }) => [
        label,
        exact(relation.spearman),
        exact(relation.pearson),
        given,
        exact(relation.partialSpearman),
        exact(relation.partial),
      ]),
    ];
  }, [all]);
  const title = `Distortion against use, layer ${number}`;
  return (
    <>
      <div class="plot" ref={box} {...walked(title)}>
        {width > 0 && (
          <svg ref={svg} width={width} height={drawn.height} role="img" aria-label={title}>
            <title>{title}</title>
            {drawn.panels.map((panel, at) => {
              const { key, label, given, relation } = all[at] as Panel;
              return (
                <g key={key}>
                  <text class="axis" x={panel.left - 34} y={panel.top - 12}>
                    distortion v
                  </text>
                  <Axes panel={panel} across={label} />
                  <Spots panel={panel} />
                  <text
                    class="name"
                    x={panel.left}
                    y={panel.bottom + 47}
                    {...explains('relation', number - 1, key)}
                  >
                    Spearman {figure(relation.spearman)}, Pearson {figure(relation.pearson)}
                  </text>
                  <text
                    class="axis"
                    x={panel.left}
                    y={panel.bottom + 62}
                    {...explains('relation', number - 1, key)}
                  >
                    given {given}: {figure(relation.partialSpearman)}, {figure(relation.partial)}
                  </text>
                </g>
              );
            })}
          </svg>
        )}
      </div>
      <Foot
        svg={svg}
        rows={() => rows}
        title={title}
        what="the correlations"
        file={`secateurs-use-layer-${number}`}
      >
        One dot a unit. “Given”: the correlation of what is left once the other one is accounted
        for.
      </Foot>
      <DataTable title={title} rows={rows} />
    </>
  );
}
