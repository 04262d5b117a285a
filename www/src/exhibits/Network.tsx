/** The network, left to right: the attacked image, every hidden unit, what is read. */
import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { train } from '../actions';
import { css } from '../plots/colour';
import { count, short } from '../plots/measured';
import { layoutTiles } from '../plots/tileLayout';
import { controls, distortion, engine, network, preview, tiles, training } from '../state';
import { Equation } from './Equation';
import { LayerGrid } from './LayerGrid';
import { Output } from './Output';
import { atlasOf } from './parts/atlas';
import { narrow, useSize } from './parts/hooks';
import { ink } from './parts/ink';
import { current } from './parts/pointed';
import { cutWords } from './parts/pruneWords';
import { soon } from './parts/soon';
import { INVITATION } from './Welcome';

/** As high as the way of the attack that will be drawn there. */
const NoWay = () => (
  <section class="trajectory" aria-hidden="true">
    <div class="head" />
    <div class="trajectory-box empty" />
  </section>
);

const Trajectory = soon((all) => all.Trajectory, NoWay);

/** What colours, frames and hatches stand for. */
function Key() {
  const painted = tiles.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = ink.value;
  const [scales, setScales] = useState<number[]>([]);
  useEffect(() => {
    let wanted = true;
    // The painted picture knows its scale; nothing is counted twice.
    const atlases = painted?.layers.map(({ patterns }) =>
      atlasOf(patterns, colours.scheme, colours.signed),
    );
    void Promise.all(atlases ?? []).then((all) => {
      if (wanted) setScales(all.map(({ scale }) => scale));
    });
    return () => {
      wanted = false;
    };
  }, [painted, colours]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const pixels = new ImageData(colours.signed.length, 1);
    new Uint32Array(pixels.data.buffer).set(colours.signed);
    context.putImageData(pixels, 0, 0);
  }, [colours, painted]);
  const pixels = useComputed(() => (preview.value ?? network.value)?.pixelsPruned ?? 0).value;
  if (!painted) return <p class="key small" />;
  const most = distortion.value?.layers.map(({ units }) => short(Math.max(...units)));
  return (
    <p class="key small muted">
      <span class="entry">
        weights <span class="nowrap">−</span>
        <canvas ref={canvas} width={colours.signed.length} height={1} />+{' '}
        <span class="nowrap">{scales.map((scale) => short(scale)).join(' · ')}</span>
      </span>
      {most && (
        <span class="entry">
          distortion 0
          <svg class="ramp" viewBox="0 0 32 1" preserveAspectRatio="none" aria-hidden="true">
            {colours.ramp.map((colour, at) => (
              <rect key={at} x={at} width={1.05} height={1} fill={colour ?? css(colours.line)} />
            ))}
          </svg>
          <span class="nowrap">{most.join(' · ')}</span>
        </span>
      )}
      <span class="entry">
        <span class="hatch" aria-hidden="true" /> cut
      </span>
      {pixels > 0 && <span class="entry">{count(pixels)} of 784 pixels cut</span>}
    </p>
  );
}

/** A first visitor's invitation, on the empty tiles of the network that is about to be. */
function Invitation() {
  const phase = useComputed(() => training.value.phase).value;
  const what = useComputed(() => training.value.what).value;
  const fraction = useComputed(() => training.value.fraction).value;
  const blocked = useComputed(() => engine.value.phase === 'unsupported').value;
  if (phase !== 'idle') {
    return (
      <div class="invitation">
        <div class="invitation-body">
          <p class="lead">{what || 'Training'}</p>
          <div class="meter" aria-hidden="true">
            <span style={{ width: `${fraction * 100}%` }} />
          </div>
        </div>
      </div>
    );
  }
  return (
    <div class="invitation">
      <div class="invitation-body">
        <p class="lead">{INVITATION}</p>
        <button type="button" class="button main big" disabled={blocked} onClick={train}>
          Train a network
        </button>
        <p class="muted small">It takes some seconds and never leaves this tab.</p>
      </div>
    </div>
  );
}

export function Network() {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const shown = tiles.value;
  const planned = controls.value.network.hidden;
  const counts = shown ? shown.layers.map(({ units }) => units) : planned;
  const shape = counts.join(',');
  const layout = useMemo(
    () => layoutTiles(shape.split(',').map(Number), Math.floor(width), Math.floor(height)),
    [shape, width, height],
  );
  useEffect(() => {
    const { layer, unit } = current.value;
    const units = layout.layers[layer]?.units ?? 0;
    if (unit >= units) current.value = { layer: 0, unit: 0 };
  }, [layout]);
  const facts = network.value;
  return (
    <section class="network" aria-labelledby="network-title">
      <h2 id="network-title" class="heard">
        Network
        {facts && `, cut: ${cutWords(facts) || 'nothing'}`}
      </h2>
      <Equation />
      <div class="layers-box" ref={box}>
        <div
          class="layers"
          style={{ width: `${layout.width}px`, height: `${layout.height + 28}px` }}
        >
          {width > 0 &&
            layout.layers.map((place, layer) => (
              <LayerGrid key={layer} layer={layer} layout={layout} place={place} />
            ))}
        </div>
        {!shown && !narrow.value && <Invitation />}
      </div>
      <Output />
      <Key />
      {facts ? <Trajectory /> : <NoWay />}
    </section>
  );
}
