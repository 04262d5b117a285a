/**
 * Marks a figure, or a mark of a plot, as something whose arithmetic can be seen. What the card
 * shows is found by a key when it is opened, from the same signals that the figure itself is made
 * of; here is only what must be there from the start.
 */
import type { ComponentChildren } from 'preact';

/** What can be explained; `arithmetic/makers.ts` says how. */
export type Kind =
  | 'accuracy'
  | 'median'
  | 'curve'
  | 'size'
  | 'confused'
  | 'aimed'
  | 'transferred'
  | 'check'
  | 'visited'
  | 'apart'
  | 'cut-apart'
  | 'unit'
  | 'layer'
  | 'network'
  | 'scale'
  | 'outputs'
  | 'output'
  | 'gallery'
  | 'weights'
  | 'reading'
  | 'revealed'
  | 'delta'
  | 'effort'
  | 'look'
  | 'loss'
  | 'pace'
  | 'taken'
  | 'left'
  | 'watched'
  | 'sparsity'
  | 'kept'
  | 'planned'
  | 'pixels-cut'
  | 'digest'
  | 'finding'
  | 'raced'
  | 'racer'
  | 'area'
  | 'swept'
  | 'agreement'
  | 'relation'
  | 'overlap'
  | 'moved'
  | 'makeup'
  | 'filter'
  | 'pixel'
  | 'pixel-count';

/** The attribute that says what an element shows. */
export const explains = (kind: Kind, ...of: (string | number)[]) => ({
  'data-explains': [kind, ...of].join('/'),
});

/** A figure in words or in a table: pointing at it, or reaching it by keyboard, opens its card. */
export function Explained({
  of: [kind, ...of],
  className = '',
  label,
  children,
}: {
  of: [Kind, ...(string | number)[]];
  className?: string;
  /** What it is, where its own text does not say so. */
  label?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <button
      type="button"
      class={`explained ${className}`}
      aria-expanded={false}
      aria-label={label}
      {...explains(kind, ...of)}
    >
      {children}
    </button>
  );
}

/** Several words around a figure that are one tab stop, and one thing to be asked about. */
export const asFigure = (label: string) => ({
  role: 'group' as const,
  tabIndex: 0,
  'aria-label': label,
});

/** A plot or table of marks: one tab stop, in which arrow keys lead from mark to mark. */
export const walked = (label: string) => ({
  role: 'group' as const,
  tabIndex: 0,
  'aria-label': `${label}; arrow keys lead from figure to figure, Enter keeps what is told of one`,
  'data-walked': '',
});

/** A place that can be pointed at, larger than the mark it stands for; drawn only when it is. */
export function Spot({
  x,
  y,
  r = 8,
  of: [kind, ...of],
  series,
}: {
  x: number;
  y: number;
  r?: number;
  of: [Kind, ...(string | number)[]];
  /** Arrow keys left and right stay within one. */
  series?: string;
}) {
  return (
    <circle
      class="spot-of"
      cx={x}
      cy={y}
      r={r}
      fill="none"
      stroke="none"
      pointer-events="all"
      data-series={series}
      {...explains(kind, ...of)}
    />
  );
}
