/** A brush over the input image: what it goes over is cut, or restored. */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { cutPixels } from '../../cutActions';
import { short } from '../../plots/measured';
import { type Arrow, type LayerLayout, rectangle, walk } from '../../plots/tileLayout';
import { PIXELS, SIDE } from '../../plots/weightMap';
import { brushed, brushing, brushSize, cutByHand, cutNow } from '../parts/pixelState';
import { Switch } from '../parts/Switch';
import { shown } from '../parts/shown';

const GRID: LayerLayout = {
  x: 0,
  width: SIDE,
  height: SIDE,
  columns: SIDE,
  rows: SIDE,
  units: PIXELS,
};
const ARROWS: ReadonlySet<string> = new Set([
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
]);
/** So long what was brushed is shown, at the most, until it is cut. */
const LONGEST_MS = 700;

const inside = (at: number) => Math.min(SIDE - 1, Math.max(0, at));

/** The pixels under the brush with its middle in a column and a row. */
function under(column: number, row: number): number[] {
  const reach = (brushSize.value - 1) / 2;
  const corner = (by: number) => inside(row + by) * SIDE + inside(column + by);
  return rectangle(GRID, corner(-reach), corner(reach));
}

/** The pixels that the brush goes over from one point to another. */
function between(from: [number, number], to: [number, number]): number[] {
  const steps = Math.max(1, Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
  return Array.from({ length: steps + 1 }, (_, step) => {
    const at = (axis: 0 | 1) => Math.round(from[axis] + ((to[axis] - from[axis]) * step) / steps);
    return under(at(0), at(1));
  }).flat();
}

function wordsOf(pixel: number): string {
  const value = shown.value?.image[pixel];
  const [row, column] = [Math.floor(pixel / SIDE) + 1, (pixel % SIDE) + 1];
  const cut = cutByHand.value.has(pixel)
    ? ', cut'
    : cutNow.value.has(pixel)
      ? ', cut by a step before'
      : '';
  const bright = value === undefined ? '' : `, brightness ${short(value)}`;
  const many = brushed.value?.pixels.size ?? 0;
  return `Row ${row}, column ${column}${bright}${cut}${many > 0 ? `, ${many} chosen` : ''}`;
}

/** Begins to cut, or to restore where the first pixel is cut already. */
const begun = (pixel: number, pixels: number[]) => ({
  cut: !cutNow.peek().has(pixel),
  pixels: new Set(pixels),
});

function finish(): void {
  const done = brushed.peek();
  if (!done) return;
  cutPixels([...done.pixels], done.cut);
  setTimeout(() => {
    if (brushed.peek() === done) brushed.value = null;
  }, LONGEST_MS);
}

/** Lies over the image, and is one tab stop. */
export function PixelBrush() {
  const id = useId();
  const current = useSignal(14 * SIDE + 14);
  const last = useRef<[number, number] | null>(null);
  const anchor = useRef<number | null>(null);
  const cut = cutNow.value;
  useEffect(() => {
    if (!last.current) brushed.value = null;
  }, [cut]);
  useEffect(
    () => () => {
      brushed.value = null;
    },
    [],
  );
  const at = (event: PointerEvent): [number, number] => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const place = (offset: number, size: number) => inside(Math.floor((offset / size) * SIDE));
    return [place(event.clientX - box.left, box.width), place(event.clientY - box.top, box.height)];
  };
  const abandon = () => {
    last.current = null;
    anchor.current = null;
    brushed.value = null;
  };
  const pixel = current.value;
  const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE];
  const percent = (cells: number) => `${(100 * cells) / SIDE}%`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: pixels are drawn, not elements
    <div
      class="brush-surface"
      role="grid"
      tabIndex={0}
      aria-label="Pixels of the image; space cuts or restores"
      aria-rowcount={SIDE}
      aria-colcount={SIDE}
      aria-multiselectable="true"
      aria-activedescendant={`${id}-pixel`}
      data-testid="pixel-grid"
      data-pruned={cut.size}
      onPointerDown={(event) => {
        if (event.button !== 0 || !event.isPrimary) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const to = at(event);
        last.current = to;
        anchor.current = null;
        current.value = to[1] * SIDE + to[0];
        brushed.value = begun(current.value, under(...to));
      }}
      onPointerMove={(event) => {
        const [from, held] = [last.current, brushed.peek()];
        if (!from || !held || !event.isPrimary) return;
        const to = at(event);
        if (to[0] === from[0] && to[1] === from[1]) return;
        last.current = to;
        brushed.value = { ...held, pixels: new Set([...held.pixels, ...between(from, to)]) };
      }}
      onPointerUp={() => {
        if (!last.current) return;
        last.current = null;
        finish();
      }}
      onPointerCancel={abandon}
      onBlur={() => {
        if (anchor.current !== null) abandon();
      }}
      onKeyDown={(event) => {
        if (ARROWS.has(event.key)) {
          const next = walk([GRID], { layer: 0, place: pixel }, event.key as Arrow).place;
          if (event.shiftKey) {
            anchor.current ??= pixel;
            brushed.value = begun(anchor.current, rectangle(GRID, anchor.current, next));
          } else if (anchor.current !== null) abandon();
          current.value = next;
        } else if (event.key === ' ' || event.key === 'Enter') {
          if (anchor.current === null) brushed.value = begun(pixel, under(column, row));
          anchor.current = null;
          finish();
        } else if (event.key === 'Escape') {
          if (brushed.peek()) abandon();
          else brushing.value = false;
        } else return;
        event.preventDefault();
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="row" aria-rowindex={row + 1} tabIndex={-1}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div
          role="gridcell"
          id={`${id}-pixel`}
          class="cell"
          tabIndex={-1}
          aria-colindex={column + 1}
          aria-selected={cut.has(pixel)}
          aria-label={wordsOf(pixel)}
          style={{
            insetInlineStart: percent(column),
            top: percent(row),
            width: percent(1),
            height: percent(1),
          }}
        />
      </div>
    </div>
  );
}

const SIZES: { value: '1' | '3'; label: string; title: string }[] = [
  { value: '1', label: '1', title: 'One pixel at a time' },
  { value: '3', label: '3', title: 'Three by three pixels at a time' },
];

export function BrushTools() {
  const all = cutByHand.value;
  return (
    <div class="brush-tools">
      <Switch
        legend="Size of the brush, in pixels"
        name="brush-size"
        options={SIZES}
        value={brushSize.value === 1 ? '1' : '3'}
        onValue={(next) => {
          brushSize.value = next === '1' ? 1 : 3;
        }}
      />
      {all.size > 0 && (
        <button
          type="button"
          class="link"
          aria-label="restore the pixels cut by hand"
          onClick={() => cutPixels([...all], false)}
        >
          restore
        </button>
      )}
    </div>
  );
}
