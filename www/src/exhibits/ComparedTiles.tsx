/** The units of two networks side by side, those marked that differ. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { layoutTiles } from '../plots/tileLayout';
import { type compared, type Tiles, visits } from '../state';
import { atlasOf } from './parts/atlas';
import { useSize } from './parts/hooks';
import { ink } from './parts/ink';
import { tileMarks } from './parts/networkDifference';
import {
  clear,
  paintFrames,
  paintMarks,
  paintPatterns,
  restingScene,
  sized,
} from './parts/tilePainting';

type Now = NonNullable<(typeof compared)['value']>;

interface TileProps {
  tiles: Tiles | null;
  side: 'left' | 'right';
  pruned: number[][];
  /** Units of each layer to be marked. */
  marks: ReadonlySet<number>[];
}

function LayerCanvas({
  layout,
  layer,
  tiles,
  pruned,
  marks,
  label,
}: {
  layout: ReturnType<typeof layoutTiles>;
  layer: number;
  tiles: Tiles;
  pruned: ReadonlySet<number>;
  marks: ReadonlySet<number>;
  label: string;
}) {
  const below = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const colours = ink.value;
  const place = layout.layers[layer];
  const patterns = tiles[layer]?.patterns ?? null;
  useEffect(() => {
    if (!below.current || !place) return;
    const scene = restingScene(layout, place);
    const context = sized(below.current, scene.window);
    let wanted = patterns !== null;
    if (patterns) {
      void atlasOf(patterns, colours.scheme, colours.signed).then((atlas) => {
        if (wanted) paintPatterns(context, scene, atlas);
      });
    } else clear(context, scene);
    return () => {
      wanted = false;
    };
  }, [patterns, colours, layout, place]);
  useEffect(() => {
    if (!above.current || !place) return;
    const scene = restingScene(layout, place);
    const context = sized(above.current, scene.window);
    paintFrames(context, scene, {
      colours,
      distortion: null,
      hatched: (unit) => (pruned.has(unit) ? 1 : 0),
      pruned: () => true,
    });
    paintMarks(context, scene, colours, marks);
  }, [pruned, marks, colours, layout, place]);
  if (!place) return null;
  const size = { width: `${place.width}px`, height: `${place.height}px` };
  return (
    <div
      class="tiles still"
      role="img"
      aria-label={label}
      style={{ ...size, insetInlineStart: `${place.x}px` }}
    >
      <canvas ref={below} />
      <canvas ref={above} />
    </div>
  );
}

function TileSide({ tiles, side, pruned, marks }: TileProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const counts = tiles?.map(({ units }) => units).join(',') ?? '';
  const layout = useMemo(
    () =>
      counts && width > 0
        ? layoutTiles(counts.split(',').map(Number), Math.floor(width), 330)
        : null,
    [counts, width],
  );
  const sets = useMemo(() => pruned.map((units) => new Set(units)), [pruned]);
  return (
    <div class="tile-side" ref={box} data-testid={`compare-${side}`}>
      <p class="small muted">{side}</p>
      {layout && tiles ? (
        <div class="tile-room" style={{ height: `${layout.height}px` }}>
          {tiles.map((_, layer) => (
            <LayerCanvas
              key={layer}
              layout={layout}
              layer={layer}
              tiles={tiles}
              pruned={sets[layer] ?? new Set()}
              marks={marks[layer] ?? new Set()}
              label={`Layer ${layer + 1} of the ${side} network: ${sets[layer]?.size ?? 0} units cut, ${marks[layer]?.size ?? 0} marked as different`}
            />
          ))}
        </div>
      ) : (
        <p class="small muted" role="status">
          The {side} network is being looked at.
        </p>
      )}
    </div>
  );
}

export function TilePair({ now }: { now: Now }) {
  const [left, right] = now.keys.map((key) => visits.value.get(key)?.facts);
  const { marks, sentence } = useMemo(
    () => tileMarks(left ?? null, right ?? null, now.difference),
    [left, right, now.difference],
  );
  return (
    <figure class="tile-pair">
      <figcaption>
        What each unit looks for <span class="small muted">{sentence}</span>
      </figcaption>
      <div class="two-sides">
        <TileSide side="left" tiles={now.tiles[0]} pruned={left?.pruned ?? []} marks={marks} />
        <TileSide side="right" tiles={now.tiles[1]} pruned={right?.pruned ?? []} marks={marks} />
      </div>
    </figure>
  );
}
