/** What every plot has beside its drawing: files to take away, and its figures as a table. */
import type { ComponentChildren } from 'preact';
import { csv } from '../../plots/curve';
import { png, save, standalone } from '../../plots/download';
import { useStages } from './hooks';
import { type Offered, useOffer } from './offered';

/** Saves a plot as the format says. */
export async function take(
  { svg, rows, title, file }: Offered,
  format: 'svg' | 'png' | 'csv',
): Promise<void> {
  if (format === 'csv') {
    save(new Blob([csv(rows())], { type: 'text/csv' }), `${file}.csv`);
    return;
  }
  if (!svg.current) return;
  if (format === 'png') {
    save(await png(svg.current, title), `${file}.png`);
    return;
  }
  const text = standalone(svg.current, title);
  save(new Blob([text], { type: 'image/svg+xml' }), `${file}.svg`);
}

/** A plot as files; `what` as in “Download the curve as SVG”. */
export function Downloads({ what, ...plot }: Offered & { what: string }) {
  useOffer(plot);
  return (
    <p class="downloads small">
      <button
        type="button"
        class="link"
        aria-label={`Download ${what} as SVG`}
        onClick={() => take(plot, 'svg')}
      >
        SVG
      </button>
      <button
        type="button"
        class="link"
        aria-label={`Download ${what} as PNG`}
        onClick={() => take(plot, 'png')}
      >
        PNG
      </button>
      <button
        type="button"
        class="link"
        aria-label={`Download the figures of ${what} as CSV`}
        onClick={() => take(plot, 'csv')}
      >
        CSV
      </button>
    </p>
  );
}

/** Below a plot: what is to be known of it, and its files. */
export function Foot({
  children,
  ...plot
}: Offered & { what: string; children?: ComponentChildren }) {
  return (
    <div class="foot">
      {children && <p class="muted small">{children}</p>}
      <Downloads {...plot} />
    </div>
  );
}

/** So many cells of a table are made in one go. */
const CELLS = 240;

/**
 * The figures for whoever cannot see the drawing; the first row and column are names. Hundreds of
 * rows come after the drawing, and some at a time.
 */
export function DataTable({ title, rows }: { title: string; rows: string[][] }) {
  const [heads = [], ...all] = rows;
  const atOnce = Math.max(1, Math.floor(CELLS / Math.max(1, heads.length)));
  const body = all.slice(0, atOnce * useStages(Math.ceil(all.length / atOnce), rows));
  return (
    <div class="heard">
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {heads.map((head, at) => (
              <th key={`${head} ${at}`} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, line) => (
            <tr key={`${row[0]} ${line}`}>
              {row.map((cell, at) =>
                at === 0 ? (
                  <th key={heads[at]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={`${heads[at]} ${at}`}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Rules and numbers of an accuracy from 0 to 100 %. */
export function AccuracyAxis({
  ticks,
  y,
  left,
  right,
}: {
  ticks: readonly number[];
  y: (value: number) => number;
  left: number;
  right: number;
}) {
  return (
    <>
      <text class="axis" x={0} y={11}>
        accuracy, %
      </text>
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="rule" x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
          <text class="axis" x={left - 6} y={y(tick) + 4} text-anchor="end">
            {tick * 100}
          </text>
        </g>
      ))}
    </>
  );
}

/** Where the network on screen stands on the horizontal axis. */
export function NowLine({
  x,
  top,
  bottom,
  right,
  label,
}: {
  x: number;
  top: number;
  bottom: number;
  right: number;
  label: string;
}) {
  const left = x > right - 8 - label.length * 6.5;
  return (
    <g>
      <line class="now" x1={x} x2={x} y1={top - 8} y2={bottom} />
      <text
        class="now-label"
        x={x + (left ? -4 : 4)}
        y={top - 2}
        text-anchor={left ? 'end' : 'start'}
      >
        {label}
      </text>
    </g>
  );
}
