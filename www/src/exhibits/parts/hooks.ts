/** Small hooks shared by exhibits. */
import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { isPrinting } from './printing';

export interface Size {
  width: number;
  height: number;
}

/** Whether the page has been drawn since it was first measured. */
let stands = false;
let awaited = false;

/**
 * Whether to measure at once. A page that is only being made would be laid out for it in the same
 * task, which is long enough without: its first frame lays it out anyway, and the observers tell.
 */
function measuresNow(): boolean {
  if (!awaited) {
    awaited = true;
    requestAnimationFrame(() => {
      stands = true;
    });
  }
  return stands;
}

/** The size of an element's content box, as it changes. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const take = (width: number, height: number) => {
      // What was drawn for the screen is scaled on paper.
      if (isPrinting()) return;
      setSize((old) =>
        Math.abs(old.width - width) < 0.5 && Math.abs(old.height - height) < 0.5
          ? old
          : { width, height },
      );
    };
    if (measuresNow()) {
      const box = target.getBoundingClientRect();
      take(box.width, box.height);
    }
    const observer = new ResizeObserver((entries) => {
      const last = entries.at(-1)?.contentRect;
      if (last) take(last.width, last.height);
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** How much larger than usual charts are drawn: a room needs large type and thick lines. */
export const enlarged = signal(1);

/** What a chart is drawn in, and the size that its drawing is shown at. */
export function useChart(element: RefObject<HTMLElement | null>) {
  const size = useSize(element);
  const width = size.width / enlarged.value;
  const height = size.height / enlarged.value;
  return { width, height, shown: { ...size, viewBox: `0 0 ${width} ${height}` } };
}

/**
 * How many of so many figures to draw by now: one more at a time, so that a page of figures does
 * not hold up the page. Another `of` begins anew.
 */
export function useStages(count: number, of: unknown): number {
  const [{ stage, begun }, set] = useState({ stage: 1, begun: of });
  useEffect(() => {
    if (begun !== of) set({ stage: 1, begun: of });
    else if (stage < count) {
      const timer = setTimeout(() => set({ stage: stage + 1, begun }));
      return () => clearTimeout(timer);
    }
    return;
  }, [stage, begun, of, count]);
  return begun === of ? stage : 1;
}

const query = (text: string) => {
  const list = matchMedia(text);
  const matches = signal(list.matches);
  list.addEventListener('change', () => {
    // The page is put on paper as it is, whatever that would be as a screen.
    if (!isPrinting()) matches.value = list.matches;
  });
  return matches;
};

/** One column: the order of the exhibits is another there, in the document too. */
export const narrow = query('(max-width: 719px)');

/** Nothing is to move that need not. */
export const still = query('(prefers-reduced-motion: reduce)');
