/** What the colours, frames, hatches, bars and lines of the tiles stand for. */
import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { css } from '../plots/colour';
import { count, short } from '../plots/measured';
import type { TileLayout } from '../plots/tileLayout';
import { distortion, network, preview, tiles } from '../state';
import { Explained } from './parts/explained';
import { ink } from './parts/ink';
import { tileScales } from './parts/layerAtlas';
import { hasBars } from './parts/tilePainting';
import { outputs } from './parts/tileState';

export function TileKey({ layout }: { layout: TileLayout }) {
  const painted = tiles.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = ink.value;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const pixels = new ImageData(colours.signed.length, 1);
    new Uint32Array(pixels.data.buffer).set(colours.signed);
    context.putImageData(pixels, 0, 0);
  }, [colours, painted]);
  const pixels = useComputed(() => (preview.value ?? network.value)?.pixelsPruned ?? 0).value;
  // As high as the line that will stand there.
  if (!painted) return <p class="key small" />;
  const scales = tileScales.value.slice(0, painted.layers.length);
  const most = distortion.value?.layers.map(({ units }) => Math.max(...units));
  const lit = hasBars(layout) ? outputs.value?.map((layer) => layer.most) : undefined;
  return (
    <p class="key small muted">
      <span class="entry">
        weights <span class="nowrap">−</span>
        <canvas ref={canvas} width={colours.signed.length} height={1} />+{' '}
        <span class="nowrap">
          {scales.map((scale, layer) => (
            <span key={layer}>
              {layer > 0 && ' · '}
              <Explained of={['weights', layer]}>{short(scale)}</Explained>
            </span>
          ))}
        </span>
      </span>
      {most && (
        <span class="entry">
          distortion 0
          <svg class="ramp" viewBox="0 0 32 1" preserveAspectRatio="none" aria-hidden="true">
            {colours.ramp.map((colour, at) => (
              <rect key={at} x={at} width={1.05} height={1} fill={colour ?? css(colours.line)} />
            ))}
          </svg>
          <span class="nowrap">
            {most.map((scale, layer) => (
              <span key={layer}>
                {layer > 0 && ' · '}
                <Explained of={['scale', layer, 'units']}>{short(scale)}</Explained>
              </span>
            ))}
          </span>
        </span>
      )}
      {lit && (
        <span class="entry">
          output clean
          <svg class="split" viewBox="0 0 33 4" aria-hidden="true">
            <rect class="clean" x={4} width={12} height={4} />
            <rect class="attacked" x={17} width={16} height={4} />
          </svg>
          attacked{' '}
          <span class="nowrap">
            {lit.map((scale, layer) => (
              <span key={layer}>
                {layer > 0 && ' · '}
                <Explained of={['outputs', layer]}>{short(scale)}</Explained>
              </span>
            ))}
          </span>
        </span>
      )}
      <span class="entry">
        <span class="hatch" aria-hidden="true" /> cut
      </span>
      <span class="entry">
        strongest
        <svg class="line-sample" viewBox="0 0 22 6" aria-hidden="true">
          <path class="positive" d="M0 3h22" />
        </svg>
        +
        <svg class="line-sample" viewBox="0 0 22 6" aria-hidden="true">
          <path class="negative" d="M0 3h22" />
        </svg>
        −
      </span>
      {pixels > 0 && (
        <span class="entry">
          <Explained of={['pixels-cut']}>{count(pixels)} of 784 pixels cut</Explained>
        </span>
      )}
    </p>
  );
}
