/** Small hooks shared by exhibits. */
import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Size {
  width: number;
  height: number;
}

/** The size of an element's content box, as it changes. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const take = (width: number, height: number) =>
      setSize((old) =>
        Math.abs(old.width - width) < 0.5 && Math.abs(old.height - height) < 0.5
          ? old
          : { width, height },
      );
    const box = target.getBoundingClientRect();
    take(box.width, box.height);
    const observer = new ResizeObserver((entries) => {
      const last = entries.at(-1)?.contentRect;
      if (last) take(last.width, last.height);
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

const query = (text: string) => {
  const list = matchMedia(text);
  const matches = signal(list.matches);
  list.addEventListener('change', () => {
    matches.value = list.matches;
  });
  return matches;
};

/** One column: the order of the exhibits is another there, in the document too. */
export const narrow = query('(max-width: 719px)');
