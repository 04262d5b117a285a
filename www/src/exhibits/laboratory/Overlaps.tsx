/** The most distorted units under every condition, held against those under every other one. */
import { useMemo } from 'preact/hooks';
import type { LayerStudy, SimilarityResult } from '../../engine/types';
import { heatRows } from '../../plots/heat';
import { HeatMap } from '../parts/HeatMap';
import { narrow } from '../parts/hooks';

export function Overlaps({
  found: { conditions },
  layer,
  number,
}: {
  found: SimilarityResult;
  layer: LayerStudy;
  number: number;
}) {
  const count = conditions.length;
  const { shares, names, columns, table } = useMemo(() => {
    const at = (row: number, column: number) => layer.jaccard[row * count + column] ?? 0;
    const all = conditions.map((_, row) => conditions.map((_, column) => at(row, column)));
    const columns = conditions.map((_, column) => String.fromCharCode(97 + column));
    const names = conditions.map(({ name }, row) => `${columns[row]} · ${name}`);
    const table = heatRows(
      'overlap of the most distorted tenth',
      conditions.map(({ name }) => name),
      conditions.map(({ name }) => name),
      all.map((row) => row.map((share) => share.toFixed(4))),
    );
    return { shares: all, names, columns, table };
  }, [layer, conditions, count]);
  return (
    <HeatMap
      title={`Overlap under every two conditions, layer ${number}`}
      rowTitle="condition"
      columnTitle={`overlap of the top ${layer.top}, %; by chance ${Math.round(100 * layer.chance)}`}
      rows={names}
      columns={columns}
      shares={shares}
      of={(row, column) => ['overlap', number - 1, row, column]}
      colour={() => 'adaptive'}
      left={narrow.value ? 104 : 140}
      most={30}
      table={table}
      file={`secateurs-overlap-layer-${number}`}
    />
  );
}
