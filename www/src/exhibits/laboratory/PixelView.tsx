/** Which pixels the network reads, over the mean digit. */
import { useComputed, useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { PixelsResult } from '../../engine/types';
import { mix, pixel, type Rgb } from '../../plots/colour';
import { count, short } from '../../plots/measured';
import {
  cutPath,
  outline,
  pixelCounts,
  pixelRows,
  RARELY,
  relativeShares,
} from '../../plots/pixelMap';
import { PIXELS, SIDE } from '../../plots/weightMap';
import { laboratory } from '../../state';
import { Foot } from '../parts/Chart';
import { Explained, explains, walked } from '../parts/explained';
import { useSize } from '../parts/hooks';
import { ink } from '../parts/ink';
import { pixelWords } from '../parts/laboratoryWords';
import { picture } from '../parts/picture';
import { Shows } from './Shows';
import { Status } from './Status';

const TOP = 22;
const FOOT = 40;
const GAP = 26;
const MOST = 308;
const LEAST = 220;

function shades(values: ArrayLike<number>, paper: Rgb, full: Rgb) {
  const steps = Array.from({ length: 65 }, (_, at) => pixel(mix(paper, full, at / 64)));
  return (out: Uint32Array) => {
    for (let at = 0; at < out.length; at += 1) {
      const share = Math.min(1, Math.max(0, values[at] ?? 0));
      out[at] = steps[Math.round(64 * share)] ?? 0;
    }
  };
}

function Maps({ found }: { found: PixelsResult }) {
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { width } = useSize(box);
  const pointed = useSignal<number | null>(null);
  const { sunk, paper, ink: dark, muted, adaptive } = ink.value;
  const { mean, readers, relative, units } = found;
  const across = Math.max(1, Math.min(3, Math.floor((width + GAP) / (LEAST + GAP))));
  const cell = (width - GAP * (across - 1)) / across;
  // Whole pixels a pixel, so that none is wider than another.
  const side = Math.max(4, Math.floor(Math.min(MOST, cell) / SIDE));
  const map = side * SIDE;
  const pitch = TOP + map + FOOT;
  const maps = useMemo(() => {
    const most = mean.reduce((top, value) => Math.max(top, value), 0) || 1;
    const busiest = readers.reduce((top, some) => Math.max(top, some), 0);
    const read = Float32Array.from(readers, (some) => some / Math.max(1, busiest));
    const draw = (values: ArrayLike<number>, from: Rgb, to: Rgb) =>
      picture(SIDE, SIDE, shades(values, from, to));
    return [
      {
        key: 'mean',
        title: 'mean digit, cut pixels hatched',
        foot: `full: mean ${short(most)}`,
        href: draw(
          mean.map((value) => value / most),
          sunk,
          dark,
        ),
      },
      {
        key: 'read',
        title: 'units that read it',
        foot: `full: ${count(busiest)} of ${count(units)} units`,
        href: draw(read, paper, muted),
      },
      {
        key: 'relative',
        title: 'relative distortion E|x − x̃| / E x',
        foot: 'paper: 0.01 and less; full: 100 and more',
        href: draw(relativeShares(relative), paper, adaptive),
      },
    ];
  }, [mean, readers, relative, units, sunk, paper, dark, muted, adaptive]);
  const mask = useMemo(
    () => ({ cut: cutPath(readers, side), edge: outline(readers, side) }),
    [readers, side],
  );
  const title = 'Pixels that are lit, read and moved';
  const at = pointed.value;
  const ratio = at === null ? 0 : (relative[at] ?? Number.NaN);
  return (
    <>
      <div class="plot" ref={box} {...walked(title)}>
        {width > 0 && (
          <svg
            ref={svg}
            width={width}
            height={Math.ceil(maps.length / across) * pitch}
            role="img"
            aria-label={title}
            onPointerLeave={() => {
              pointed.value = null;
            }}
            onPointerMove={(event) => {
              const bounds = event.currentTarget.getBoundingClientRect();
              const x = (event.clientX - bounds.left) % (map + GAP);
              const y = ((event.clientY - bounds.top) % pitch) - TOP;
              const inside = x < map && y >= 0 && y < map;
              pointed.value = inside ? Math.floor(y / side) * SIDE + Math.floor(x / side) : null;
            }}
          >
            <title>{title}</title>
            <pattern
              id="cut-pixels"
              width={5}
              height={5}
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect class="hatch-line" width={1.4} height={5} />
            </pattern>
            {maps.map(({ key, title: name, foot, href }, index) => {
              const x = (index % across) * (map + GAP);
              const y = Math.floor(index / across) * pitch + TOP;
              return (
                <g key={key} transform={`translate(${x} ${y})`}>
                  <text class="axis strong" x={0} y={-8}>
                    {name}
                  </text>
                  {href && (
                    <image href={href} width={map} height={map} image-rendering="pixelated" />
                  )}
                  {key === 'mean' && (
                    <g>
                      <path class="under-hatch" d={mask.cut} />
                      <path d={mask.cut} fill="url(#cut-pixels)" />
                    </g>
                  )}
                  <path class="mask-edge" d={mask.edge} />
                  <rect class="frame" width={map} height={map} />
                  {at !== null && (
                    <rect
                      class="pointer"
                      x={(at % SIDE) * side}
                      y={Math.floor(at / SIDE) * side}
                      width={side}
                      height={side}
                    />
                  )}
                  {Array.from({ length: PIXELS }, (_, place) => (
                    <rect
                      key={place}
                      class="spot-of"
                      x={(place % SIDE) * side}
                      y={Math.floor(place / SIDE) * side}
                      width={side}
                      height={side}
                      fill="none"
                      stroke="none"
                      pointer-events="all"
                      data-series={key}
                      {...explains('pixel', place, key)}
                    />
                  ))}
                  <text class="axis" x={0} y={map + 15}>
                    {foot}
                  </text>
                </g>
              );
            })}
          </svg>
        )}
      </div>
      <p class="readout small muted" aria-hidden="true">
        {at === null
          ? 'Point at a pixel for its figures.'
          : `row ${Math.floor(at / SIDE) + 1}, column ${(at % SIDE) + 1}: mean ${short(mean[at] ?? 0)}, read by ${readers[at]} of ${count(units)} units, relative distortion ${Number.isFinite(ratio) ? short(ratio) : 'not defined, since it is never lit'}`}
      </p>
      <Foot
        svg={svg}
        rows={() => pixelRows(mean, readers, relative)}
        title={title}
        what="the pixels"
        file="secateurs-pixels"
      />
    </>
  );
}

/** The counts, for the eye and the ear alike. */
function Counts({ counts }: { counts: ReturnType<typeof pixelCounts> }) {
  const { cut, black, blackCut, rare, rareCut } = counts;
  const lines = [
    ['all', PIXELS, cut],
    [`rarely lit (mean below ${RARELY})`, rare, rareCut],
    ['always black', black, blackCut],
  ] as const;
  return (
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">pixels</th>
          <th scope="col">in all</th>
          <th scope="col">cut</th>
          <th scope="col">left</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(([name, all, gone], line) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {(
              [
                ['all', all],
                ['cut', gone],
                ['left', all - gone],
              ] as const
            ).map(([which, many]) => (
              <td key={which}>
                <Explained of={['pixel-count', line, which]}>{count(many)}</Explained>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export default function PixelView() {
  const found = useComputed(() => laboratory.pixels.value.found).value;
  const counts = useMemo(
    () => found && pixelCounts(found.mean, found.readers, found.units),
    [found],
  );
  return (
    <>
      <div class="study-head">
        <Status name="pixels" what="the pixels">
          {found && (
            <>
              mean of {count(found.images)} training images; relative distortion on the first{' '}
              {count(found.scored)}
            </>
          )}
        </Status>
      </div>
      {found && counts && (
        <>
          <Shows sentences={pixelWords(counts, found.units)} />
          <div class="pixel-maps">
            <div>
              <Maps found={found} />
            </div>
            <Counts counts={counts} />
          </div>
        </>
      )}
    </>
  );
}
