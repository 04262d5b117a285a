/** The three canvases of a layer of tiles, painted as everything they show changes. */
import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type Box, type LayerLayout, type TileLayout, windowOf } from '../plots/tileLayout';
import { distortion } from '../state';
import { still } from './parts/hooks';
import { ink } from './parts/ink';
import { useLayerAtlas } from './parts/layerAtlas';
import { LayerPainter } from './parts/layerPainter';
import { prunedNow, prunedPreview } from './parts/plan';
import { onPaper, printing } from './parts/printing';
import { chosen, orders, outputs, port } from './parts/tileState';

/** Height of a layer's heading. */
export const HEADING = 24;
const NONE: ReadonlySet<number> = new Set();

export interface LayerProps {
  layer: number;
  layout: TileLayout;
  place: LayerLayout;
}

/** A press that may go on over more tiles. */
export interface Stroke {
  cut: boolean;
  units: Set<number>;
}

const union = (a: ReadonlySet<number>, b: ReadonlySet<number>) =>
  a.size === 0 ? b : b.size === 0 ? a : new Set([...a, ...b]);

/** Whether all of a layer can be painted at once, however sharp the screen is. */
const isSmall = ({ width, height }: Box) => width * height < 2e6;

/** The cut units as a stroke under way leaves them. */
function withStroke(pruned: ReadonlySet<number>, held: Stroke | null): ReadonlySet<number> {
  if (!held) return pruned;
  if (held.cut) return union(pruned, held.units);
  return new Set([...pruned].filter((unit) => !held.units.has(unit)));
}

/** `held` is a stroke under way, drawn at once. */
export function LayerSheets({ layer, layout, place, held }: LayerProps & { held: Stroke | null }) {
  const sheets = [
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
  ] as const;
  const painter = useRef<LayerPainter | null>(null);
  const kept = useRef<{ layout: TileLayout; window: Box } | null>(null);

  const measured = useComputed(() => distortion.value?.layers[layer]?.units ?? null).value;
  const pruned = useComputed(() => prunedNow.value[layer] ?? NONE).value;
  const previewed = useComputed(() => prunedPreview.value?.[layer] ?? NONE).value;
  const selected = useComputed(() => chosen.value?.[layer] ?? NONE).value;
  const shown = useComputed(() => outputs.value?.[layer] ?? null).value;
  const order = useComputed(() => orders.value[layer] ?? []).value;
  const atlas = useLayerAtlas(layer, layout);
  const colours = ink.value;
  const motionless = still.value;
  const isPrinting = printing.value;

  const { x, y, width, height } = port.value;
  const whole = { x: 0, y: 0, width: place.width, height: place.height };
  const before = kept.current?.layout === layout ? kept.current.window : null;
  const visible = { x: x - place.x, y: y - HEADING, width, height };
  const seen = onPaper.value && isSmall(whole) ? whole : windowOf(whole, visible, before);
  kept.current = { layout, window: seen };

  const cut = useMemo(() => withStroke(pruned, held), [pruned, held]);
  const about = useMemo(() => union(previewed, selected), [previewed, selected]);
  useEffect(() => {
    const [below, frames, above] = sheets.map((sheet) => sheet.current);
    if (!below || !frames || !above || isPrinting) return;
    painter.current ??= new LayerPainter([below, frames, above]);
    painter.current.show({
      layout,
      place,
      window: seen,
      order,
      atlas,
      colours,
      distortion: measured,
      cut,
      about,
      outputs: shown,
      marked: selected,
      still: motionless,
    });
  }, [
    layout,
    place,
    seen,
    order,
    atlas,
    colours,
    measured,
    cut,
    about,
    shown,
    selected,
    motionless,
    isPrinting,
  ]);
  useEffect(() => () => painter.current?.stop(), []);
  const box = {
    insetInlineStart: `${seen.x}px`,
    top: `${seen.y}px`,
    width: `${seen.width}px`,
    height: `${seen.height}px`,
  };
  return (
    <>
      {sheets.map((sheet, at) => (
        <canvas key={at} ref={sheet} style={box} />
      ))}
    </>
  );
}
