/** A square table as a heat map with numbers, a table for the ear, and files. */
import { useMemo, useRef } from 'preact/hooks';
import { css } from '../../plots/colour';
import { heatColour, heatGeometry } from '../../plots/heat';
import { DataTable, Foot } from './Chart';
import { explains, type Kind, walked } from './explained';
import { useSize } from './hooks';
import { bothInks } from './ink';

interface Props {
  title: string;
  /** What rows and columns are, with an arrow each. */
  rowTitle: string;
  columnTitle: string;
  rows: readonly string[];
  columns: readonly string[];
  shares: (number | null)[][];
  /** What explains a cell, of row and column; null where there is nothing to explain. */
  of: (row: number, column: number) => [Kind, ...(string | number)[]] | null;
  colour: (row: number, column: number) => 'muted' | 'adaptive' | 'transfer';
  /** Room for the names of rows, and the largest cell. */
  left: number;
  most: number;
  /** The figures, as a table. */
  table: string[][];
  file: string;
}

const TOP = 34;
/** As wide as a digit of the numbers in the cells, at most. */
const LETTER = 6.8;

const cropped = (name: string, width: number) => {
  const fits = Math.max(1, Math.floor(width / LETTER));
  return name.length <= fits ? name : `${name.slice(0, fits - 1)}…`;
};

export function HeatMap(props: Props) {
  const { title, rows, columns, shares, left, most } = props;
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width } = useSize(box);
  const drawn = useMemo(
    () => heatGeometry(shares, { width, left, top: TOP, most }),
    [shares, width, left, most],
  );
  const { light, dark } = bothInks.value;
  return (
    <>
      <div class="heat" ref={box} {...walked(title)}>
        {width > 0 && (
          <svg ref={svg} width={drawn.width} height={drawn.height} role="img" aria-label={title}>
            <title>{title}</title>
            <text class="axis" x={left} y={11}>
              {props.columnTitle}
            </text>
            <text class="axis" x={0} y={TOP - 6}>
              {props.rowTitle}
            </text>
            {columns.map((name, at) => (
              <text
                key={`${name} ${at}`}
                class="name"
                x={left + (drawn.middles[at] ?? 0)}
                y={TOP - 6}
                text-anchor="middle"
              >
                {cropped(name, drawn.size - 2)}
              </text>
            ))}
            {rows.map((name, at) => (
              <text
                key={`${name} ${at}`}
                class="name"
                x={left - 7}
                y={TOP + (drawn.middles[at] ?? 0) + 4}
                text-anchor="end"
              >
                {cropped(name, left - 9)}
              </text>
            ))}
            {drawn.cells.map(({ row, column, x, y, size, share, text }) => {
              const full = props.colour(row, column);
              const [day, night] = [light, dark].map((all) =>
                heatColour(share ?? 0, all.paper, all[full]),
              );
              const either = (part: 'fill' | 'text') =>
                day && night ? { '--day': css(day[part]), '--night': css(night[part]) } : {};
              const of = share === null ? null : props.of(row, column);
              return (
                <g key={`${row} ${column}`}>
                  <rect
                    class={share === null ? 'cell missing' : 'cell'}
                    x={x}
                    y={y}
                    width={size}
                    height={size}
                    style={share === null ? {} : either('fill')}
                    {...(of ? explains(...of) : {})}
                  />
                  <text
                    class="number"
                    pointer-events="none"
                    x={x + size / 2}
                    y={y + size / 2 + 4}
                    text-anchor="middle"
                    style={either('text')}
                  >
                    {text}
                  </text>
                </g>
              );
            })}
          </svg>
        )}
      </div>
      <Foot svg={svg} rows={() => props.table} title={title} what={title} file={props.file} />
      <DataTable title={title} rows={props.table} />
    </>
  );
}
