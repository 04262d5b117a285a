/** A line drawn around tiles, over all layers; what it goes around is cut. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { cutUnits, endPreview, previewCut } from '../../cutActions';
import { drawnOn, enclosedPlaces, type Point } from '../../plots/lasso';
import { placeAt, type TileLayout } from '../../plots/tileLayout';
import { HEADING } from '../LayerSheets';
import { useMay } from '../parts/Place';
import { prunedNow } from '../parts/plan';
import { chosen, letGo, orders, stretching, tool } from '../parts/tileState';

/** A line shorter than this was a press. */
const PRESS = 8;

const path = (line: readonly Point[]) =>
  line.map(({ x, y }, at) => `${at > 0 ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

export function Lasso({ layout }: { layout: TileLayout }) {
  const line = useSignal<readonly Point[]>([]);
  const pen = useRef<number | null>(null);
  const fixed = useMay('network').locked;
  if (tool.value !== 'lasso' || fixed) return null;

  const at = (event: PointerEvent): Point => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const inLayer = (layer: number, { x, y }: Point) => ({
    x: x - (layout.layers[layer]?.x ?? 0),
    y: y - HEADING,
  });
  const enclosed = (around: readonly Point[]) => {
    const side = layout.inner + 2 * layout.frame;
    return layout.layers.map((place, layer) => {
      const own = around.map((point) => inLayer(layer, point));
      const places = enclosedPlaces(own, place, layout.pitch, side);
      return places.flatMap((index) => orders.value[layer]?.[index] ?? []);
    });
  };
  /** The one tile under a press. */
  const pressed = (point: Point) =>
    layout.layers.map((place, layer) => {
      const { x, y } = inLayer(layer, point);
      const unit = orders.value[layer]?.[placeAt(place, layout.pitch, x, y)];
      return unit === undefined ? [] : [unit];
    });
  const finish = (commit: boolean) => {
    const drawn = line.peek();
    const [first] = drawn;
    pen.current = null;
    line.value = [];
    const long = first && drawn.some(({ x, y }) => Math.hypot(x - first.x, y - first.y) > PRESS);
    const units =
      !commit || !first || stretching.peek() ? [] : long ? enclosed(drawn) : pressed(first);
    if (units.every((own) => own.length === 0)) {
      chosen.value = null;
      endPreview();
      return;
    }
    const isCut = units.every((own, layer) => {
      return own.every((unit) => prunedNow.peek()[layer]?.has(unit));
    });
    cutUnits(units, !isCut);
    letGo();
  };
  return (
    <svg
      class="lasso"
      width={layout.width}
      height={layout.height + HEADING}
      aria-hidden="true"
      data-testid="lasso"
      onPointerDown={(event) => {
        // A second finger moves and stretches: the line of the first was none.
        if (!event.isPrimary) finish(false);
        if (event.button !== 0 || !event.isPrimary) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pen.current = event.pointerId;
        line.value = [at(event)];
      }}
      onPointerMove={(event) => {
        if (pen.current !== event.pointerId) return;
        const longer = drawnOn(line.peek(), at(event));
        if (longer === line.peek()) return;
        line.value = longer;
        const units = enclosed(longer);
        const before = chosen.peek();
        const same = units.every((own, layer) => {
          const old = before?.[layer];
          return old?.size === own.length && own.every((unit) => old.has(unit));
        });
        if (same) return;
        chosen.value = units.map((own) => new Set(own));
        previewCut(units);
      }}
      onPointerUp={(event) => {
        if (pen.current === event.pointerId) finish(true);
      }}
      onPointerCancel={() => finish(false)}
    >
      <path d={path(line.value)} />
    </svg>
  );
}
