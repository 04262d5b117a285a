/** A sweep's figures by the values of its axes: data in, table out. */

export type AxisValue = string | number | boolean | readonly number[];

export interface SweptAt {
  name: string;
  value: AxisValue;
}

export interface SweptFigure {
  mean: number;
  /** Standard deviation over the seeds. */
  deviation: number;
  n: number;
  low: number;
  high: number;
}

export interface SweptCell {
  at: readonly SweptAt[];
  figure: SweptFigure | null;
  link: string;
}

export interface SweepTable<C extends SweptCell> {
  rows: string[];
  columns: string[];
  /** By row and column; null where nothing has come yet. */
  cells: (C | null)[][];
}

/** An axis's value as links write it. */
export const written = (value: AxisValue): string =>
  Array.isArray(value) ? value.join('-') : String(value);

/** The table of cells by two axes; without a name an axis has one value only, which is empty. */
export function sweepTable<C extends SweptCell>(
  cells: readonly C[],
  row: string,
  column: string,
): SweepTable<C> {
  const value = (cell: C, name: string) => {
    const found = cell.at.find((each) => each.name === name);
    return found ? written(found.value) : '';
  };
  const rows = [...new Set(cells.map((cell) => value(cell, row)))];
  const columns = [...new Set(cells.map((cell) => value(cell, column)))];
  const at = new Map(cells.map((cell) => [`${value(cell, row)}\n${value(cell, column)}`, cell]));
  return {
    rows,
    columns,
    cells: rows.map((one) => columns.map((other) => at.get(`${one}\n${other}`) ?? null)),
  };
}
