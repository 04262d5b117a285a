/**
 * Zooming and panning of a box that scrolls: by the wheel with Ctrl, two fingers, the middle
 * button, or a press while the space bar is held. Scrolling itself is the browser's.
 */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { TileLayout } from '../../plots/tileLayout';
import { port, stretching, zoomBy } from './tileState';

/** Where in the box zooming holds still, as seen from its corner. */
type Anchor = { x: number; y: number };

/** So much of a wheel's turn doubles. */
const DOUBLE = 240;

export function usePanZoom(
  element: RefObject<HTMLElement | null>,
  layout: TileLayout,
  height: number,
) {
  const anchor = useRef<Anchor | null>(null);
  const before = useRef(layout);

  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const old = before.current;
    before.current = layout;
    if (old.pitch !== layout.pitch && old.layers.length === layout.layers.length) {
      const at = anchor.current ?? { x: box.clientWidth / 2, y: box.clientHeight / 2 };
      const [across, down] = [layout.width / old.width, layout.height / old.height];
      box.scrollLeft = (box.scrollLeft + at.x) * across - at.x;
      box.scrollTop = (box.scrollTop + at.y) * down - at.y;
    }
    anchor.current = null;
    // Before its size is known there is nothing to look at, and looking would lay out the page.
    if (height > 0) look(box);
  }, [element, layout, height]);

  useEffect(() => {
    const box = element.current;
    if (!box) return;
    let due = 0;
    const scrolled = () => {
      if (due === 0) {
        due = requestAnimationFrame(() => {
          due = 0;
          look(box);
        });
      }
    };
    const stop = listen(box, (factor, at) => {
      const corner = box.getBoundingClientRect();
      anchor.current = { x: at.x - corner.left, y: at.y - corner.top };
      zoomBy(factor);
    });
    box.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      box.removeEventListener('scroll', scrolled);
      cancelAnimationFrame(due);
      stop();
    };
  }, [element]);
}

/** Tells what of the layers is in sight. */
function look(box: HTMLElement): void {
  const now = {
    x: box.scrollLeft,
    y: box.scrollTop,
    width: box.clientWidth,
    height: box.clientHeight,
  };
  const old = port.peek();
  if (old.x === now.x && old.y === now.y && old.width === now.width && old.height === now.height) {
    return;
  }
  port.value = now;
}

type Zoom = (factor: number, at: Anchor) => void;

function listen(box: HTMLElement, zoom: Zoom): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  wheel(box, zoom, signal);
  fingers(box, zoom, signal);
  drags(box, signal);
  return () => abort.abort();
}

function wheel(box: HTMLElement, zoom: Zoom, signal: AbortSignal): void {
  box.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(2 ** (-event.deltaY / DOUBLE), { x: event.clientX, y: event.clientY });
    },
    { passive: false, signal },
  );
}

/** Two fingers move and stretch; one scrolls, as everywhere. */
function fingers(box: HTMLElement, zoom: Zoom, signal: AbortSignal): void {
  let last: { x: number; y: number; apart: number } | null = null;
  const seen = ({ touches: [a, b] }: TouchEvent) =>
    a && b
      ? {
          x: (a.clientX + b.clientX) / 2,
          y: (a.clientY + b.clientY) / 2,
          apart: Math.max(1, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)),
        }
      : null;
  box.addEventListener(
    'touchmove',
    (event) => {
      const now = seen(event);
      if (!now || event.touches.length !== 2) return;
      if (event.cancelable) event.preventDefault();
      if (last) {
        box.scrollBy(last.x - now.x, last.y - now.y);
        const factor = now.apart / last.apart;
        // A whole pixel at least, or nothing would come of many small ones.
        if (Math.abs(factor - 1) < 0.04) {
          last = { ...now, apart: last.apart };
          return;
        }
        zoom(factor, now);
      }
      last = now;
    },
    { passive: false, signal },
  );
  box.addEventListener(
    'touchstart',
    (event) => {
      if (event.touches.length > 1) stretching.value = true;
    },
    { passive: true, signal },
  );
  const ended = (event: TouchEvent) => {
    last = null;
    if (event.touches.length === 0) stretching.value = false;
  };
  box.addEventListener('touchend', ended, { signal });
  box.addEventListener('touchcancel', ended, { signal });
}

/** The middle button drags, and any press while the space bar is held. */
function drags(box: HTMLElement, signal: AbortSignal): void {
  let space = false;
  let over = false;
  let dragged = false;
  let from: { id: number; x: number; y: number } | null = null;
  const options = { capture: true, signal };
  box.addEventListener('pointerenter', () => (over = true), { signal });
  box.addEventListener('pointerleave', () => (over = false), { signal });
  window.addEventListener(
    'keydown',
    (event) => {
      const focused = document.activeElement;
      const free = focused === document.body || box.contains(focused);
      if (event.key !== ' ' || !over || !free) return;
      if (!space) dragged = false;
      space = true;
      // Else the page would scroll away under the pointer.
      if (focused === document.body) event.preventDefault();
    },
    options,
  );
  window.addEventListener(
    'keyup',
    (event) => {
      if (event.key !== ' ') return;
      // What dragged is no press of a tile.
      if (dragged) event.preventDefault();
      space = false;
      dragged = false;
    },
    options,
  );
  box.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 1 && !(space && event.button === 0)) return;
      event.preventDefault();
      event.stopPropagation();
      dragged = space;
      from = { id: event.pointerId, x: event.clientX, y: event.clientY };
      box.setPointerCapture(event.pointerId);
    },
    options,
  );
  box.addEventListener(
    'pointermove',
    (event) => {
      if (!from || event.pointerId !== from.id) return;
      event.stopPropagation();
      box.scrollBy(from.x - event.clientX, from.y - event.clientY);
      from = { ...from, x: event.clientX, y: event.clientY };
    },
    options,
  );
  for (const name of ['pointerup', 'pointercancel'] as const) {
    box.addEventListener(
      name,
      (event) => {
        if (!from || event.pointerId !== from.id) return;
        event.stopPropagation();
        from = null;
      },
      options,
    );
  }
}
