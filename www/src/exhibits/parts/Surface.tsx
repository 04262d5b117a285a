/** What is drawn on: by mouse, finger, pen or keyboard. */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { clearDrawing, liftPen, penOver, penTo, undoStroke } from '../../drawing/actions';
import { onSurface, type Point, pathOf, SURFACE_PEN } from '../../drawing/strokes';
import { drawing, penDown } from '../../state';

/** The surface in units of its picture. */
const SIDE = 100;
/** How far an arrow key moves the pen; with shift, less. */
const STEP = 0.04;
const FINE_STEP = 0.01;

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const HOME: Point = { x: 0.5, y: 0.2 };

const hundredths = (value: number) => Math.round(100 * value);

/** Where the pen is, for the ear. */
const whereabouts = ({ x, y }: Point) => `${hundredths(x)} per cent across, ${hundredths(y)} down`;

export function Surface() {
  const id = useId();
  const surface = useRef<HTMLDivElement>(null);
  const pen = useSignal<Point>(HOME);
  /** The keyboard's pen is shown only to whoever uses it. */
  const byKeys = useSignal(false);
  const said = useSignal('');
  const strokes = drawing.value;
  const down = penDown.value;

  useEffect(() => {
    // In somebody else’s page the keyboard stays where it is.
    if (window.parent === window) surface.current?.focus({ preventScroll: true });
    return liftPen;
  }, []);

  const place = (event: PointerEvent): Point => {
    const box = (surface.current as HTMLElement).getBoundingClientRect();
    return onSurface(
      (event.clientX - box.left) / box.width,
      (event.clientY - box.top) / box.height,
    );
  };
  const move = (event: KeyboardEvent, [x, y]: readonly [number, number]) => {
    const step = event.shiftKey ? FINE_STEP : STEP;
    const to = onSurface(pen.value.x + x * step, pen.value.y + y * step);
    pen.value = to;
    penOver([to]);
    said.value = whereabouts(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const way = ARROWS[event.key];
    const undoes =
      event.key === 'Backspace' || (event.key === 'z' && (event.ctrlKey || event.metaKey));
    if (way) move(event, way);
    else if (event.key === ' ' || event.key === 'Enter') {
      if (down) liftPen();
      else penTo(pen.value);
      said.value = down ? 'Pen up' : `Pen down, ${whereabouts(pen.value)}`;
    } else if (undoes) {
      undoStroke();
      said.value = 'Last stroke taken back';
    } else if (event.key === 'Delete') {
      clearDrawing();
      said.value = 'Drawing cleared';
    } else return;
    byKeys.value = true;
    event.preventDefault();
    // The page's own undo is of networks, not of strokes.
    event.stopPropagation();
  };

  return (
    <>
      <div
        ref={surface}
        class="surface"
        role="application"
        aria-roledescription="drawing surface"
        aria-label={`Your drawing, ${strokes.length} ${strokes.length === 1 ? 'stroke' : 'strokes'}`}
        aria-describedby={`${id}-keys`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is drawn on by keyboard, too
        tabIndex={0}
        data-testid="surface"
        data-strokes={strokes.length}
        onPointerDown={(event) => {
          // One finger draws; a second one, or another button, does not.
          if (!event.isPrimary || event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          byKeys.value = false;
          penTo(place(event));
        }}
        onPointerMove={(event) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
          const between = event.getCoalescedEvents?.() ?? [];
          penOver((between.length > 0 ? between : [event]).map(place));
        }}
        onPointerUp={liftPen}
        onPointerCancel={liftPen}
        onLostPointerCapture={liftPen}
        onBlur={() => {
          liftPen();
          byKeys.value = false;
        }}
        onKeyDown={onKeyDown}
      >
        <svg viewBox={`0 0 ${SIDE} ${SIDE}`} aria-hidden="true">
          {strokes.map((stroke, at) => (
            <path key={at} class="ink" d={pathOf(stroke, SIDE)} stroke-width={SURFACE_PEN * SIDE} />
          ))}
          <circle
            class={`pen ${down ? 'down' : ''} ${byKeys.value ? 'steered' : ''}`}
            cx={pen.value.x * SIDE}
            cy={pen.value.y * SIDE}
            r={(SURFACE_PEN * SIDE) / 2}
          />
        </svg>
      </div>
      <p id={`${id}-keys`} class="keys small muted">
        Keys: arrows move the pen, space lowers and lifts it, Backspace takes a stroke back, Delete
        clears.
      </p>
      <p class="heard" role="status">
        {said}
      </p>
    </>
  );
}
