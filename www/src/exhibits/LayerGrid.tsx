/** One hidden layer as tiles: patterns below, frames and hatches above, one focusable grid. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { endPreview, previewUnits, toggleUnits } from '../actions';
import { short } from '../plots/measured';
import { type Arrow, type LayerLayout, type TileLayout, unitAt, walk } from '../plots/tileLayout';
import { distortion, tiles } from '../state';
import { ink } from './parts/ink';
import { prunedNow, prunedPreview } from './parts/plan';
import { current, pointed } from './parts/pointed';
import { paintFrames, paintPatterns, sized } from './parts/tilePainting';

const ARROWS: ReadonlySet<string> = new Set([
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
]);
const NONE: ReadonlySet<number> = new Set();

interface Props {
  layer: number;
  layout: TileLayout;
  place: LayerLayout;
}

/** A press that may go on over more tiles. */
interface Stroke {
  cut: boolean;
  units: Set<number>;
}

export function LayerGrid({ layer, layout, place }: Props) {
  const id = useId();
  const below = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const stroke = useRef<Stroke | null>(null);
  /** Units of the stroke under way, drawn at once. */
  const pending = useSignal<Stroke | null>(null);

  const patterns = useComputed(() => tiles.value?.layers[layer]?.patterns ?? null).value;
  const measured = useComputed(() => distortion.value?.layers[layer] ?? null).value;
  const pruned = useComputed(() => prunedNow.value[layer] ?? NONE).value;
  const wanted = useComputed(() => prunedPreview.value?.[layer] ?? null).value;
  const colours = ink.value;
  const active = useComputed(() => (current.value.layer === layer ? current.value.unit : -1)).value;
  const held = pending.value;

  useEffect(() => {
    if (!stroke.current) pending.value = null;
  }, [pruned]);

  useEffect(() => {
    const canvas = below.current;
    if (!canvas) return;
    return paintPatterns(sized(canvas, place), layout, place, patterns, colours);
  }, [patterns, colours, layout, place]);

  useEffect(() => {
    const canvas = above.current;
    if (!canvas) return;
    paintFrames(sized(canvas, place), layout, place, {
      colours,
      distortion: measured?.units ?? null,
      pruned: (unit) => (held?.units.has(unit) ? held.cut : pruned.has(unit)),
      about: (unit) => wanted?.has(unit) ?? false,
    });
  }, [measured, pruned, wanted, held, colours, layout, place]);

  const unitUnder = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return unitAt(place, layout.pitch, event.clientX - box.left, event.clientY - box.top);
  };
  const point = (unit: number, target: EventTarget | null) => {
    if (unit < 0 || !(target instanceof HTMLElement)) {
      pointed.value = null;
      return;
    }
    const box = target.getBoundingClientRect();
    const x = box.left + (unit % place.columns) * layout.pitch;
    const y = box.top + Math.floor(unit / place.columns) * layout.pitch;
    pointed.value = { layer, unit, near: new DOMRect(x, y, layout.pitch, layout.pitch) };
  };
  const finish = (commit: boolean) => {
    const done = stroke.current;
    stroke.current = null;
    if (!done) return;
    if (commit) {
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
  const add = (unit: number) => {
    const under = stroke.current;
    if (!under || unit < 0 || under.units.has(unit)) return;
    under.units.add(unit);
    pending.value = { cut: under.cut, units: new Set(under.units) };
    if (under.cut) previewUnits(layer, [...under.units]);
  };

  const interactive = patterns !== null;
  const label = (unit: number) => {
    const value = measured?.units[unit];
    const size = value === undefined ? '' : `, distortion ${short(value)}`;
    return `Unit ${unit}${size}${pruned.has(unit) ? ', cut' : ''}`;
  };
  const head = (
    <h3 id={`${id}-name`}>
      layer {layer + 1}{' '}
      <span class="muted">
        · {place.units}
        {place.width > 120 && (place.units === 1 ? ' unit' : ' units')}
      </span>
    </h3>
  );
  const surface = (
    <>
      <canvas ref={below} />
      <canvas ref={above} />
    </>
  );
  const size = { width: `${place.width}px`, height: `${place.height}px` };
  const where = { insetInlineStart: `${place.x}px` };
  if (!interactive) {
    return (
      <div class="layer" style={where}>
        {head}
        <div class="tiles ghost" style={size}>
          {surface}
        </div>
      </div>
    );
  }
  const cell = Math.max(0, active);
  const [row, column] = [Math.floor(cell / place.columns), cell % place.columns];
  return (
    <div class="layer" style={where}>
      {head}
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
        onPointerDown={(event) => {
          const unit = unitUnder(event);
          if (unit < 0 || event.button !== 0) return;
          // A finger may be on its way to scroll: its press counts when it is lifted.
          if (event.pointerType !== 'touch') event.currentTarget.setPointerCapture(event.pointerId);
          pointed.value = null;
          stroke.current = { cut: !pruned.has(unit), units: new Set() };
          current.value = { layer, unit };
          add(unit);
        }}
        onPointerMove={(event) => {
          const unit = unitUnder(event);
          // While a stroke is drawn, nothing may hide the tiles it leads to.
          point(stroke.current ? -1 : unit, event.currentTarget);
          if (event.pointerType !== 'touch') add(unit);
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
          if (ARROWS.has(event.key)) {
            event.preventDefault();
            const next = walk(layout.layers, { layer, unit: cell }, event.key as Arrow);
            current.value = next;
            if (next.layer === layer) point(next.unit, event.currentTarget);
            else focusLayer(event.currentTarget, next.layer);
          } else if (event.key === ' ' || event.key === 'Enter') {
            event.preventDefault();
            toggleUnits(layer, [cell], !pruned.has(cell));
          } else if (event.key === 'Escape') finish(false);
        }}
      >
        {surface}
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
            aria-selected={pruned.has(cell)}
            aria-label={label(cell)}
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
