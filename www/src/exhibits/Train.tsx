/** 1 Train: the network's shape, its training, and how far it is. */
import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { setControl, train, trainMore } from '../actions';
import { attacked, meaningful } from '../engine/meaning';
import { sparkline } from '../plots/bars';
import { count, seconds, short } from '../plots/measured';
import { belongsToOldSetting, controls, data, engine, halted, network, training } from '../state';
import { losses, pace } from './parts/course';
import { Explained } from './parts/explained';
import { Field, NumberInput } from './parts/Field';
import { narrow } from './parts/hooks';
import { useOffer } from './parts/offered';
import { Panel } from './parts/Panel';
import { Single, useMay } from './parts/Place';
import { optionLabel, property } from './parts/properties';
import { Progress, TimeLeft, useWork, WorkButtons } from './parts/Work';
import { Watch } from './Watch';

/** Anything that keeps a training from starting at once is said where the button is. */
function readiness(): string {
  if (engine.value.phase === 'starting') return 'Starting the engine.';
  if (engine.value.phase === 'restarting') return 'The engine is starting again.';
  // The strip above says why.
  if (engine.value.phase === 'stopped') return '';
  const { phase, train: here, trainTotal, test, testTotal } = data.value;
  if (phase !== 'loading') return '';
  return `Loading images, ${count(here + test)} of ${count(trainTotal + testTotal)}. You can start already.`;
}

function HiddenUnits() {
  const about = property('network', 'hidden');
  const hidden = controls.value.network.hidden;
  const set = (next: number[]) => setControl('network', 'hidden', next);
  return (
    <div class="field hidden-units" title={about.help}>
      <span class="label" id="hidden-label">
        {about.label}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset brings a legend that breaks the row */}
      <div class="chips" role="group" aria-labelledby="hidden-label">
        {hidden.map((units, layer) => (
          <NumberInput
            key={layer}
            label={`Units in layer ${layer + 1}`}
            about={{ ...about, kind: 'whole' }}
            value={units}
            onValue={(value) => set(hidden.map((old, at) => (at === layer ? value : old)))}
          />
        ))}
        <button
          type="button"
          aria-label="Remove the last layer"
          title="Remove the last layer"
          disabled={hidden.length <= 1}
          onClick={() => set(hidden.slice(0, -1))}
        >
          −
        </button>
        <button
          type="button"
          aria-label="Add a layer"
          title="Add a layer"
          disabled={hidden.length >= (about.longest ?? 4)}
          onClick={() => set([...hidden, Math.max(1, Math.ceil((hidden.at(-1) ?? 64) / 2))])}
        >
          +
        </button>
      </div>
    </div>
  );
}

/** Each loss is a mean over so many batches. */
const BATCHES = 10;

const lossRows = () => [
  ['batches', 'mean training loss'],
  ...losses.peek().map((loss, at) => [`${BATCHES * (at + 1)}`, `${loss}`]),
];

/** Only the line itself is drawn again while losses stream in. */
function Losses() {
  const path = useComputed(() => sparkline(losses.value, 200, 34));
  const last = useComputed(() => losses.value.at(-1));
  return path.value ? <LossLine path={path.value} last={last.value} /> : null;
}

function LossLine({ path, last }: { path: string; last: number | undefined }) {
  const svg = useRef<SVGSVGElement>(null);
  useOffer({ svg, rows: lossRows, title: 'Training loss', file: 'secateurs-loss' });
  const text = last === undefined ? '' : `Training loss, now ${short(last)}`;
  return (
    <Explained of={['loss']} className="spark-of" label={text}>
      <svg
        ref={svg}
        class="spark"
        viewBox="0 -2 200 38"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path d={path} vector-effect="non-scaling-stroke" />
      </svg>
    </Explained>
  );
}

/** How long the newest training took. */
function Pace() {
  const taken = pace.value;
  if (!taken) return null;
  return (
    <p class="pair" data-testid="clock">
      <Explained of={['taken']} className="muted">
        in {seconds(taken.seconds)}
      </Explained>
      {taken.rate > 0 && <Explained of={['pace']}>{count(taken.rate)} images/s</Explained>}
    </p>
  );
}

/** What an epoch more is trained on. */
function More() {
  const train = useComputed(() => controls.value.train).value;
  const { against, eps } = attacked(train);
  const method = optionLabel('train', 'against', against).replace(/,.*/, '');
  return (
    <>
      <button
        type="button"
        class="button plain"
        title="Goes on training this network on clean images; what is cut stays cut."
        onClick={() => trainMore(1)}
      >
        +1 epoch
      </button>
      <button
        type="button"
        class="button plain"
        data-testid="harden-button"
        title={`Trains this network on, on images attacked by ${method} at ε ${eps}, from the weights it has (a warm start) with a fresh optimiser; what is cut stays cut.`}
        onClick={() => trainMore(1, 'attacked')}
      >
        +1 epoch against {method}
      </button>
    </>
  );
}

function Buttons() {
  const idle = useComputed(() => training.value.phase === 'idle').value;
  const has = useComputed(() => network.value !== null).value;
  const blocked = halted.value;
  // Without a network there is nothing to look at, so the first training is never locked.
  const fixed = useMay('train').locked && has;
  return (
    <div class="buttons">
      <button
        type="button"
        // The empty network has the same button, larger, beside it where there is room.
        class={`button ${!has && narrow.value ? 'main' : ''}`}
        data-testid="train-button"
        disabled={blocked || !idle || fixed}
        onClick={train}
      >
        {has ? 'Train again' : 'Train a network'}
      </button>
      {has && idle && !fixed && <More />}
    </div>
  );
}

/** The attack that is trained against, as far as it is set. */
function Against() {
  const means = useComputed(() => {
    const known = meaningful('train', controls.value.train);
    return { eps: known('eps'), steps: known('steps') };
  }).value;
  return (
    <>
      <Field group="train" name="against" />
      {means.eps && (
        <div class={means.steps ? 'two' : ''}>
          <Field group="train" name="eps" but={{ label: means.steps ? 'at ε' : 'Attacked at ε' }} />
          {means.steps && <Field group="train" name="steps" but={{ label: 'Steps' }} />}
        </div>
      )}
    </>
  );
}

export function Train() {
  const waiting = useComputed(readiness).value;
  const busy = useComputed(() => training.value.phase !== 'idle').value;
  const working = useWork('train');
  const has = useComputed(() => network.value !== null).value;
  const means = useComputed(() => {
    const known = meaningful('train', controls.value.train);
    return { momentum: known('momentum'), ramp: known('ramp'), beta: known('beta') };
  }).value;
  const old = busy ? null : belongsToOldSetting.value;
  return (
    <Panel
      name="train"
      number={1}
      title="Train"
      more={
        <>
          <Field group="network" name="init" />
          <Field group="train" name="images" />
          <Field group="train" name="optimiser" />
          <Field group="train" name="rate" />
          {means.momentum && <Field group="train" name="momentum" />}
          <Field group="train" name="decay" />
          <Field group="train" name="batch" />
          {means.ramp && <Field group="train" name="ramp" />}
          {means.beta && <Field group="train" name="beta" />}
        </>
      }
      foot={
        <div class="train-foot">
          <div class="course">
            {waiting && !busy && !has && <p class="small muted status-line">{waiting}</p>}
            <Losses />
            {working ? <TimeLeft /> : <Pace />}
          </div>
          <Watch />
          {working ? (
            <>
              <Progress />
              <WorkButtons />
            </>
          ) : (
            <Buttons />
          )}
          {old && <p class="note">{old}</p>}
        </div>
      }
    >
      <Single name="network.hidden">
        <HiddenUnits />
      </Single>
      <div class="two">
        <Field group="train" name="epochs" />
        <Field group="network" name="seed" />
      </div>
      <Against />
    </Panel>
  );
}
