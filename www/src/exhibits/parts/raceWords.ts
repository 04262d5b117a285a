/** The race of criteria in words, and as its plots take it. */
import { type RaceEntry, WHOLE } from '../../plots/race';
import type { RaceCell } from '../../trialsState';
import { optionLabel } from './properties';

/** A criterion's name without what goes first. */
export const nameOf = (by: string) =>
  by === WHOLE
    ? 'nothing cut'
    : optionLabel('prune', 'by', by).replace(/, (most|smallest) first$/, '');

/** The cells as the plots take them. */
export function entriesOf(cells: readonly RaceCell[]): (RaceEntry & RaceCell)[] {
  return cells.map((cell) => ({
    ...cell,
    clean: cell.outcome?.clean ?? null,
    transfer: cell.outcome?.transfer[0]?.count ?? null,
    adaptive: cell.outcome?.adaptive[0]?.count ?? null,
  }));
}
