/** The plots that are on the page now, for whoever wants to take them away all together. */
import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface Offered {
  svg: RefObject<SVGSVGElement | null>;
  /** The figures; the first row and column are names. */
  rows: () => string[][];
  title: string;
  /** Name of the files, without ending. */
  file: string;
}

export const offered = signal<ReadonlyMap<string, Offered>>(new Map());

/** Offers a plot for as long as it is on the page, under the name of its files. */
export function useOffer(plot: Offered): void {
  const newest = useRef(plot);
  newest.current = plot;
  const { file, title } = plot;
  useEffect(() => {
    const own: Offered = {
      file,
      title,
      svg: plot.svg,
      rows: () => newest.current.rows(),
    };
    offered.value = new Map(offered.peek()).set(file, own);
    return () => {
      const rest = new Map(offered.peek());
      if (rest.get(file) === own) rest.delete(file);
      offered.value = rest;
    };
  }, [file, title, plot.svg]);
}
