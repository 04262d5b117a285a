/** What is cut of two networks, as rows of a table and marks on tiles. */
import type { NetworkDifference, NetworkFacts } from '../../engine/types';

export interface PrunedRow {
  name: string;
  /** Cut in the left network only, in the right one only, in both; and how many there are. */
  first: number;
  second: number;
  both: number;
  of: number;
}

type Facts = Pick<NetworkFacts, 'hidden' | 'pruned'>;

/** Units are known as soon as the networks are; weights and pixels once they were compared. */
export function prunedRows(
  left: Facts | null,
  right: Facts | null,
  difference: NetworkDifference | null,
): PrunedRow[] {
  if (!left || !right || `${left.hidden}` !== `${right.hidden}`) return [];
  const units = left.hidden.map((of, layer) => {
    const [a, b] = [left.pruned[layer] ?? [], new Set(right.pruned[layer] ?? [])];
    const both = a.filter((unit) => b.has(unit)).length;
    return {
      name: `units, layer ${layer + 1}`,
      first: a.length - both,
      second: b.size - both,
      both,
      of,
    };
  });
  if (!difference) return units;
  const weights = difference.weights.map((counts, layer) => ({
    name: `weights, layer ${layer + 1}`,
    ...counts,
  }));
  return [...units, ...weights, { name: 'pixels', ...difference.pixels }];
}

export interface TileMarks {
  marks: ReadonlySet<number>[];
  /** What the marks say. */
  sentence: string;
}

/** The units that are cut in one network only, or do not read their inputs alike. */
export function tileMarks(
  left: Facts | null,
  right: Facts | null,
  difference: NetworkDifference | null,
): TileMarks {
  if (!left || !right) return { marks: [], sentence: '' };
  if (`${left.hidden}` !== `${right.hidden}`) {
    return {
      marks: [],
      sentence: 'The networks have different shapes: no unit has a counterpart.',
    };
  }
  if (!difference) return { marks: [], sentence: '' };
  const marks = left.hidden.map((_, layer) => {
    const [a, b] = [new Set(left.pruned[layer] ?? []), new Set(right.pruned[layer] ?? [])];
    const cut = [...a, ...b].filter((unit) => a.has(unit) !== b.has(unit));
    return new Set([...cut, ...(difference.changed[layer] ?? [])]);
  });
  const marked = marks.reduce((sum, set) => sum + set.size, 0);
  const units = left.hidden.reduce((sum, count) => sum + count, 0);
  if (marked === 0) return { marks, sentence: 'No unit differs.' };
  if (marked === units) {
    return { marks: [], sentence: 'Every unit differs, so none is marked.' };
  }
  return { marks, sentence: `${marked} of ${units} units differ: those with a heavy frame.` };
}
