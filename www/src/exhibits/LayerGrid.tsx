/** One hidden layer as tiles: patterns below, frames and hatches above, one focusable grid. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { cutUnits, endPreview, previewCut, previewUnits, toggleUnits } from '../cutActions';
import { short } from '../plots/measured';
import { type Arrow, placeAt, rectangle, walk } from '../plots/tileLayout';
import { distortion, tiles } from '../state';
import { type LayerProps, LayerSheets, type Stroke } from './LayerSheets';
import { explains } from './parts/explained';
import { explainByKey } from './parts/explaining';
import { useMay } from './parts/Place';
import { prunedNow } from './parts/plan';
import { current, pointed } from './parts/pointed';
import { chosen, letGo, orders, outputs, stretching, zoomBy } from './parts/tileState';

const ARROWS: ReadonlySet<string> = new Set([
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
]);
const NONE: ReadonlySet<number> = new Set();
/** How far one press of a key zooms. */
const ZOOM = 1.3;
const ZOOMS: Record<string, number | undefined> = { '+': ZOOM, '=': ZOOM, '-': 1 / ZOOM };

/** What is heard of a unit. */
function label(layer: number, unit: number, pruned: ReadonlySet<number>): string {
  const value = distortion.value?.layers[layer]?.units[unit];
  const now = outputs.value?.[layer];
  const [clean, attacked] = [short(now?.clean[unit] ?? 0), short(now?.attacked[unit] ?? 0)];
  const many = chosen.value?.reduce((sum, { size }) => sum + size, 0) ?? 0;
  return [
    `Unit ${unit}`,
    ...(value === undefined ? [] : [`distortion ${short(value)}`]),
    ...(now ? [`output ${clean} on the clean image and ${attacked} on the attacked one`] : []),
    ...(pruned.has(unit) ? ['cut'] : []),
    ...(many > 0 ? [`${many} chosen`] : []),
  ].join(', ');
}

export function LayerGrid({ layer, layout, place }: LayerProps) {
  const id = useId();
  const stroke = useRef<Stroke | null>(null);
  /** Units of the stroke under way, drawn at once. */
  const pending = useSignal<Stroke | null>(null);
  /** Where a selection by keyboard began. */
  const anchor = useRef<number | null>(null);
  const interactive = useComputed(() => Boolean(tiles.value?.layers[layer])).value;
  const pruned = useComputed(() => prunedNow.value[layer] ?? NONE).value;
  const order = useComputed(() => orders.value[layer] ?? []).value;
  const fixed = useMay('network').locked;
  const active = useComputed(() =>
    current.value.layer === layer ? current.value.place : -1,
  ).value;

  useEffect(() => {
    if (!stroke.current) pending.value = null;
  }, [pruned]);

  const placeUnder = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return placeAt(place, layout.pitch, event.clientX - box.left, event.clientY - box.top);
  };
  const point = (at: number, target: EventTarget | null) => {
    const unit = order[at];
    if (unit === undefined || !(target instanceof HTMLElement)) {
      pointed.value = null;
      return;
    }
    if (pointed.peek()?.layer === layer && pointed.peek()?.unit === unit) return;
    const box = target.getBoundingClientRect();
    const x = box.left + (at % place.columns) * layout.pitch;
    const y = box.top + Math.floor(at / place.columns) * layout.pitch;
    pointed.value = { layer, unit, near: new DOMRect(x, y, layout.pitch, layout.pitch) };
  };
  const finish = (commit: boolean) => {
    const done = stroke.current;
    stroke.current = null;
    if (!done) return;
    if (commit && !stretching.peek()) {
      toggleUnits(layer, [...done.units], done.cut);
      // The hatches stay until the engine has answered, but never for good.
      setTimeout(() => {
        if (!stroke.current) pending.value = null;
      }, 700);
    } else {
      pending.value = null;
      endPreview();
    }
  };
  const add = (unit: number | undefined) => {
    const under = stroke.current;
    if (!under || unit === undefined || under.units.has(unit)) return;
    under.units.add(unit);
    // What is locked must not look cut; that it is locked is said once the press is done.
    if (fixed) return;
    pending.value = { cut: under.cut, units: new Set(under.units) };
    if (under.cut) previewUnits(layer, [...under.units]);
  };
  const choose = (places: readonly number[] | null) => {
    if (!places) {
      anchor.current = null;
      if (!chosen.peek()) return;
      chosen.value = null;
      endPreview();
      return;
    }
    const units = places.flatMap((at) => order[at] ?? []);
    chosen.value = layout.layers.map((_, at) => new Set(at === layer ? units : []));
    previewCut(layout.layers.map((_, at) => (at === layer ? units : [])));
  };
  /** Cuts what is chosen, or the one tile; restores where all of that is cut. */
  const press = (cell: number) => {
    const all = chosen.peek()?.map((units) => [...units]);
    if (all) {
      const isCut = all.every((units, at) => {
        return units.every((unit) => prunedNow.peek()[at]?.has(unit));
      });
      anchor.current = null;
      cutUnits(all, !isCut);
      letGo();
      return;
    }
    const unit = order[cell];
    if (unit !== undefined) toggleUnits(layer, [unit], !pruned.has(unit));
  };
  const onArrow = (event: KeyboardEvent, cell: number, target: HTMLElement) => {
    const next = walk(layout.layers, { layer, place: cell }, event.key as Arrow);
    if (event.shiftKey) {
      if (next.layer !== layer) return;
      anchor.current ??= cell;
      choose(rectangle(place, anchor.current, next.place));
    } else choose(null);
    current.value = next;
    if (next.layer !== layer) {
      focusLayer(target, next.layer);
      return;
    }
    requestAnimationFrame(() => {
      target.querySelector('.cell')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      point(next.place, target);
    });
  };

  const head = (
    <h3 id={`${id}-name`}>
      <span>
        layer {layer + 1}{' '}
        <span class="muted">
          · {place.units}
          {place.width > 120 && (place.units === 1 ? ' unit' : ' units')}
        </span>
      </span>
    </h3>
  );
  const size = { width: `${place.width}px`, height: `${place.height}px` };
  const where = { insetInlineStart: `${place.x}px` };
  const sheets = <LayerSheets layer={layer} layout={layout} place={place} held={pending.value} />;
  if (!interactive) {
    return (
      <div class="layer" style={where}>
        {head}
        <div class="tiles ghost" style={size}>
          {sheets}
        </div>
      </div>
    );
  }
  const cell = Math.max(0, active);
  const [row, column] = [Math.floor(cell / place.columns), cell % place.columns];
  const unit = order[cell] ?? 0;
  return (
    <div class="layer" style={where}>
      {head}
      <p id={`${id}-keys`} hidden>
        Arrow keys walk, with Shift they choose several; Enter or space cuts or restores; i opens a
        unit’s arithmetic, and Escape leads back.
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a thousand tiles are drawn, not elements */}
      <div
        class="tiles"
        style={size}
        role="grid"
        // One tab stop for the whole network: only the layer with the current tile takes it.
        tabIndex={active >= 0 ? 0 : -1}
        data-testid={`grid-${layer}`}
        data-columns={place.columns}
        data-pruned={[...pruned].join(',')}
        aria-labelledby={`${id}-name`}
        aria-rowcount={place.rows}
        aria-colcount={place.columns}
        aria-multiselectable="true"
        aria-activedescendant={`${id}-cell`}
        aria-describedby={`${id}-keys`}
        aria-keyshortcuts="Enter I"
        onPointerDown={(event) => {
          const at = placeUnder(event);
          const under = order[at];
          if (under === undefined || event.button !== 0) return;
          // A finger may be on its way to scroll: its press counts when it is lifted.
          if (event.pointerType !== 'touch') event.currentTarget.setPointerCapture(event.pointerId);
          pointed.value = null;
          choose(null);
          stroke.current = { cut: !pruned.has(under), units: new Set() };
          current.value = { layer, place: at };
          add(under);
        }}
        onPointerMove={(event) => {
          const at = placeUnder(event);
          // While a stroke is drawn, nothing may hide the tiles it leads to.
          point(stroke.current ? -1 : at, event.currentTarget);
          if (event.pointerType !== 'touch') add(order[at]);
        }}
        onPointerUp={() => finish(true)}
        onPointerCancel={() => finish(false)}
        onPointerLeave={() => {
          pointed.value = null;
        }}
        onFocus={(event) => {
          if (event.currentTarget.matches(':focus-visible')) point(cell, event.currentTarget);
        }}
        onBlur={() => {
          pointed.value = null;
        }}
        onKeyDown={(event) => {
          const zooms = ZOOMS[event.key];
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (ARROWS.has(event.key)) onArrow(event, cell, event.currentTarget);
          else if (event.key === 'Enter') press(cell);
          else if (event.key === 'i') {
            const shownBy = event.currentTarget.querySelector('.cell');
            // The figures beside the pointer are the same ones, and would cover it.
            pointed.value = null;
            if (shownBy) explainByKey(shownBy);
          } else if (event.key === 'Escape') {
            finish(false);
            choose(null);
          } else if (event.key === '0') zoomBy();
          else if (zooms !== undefined) zoomBy(zooms);
          // Held down it pans: whether it cuts is known once it is let go.
          else if (event.key !== ' ') return;
          event.preventDefault();
        }}
        onKeyUp={(event) => {
          if (event.key === ' ' && !event.defaultPrevented) press(cell);
        }}
      >
        {sheets}
        {/* Only the current tile is an element; the rest of the grid is drawn. */}
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div role="row" aria-rowindex={row + 1} tabIndex={-1}>
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          <div
            role="gridcell"
            id={`${id}-cell`}
            class="cell"
            tabIndex={-1}
            aria-colindex={column + 1}
            aria-selected={pruned.has(unit)}
            aria-label={label(layer, unit, pruned)}
            {...explains('unit', layer, unit)}
            style={{
              insetInlineStart: `${column * layout.pitch}px`,
              top: `${row * layout.pitch}px`,
              width: `${layout.inner + 2 * layout.frame}px`,
              height: `${layout.inner + 2 * layout.frame}px`,
            }}
          />
        </div>
      </div>
    </div>
  );
}

/** Arrow keys lead from layer to layer; the next one takes focus once it is the tab stop. */
function focusLayer(from: HTMLElement, layer: number): void {
  const network = from.closest('.network');
  requestAnimationFrame(() => {
    network?.querySelector<HTMLElement>(`[data-testid="grid-${layer}"]`)?.focus();
  });
}
