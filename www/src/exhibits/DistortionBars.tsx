/** The bars of the distortion, a plot a layer, and the brush on them. */
import { useComputed, useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { endPreview, previewUnits, toggleUnits } from '../cutActions';
import type { DistortionResult } from '../engine/types';
import { type Bar, barsOf, brushed } from '../plots/bars';
import { count, short } from '../plots/measured';
import { cutMark, distortionRows, ranked } from '../plots/ranking';
import { Explained } from './parts/explained';
import { useSize } from './parts/hooks';
import { useMovingBars } from './parts/movingBars';
import { useOffer } from './parts/offered';
import { planDone, plannedByDistortion, prunedNow, prunedPreview } from './parts/plan';
import { pointed } from './parts/pointed';

type Scale = 'units' | 'relative';
type Layers = DistortionResult['layers'];
const NONE: ReadonlySet<number> = new Set();

/** Where the inspector of a bar belongs: over the plot, so that it never hides the bars. */
const above = (event: PointerEvent) => {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return new DOMRect(event.clientX, box.top - 140, 4, 4);
};

/** The same for a bar that was reached by keys. */
const beside = (plot: Element | null, bar: Bar | undefined) => {
  const box = plot?.getBoundingClientRect();
  return new DOMRect((box?.left ?? 0) + (bar?.x ?? 0), (box?.top ?? 0) - 140, 4, 4);
};

const path = (bars: readonly Bar[]) =>
  bars.map(({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h${-width}z`).join('');

/** The bar of the unit pointed at; by itself, so that pointing draws nothing else anew. */
function Under({ layer, bars }: { layer: number; bars: readonly Bar[] }) {
  const unit = useComputed(() => (pointed.value?.layer === layer ? pointed.value.unit : -1)).value;
  const bar = unit < 0 ? undefined : bars.find((one) => one.unit === unit);
  return bar ? <path class="under" d={path([bar])} /> : null;
}

function LayerBars({
  layer,
  values,
  mean,
  scale,
}: {
  layer: number;
  values: number[];
  /** Of the absolute distortions. */
  mean: number;
  scale: Scale;
}) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width, height } = useSize(box);
  const brush = useSignal<[number, number] | null>(null);
  const reach = useSignal(0);
  const started = useRef<number | null>(null);

  const order = useMemo(() => ranked(values), [values]);
  const most = values[order[0] ?? 0] ?? 0;
  const bars = useMemo(
    () => barsOf(values, order, most, width, Math.max(0, height - 2)),
    [values, order, most, width, height],
  );
  const shown = useMovingBars(bars, `${width} ${height}`);
  const cut = useComputed(() => prunedNow.value[layer] ?? NONE).value;
  const held = useComputed(() => prunedPreview.value?.[layer] ?? null).value;
  const planned = useComputed(() =>
    planDone.value ? NONE : (plannedByDistortion.value?.[layer] ?? NONE),
  ).value;
  const aimed = held ?? planned;

  const title = `Distortion of layer ${layer + 1}, largest ${short(most)}`;
  useOffer({
    svg,
    rows: () => distortionRows(layer, values, cut, scale),
    title,
    file: `secateurs-distortion-layer-${layer + 1}`,
  });

  const chosen = brush.value;
  const paths = useMemo(() => {
    const inBrush = (at: number) => chosen !== null && at >= chosen[0] && at <= chosen[1];
    const groups = { left: [] as Bar[], aimed: [] as Bar[], cut: [] as Bar[] };
    shown.forEach((bar, at) => {
      if (cut.has(bar.unit)) groups.cut.push(bar);
      else if (inBrush(at) || aimed.has(bar.unit)) groups.aimed.push(bar);
      else groups.left.push(bar);
    });
    return { left: path(groups.left), aimed: path(groups.aimed), cut: path(groups.cut) };
  }, [shown, cut, aimed, chosen]);
  const mark = cutMark(order, aimed.size > 0 ? aimed : cut);
  const markAt = mark ? (mark / Math.max(1, order.length)) * width : 0;
  const unitsOf = ([from, to]: [number, number]) => order.slice(from, to + 1);
  const place = (event: PointerEvent) =>
    event.clientX - (event.currentTarget as Element).getBoundingClientRect().left;
  const commit = () => {
    const range = brush.value;
    started.current = null;
    brush.value = null;
    if (!range) return;
    const units = unitsOf(range);
    toggleUnits(layer, units, !units.every((unit) => cut.has(unit)));
  };
  const abandon = () => {
    started.current = null;
    brush.value = null;
    reach.value = 0;
    endPreview();
  };
  const extend = (by: number) => {
    reach.value = Math.min(order.length, Math.max(0, reach.value + by));
    const unit = order[reach.value - 1];
    // By keys, too, whoever chooses units sees what is known of the one chosen last.
    pointed.value =
      unit === undefined ? null : { layer, unit, near: beside(box.current, bars[reach.value - 1]) };
    brush.value = reach.value > 0 ? [0, reach.value - 1] : null;
    if (reach.value > 0) previewUnits(layer, unitsOf([0, reach.value - 1]));
    else endPreview();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowUp: 1,
      ArrowLeft: -1,
      ArrowDown: -1,
      PageUp: 10,
      PageDown: -10,
      Home: -order.length,
      End: order.length,
    };
    const by = steps[event.key];
    if (by !== undefined) extend(by);
    else if (event.key === 'Escape') abandon();
    else if (event.key === 'Enter' || event.key === ' ') {
      commit();
      reach.value = 0;
    } else return;
    event.preventDefault();
  };

  return (
    <div class="bars-layer" style={{ flexGrow: values.length }}>
      <div class="bars-plot">
        <span class="tick small muted">
          <Explained of={['scale', layer, scale]} label={`Largest, ${short(most)}`}>
            {short(most)}
          </Explained>
        </span>
        <div
          ref={box}
          class="bars-box"
          role="slider"
          tabIndex={0}
          aria-label={`Cut the most distorted units of layer ${layer + 1}`}
          aria-valuemin={0}
          aria-valuemax={order.length}
          aria-valuenow={reach.value}
          aria-valuetext={`${reach.value} of ${order.length} units chosen; Enter cuts them`}
          onKeyDown={onKeyDown}
          onBlur={() => {
            pointed.value = null;
            if (reach.value > 0) abandon();
          }}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            if (event.pointerType !== 'touch')
              event.currentTarget.setPointerCapture(event.pointerId);
            started.current = place(event);
            pointed.value = null;
            brush.value = brushed(started.current, started.current, width, order.length);
          }}
          onPointerMove={(event) => {
            const x = place(event);
            const [at] = brushed(x, x, width, order.length);
            const unit = order[at];
            if (unit !== undefined && started.current === null) {
              pointed.value = {
                layer,
                unit,
                near: above(event),
              };
            }
            if (started.current === null) return;
            const range = brushed(started.current, x, width, order.length);
            if (brush.value?.[0] === range[0] && brush.value[1] === range[1]) return;
            brush.value = range;
            previewUnits(layer, unitsOf(range));
          }}
          onPointerUp={commit}
          onPointerCancel={abandon}
          onPointerLeave={() => {
            pointed.value = null;
          }}
        >
          <svg
            ref={svg}
            width={width}
            height={height}
            viewBox={`0 0 ${width} ${height}`}
            aria-hidden="true"
          >
            <title>Distortion of layer {layer + 1}</title>
            <pattern
              id={`hatch-${layer}`}
              width={4}
              height={4}
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect class="hatch-back" width={4} height={4} />
              <rect class="hatch-line" width={1.25} height={4} />
            </pattern>
            {chosen && bars[chosen[0]] && (
              <rect
                class="brush"
                x={bars[chosen[0]]?.x}
                width={
                  (bars[chosen[1]]?.x ?? 0) +
                  (bars[chosen[1]]?.width ?? 0) -
                  (bars[chosen[0]]?.x ?? 0)
                }
                height={height}
              />
            )}
            {!chosen && markAt > 0 && <rect class="brush" width={markAt} height={height} />}
            <g transform="translate(0 1)">
              <path class="left" d={paths.left} />
              <path class="aimed" d={paths.aimed} />
              <path class="cut" fill={`url(#hatch-${layer})`} d={paths.cut} />
              <Under layer={layer} bars={bars} />
            </g>
            <line class="floor" x2={width} y1={height - 0.5} y2={height - 0.5} />
            {!chosen && markAt > 0 && (
              <g>
                <line class="mark" x1={markAt} x2={markAt} y2={height} />
                <text
                  x={markAt + (markAt > width - 60 ? -5 : 5)}
                  y={10}
                  text-anchor={markAt > width - 60 ? 'end' : 'start'}
                >
                  {aimed.size > 0 ? 'cut here' : 'cut'}
                </text>
              </g>
            )}
          </svg>
        </div>
      </div>
      <p class="small muted caption">
        layer {layer + 1}, {count(values.length)} units
        <span class="hint-text"> · drag to cut</span>
        {scale === 'units' && (
          <>
            {' '}
            · <Explained of={['layer', layer]}>mean {short(mean)}</Explained>
          </>
        )}
      </p>
    </div>
  );
}

interface Props {
  layers: Layers;
  scale: Scale;
  /** They may be looked at, but nothing is cut with them. */
  fixed: boolean;
}

export function Bars({ layers, scale, fixed }: Props) {
  return (
    <div class="bars-row" inert={fixed}>
      {layers.map((layer, at) => (
        <LayerBars key={at} layer={at} values={layer[scale]} mean={layer.mean} scale={scale} />
      ))}
    </div>
  );
}
