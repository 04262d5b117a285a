/** A curve drawn by hand on the axes of the plot that it is about. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Axes, pathOf, scales } from './Scale';
import type { Dot, DrawCurve } from './types';

/** Half of the height: neither a hint nor a wish. */
const MIDDLE = 50;

const BY: Record<string, number> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
};

export function Draw({
  asked,
  onAnswer,
}: {
  asked: DrawCurve;
  onAnswer: (dots: readonly Dot[]) => void;
}) {
  const svg = useRef<SVGSVGElement>(null);
  const heights = useSignal<readonly number[]>(asked.at.map(() => MIDDLE));
  const touched = useSignal(false);
  const down = useRef<number | null>(null);
  const { x, y, width } = scales(asked);
  const set = (at: number, value: number) => {
    const within = Math.round(Math.min(100, Math.max(0, value)));
    heights.value = heights.peek().map((old, place) => (place === at ? within : old));
    touched.value = true;
  };
  /** Moves every point that the pen has passed on its way. */
  const draw = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box || down.current === null) return;
    const scale = width / box.width;
    const across = (event.clientX - box.left) * scale;
    const [from, to] = [Math.min(down.current, across), Math.max(down.current, across)];
    const up = y.invert((event.clientY - box.top) * scale);
    const nearest = asked.at.reduce(
      (best, value, at) =>
        Math.abs(x(value) - across) < Math.abs(x(asked.at[best] ?? 0) - across) ? at : best,
      0,
    );
    for (const [at, value] of asked.at.entries()) {
      if (at === nearest || (x(value) > from && x(value) < to)) set(at, up);
    }
    down.current = across;
  };
  const dots = asked.at.map((across, at): Dot => [across, heights.value[at] ?? MIDDLE]);
  return (
    <>
      <Axes
        asked={asked}
        svg={svg}
        onPointerDown={(event) => {
          const box = svg.current?.getBoundingClientRect();
          if (!box) return;
          (event.currentTarget as Element).setPointerCapture(event.pointerId);
          down.current = ((event.clientX - box.left) * width) / box.width;
          draw(event);
        }}
        onPointerMove={draw}
        onPointerUp={() => {
          down.current = null;
        }}
      >
        <path class="predicted" d={pathOf(asked, dots)} />
        {dots.map(([across, up], at) => (
          <circle
            key={across}
            class="handle"
            role="slider"
            // Attributes of SVG mind their case.
            tabindex={0}
            cx={x(across)}
            cy={y(up)}
            r={6}
            aria-label={`${asked.of} at ${across}, ${asked.axis}`}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={up}
            onKeyDown={(event) => {
              const by = BY[event.key];
              if (by === undefined && event.key !== 'Home' && event.key !== 'End') return;
              event.preventDefault();
              set(at, by === undefined ? (event.key === 'End' ? 100 : 0) : up + by);
            }}
          />
        ))}
      </Axes>
      <div class="buttons">
        <button
          type="button"
          class="button main"
          data-testid="predict"
          disabled={!touched.value}
          onClick={() => onAnswer(dots)}
        >
          {touched.value ? 'This is my curve' : 'Draw the curve'}
        </button>
      </div>
    </>
  );
}
