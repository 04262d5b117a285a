/** The network, left to right: the attacked image, every hidden unit, what is read. */
import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { train } from '../actions';
import { notify } from '../engine/notices';
import { layoutTiles, mostZoom, zoomedTiles } from '../plots/tileLayout';
import { controls, halted, network, tiles, training } from '../state';
import { Equation } from './Equation';
import { LayerGrid } from './LayerGrid';
import { HEADING } from './LayerSheets';
import { FirstLesson } from './Lessons';
import { Output } from './Output';
import { arrival } from './parts/arrival';
import { narrow, useSize } from './parts/hooks';
import { usePanZoom } from './parts/panZoom';
import { prunedNow } from './parts/plan';
import { current } from './parts/pointed';
import { cutWords } from './parts/pruneWords';
import { soon } from './parts/soon';
import { gone, zoom, zoomMost } from './parts/tileState';
import { TileKey } from './TileKey';
import { INVITATION } from './Welcome';

/** As high as the way of the attack that will be drawn there. */
const NoWay = () => (
  <section class="trajectory" aria-hidden="true">
    <div class="head" />
    <div class="trajectory-box empty" />
  </section>
);

const Trajectory = soon((all) => all.Trajectory, NoWay);

type Extras = typeof import('./network');

const loadExtras = () => import('./network');

/** Switches, lasso and connections: of no use before there is a network. */
function useExtras(): Extras | null {
  const [extras, setExtras] = useState<Extras | null>(null);
  const wanted = useComputed(() => tiles.value !== null).value;
  useEffect(() => {
    if (!wanted) return;
    const fetch = () => {
      arrival(loadExtras).then(setExtras, () => {
        // Without them the tiles still show and cut everything.
        const sentence =
          'What sorts, zooms and lassoes tiles did not arrive; is the connection down?';
        notify('problem', sentence, fetch);
      });
    };
    fetch();
  }, [wanted]);
  return extras;
}

/** A first visitor's invitation, on the empty tiles of the network that is about to be. */
function Invitation() {
  const phase = useComputed(() => training.value.phase).value;
  const what = useComputed(() => training.value.what).value;
  const fraction = useComputed(() => training.value.fraction).value;
  const blocked = halted.value;
  if (phase !== 'idle') {
    return (
      <div class="invitation">
        <div class="invitation-body">
          <p class="lead" key="training">
            {what || 'Training'}
          </p>
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
        <p class="lead" key="invitation">
          {INVITATION}
        </p>
        <button type="button" class="button main big" disabled={blocked} onClick={train}>
          Train a network
        </button>
        <p class="muted small">It takes some seconds and never leaves this tab.</p>
        <FirstLesson />
      </div>
    </div>
  );
}

/** Room for the tiles on a sheet of A4, CSS pixels. */
const PAPER = { width: 470, height: 560 };

export function Network() {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const shown = tiles.value;
  const planned = controls.value.network.hidden;
  const counts = shown ? shown.layers.map(({ units }) => units) : planned;
  const shape = counts.join(',');
  // A scroll bar takes room, but appears only where there is more than fits.
  const fitting = useMemo(
    () => layoutTiles(shape.split(',').map(Number), Math.floor(width), Math.floor(height)),
    [shape, width, height],
  );
  const factor = zoom.value;
  const layout = useMemo(() => zoomedTiles(fitting, factor), [fitting, factor]);
  useEffect(() => {
    zoomMost.value = mostZoom(fitting);
    if (zoom.peek() > zoomMost.value) zoom.value = zoomMost.value;
  }, [fitting]);
  useEffect(() => {
    zoom.value = 1;
  }, [shape]);
  usePanZoom(box, layout, height);
  useEffect(() => {
    const { layer, place } = current.value;
    const units = layout.layers[layer]?.units ?? 0;
    if (place >= units) current.value = { layer: 0, place: 0 };
  }, [layout]);
  const pruned = prunedNow.value;
  useEffect(() => gone(), [pruned]);
  const extras = useExtras();
  const facts = network.value;
  return (
    <section class="network" aria-labelledby="network-title">
      <h2 id="network-title" class="heard">
        Network
        {facts && `, cut: ${cutWords(facts) || 'nothing'}`}
      </h2>
      <Equation extras={shown && extras} />
      <div class="tile-tools">{shown && extras && <extras.Tools />}</div>
      <div class="layers-box" ref={box}>
        <div
          class="layers"
          style={{
            width: `${layout.width}px`,
            height: `${layout.height + HEADING + 4}px`,
            '--on-paper': Math.min(1, PAPER.width / layout.width, PAPER.height / layout.height),
          }}
        >
          {width > 0 &&
            layout.layers.map((place, layer) => (
              <LayerGrid key={layer} layer={layer} layout={layout} place={place} />
            ))}
          {shown && extras && <extras.Lasso layout={layout} />}
        </div>
        {!shown && !narrow.value && <Invitation />}
      </div>
      <Output />
      <TileKey layout={layout} />
      {facts ? <Trajectory /> : <NoWay />}
      {shown && extras && <extras.Connections layout={layout} />}
    </section>
  );
}
