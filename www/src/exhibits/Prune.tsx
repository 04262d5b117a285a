/** 3 Prune: what goes, in which order, how much; live while the slider is held. */
import { effect, signal, useComputed } from '@preact/signals';
import { useId } from 'preact/hooks';
import { chooseCriterion, chooseWhat } from '../actions';
import { endPreview, previewPrune, prune } from '../cutActions';
import { criteriaFor, criterionOf, MOST_SEARCHED } from '../engine/criteria';
import { canPreview, isLong, meaningful } from '../engine/meaning';
import type { PruneSettings } from '../engine/types';
import { count } from '../plots/measured';
import { controls, network, preview, recipe, training } from '../state';
import { AfterCut } from './parts/AfterCut';
import { Explained } from './parts/explained';
import { Field, Row, Select, Slider } from './parts/Field';
import { Layers } from './parts/Layers';
import { Panel } from './parts/Panel';
import { Single } from './parts/Place';
import { planDone, plannedUnits } from './parts/plan';
import { property } from './parts/properties';
import { pruneNotes } from './parts/pruneWords';
import { Switch } from './parts/Switch';
import { soon } from './parts/soon';
import { Progress, TimeLeft, useWork, WorkButtons } from './parts/Work';

const Learn = soon((all) => all.Learn);
const LearnMore = soon((all) => all.LearnMore);

const MARKS = [
  { value: 0, label: '0' },
  { value: 50, label: '50 %' },
  { value: 100, label: '100 %' },
];

const WAYS = [
  { value: 'criterion', label: 'by a criterion', title: 'Scored once, and the lowest cut' },
  { value: 'learned', label: 'learned', title: 'Scores that are trained on a loss' },
] as const;

/** Which way of cutting is looked at: that of the newest cut, until the visitor says otherwise. */
const way = signal<(typeof WAYS)[number]['value']>('criterion');
effect(() => {
  const top = recipe.value.steps.at(-1)?.step;
  if (top === 'learn') way.value = 'learned';
  else if (top === 'prune') way.value = 'criterion';
});

function Planned() {
  const planned = useComputed(() => {
    const { what, amount } = controls.value.prune;
    if (what === 'units') return `${count(preview.value?.unitsPruned ?? plannedUnits.value)} units`;
    if (what === 'pixels') return `${count(Math.floor((784 * amount) / 100 + 1e-9))} pixels`;
    return null;
  }).value;
  return planned === null ? null : (
    <span>
      {' '}
      · <Explained of={['planned']}>{planned}</Explained>
    </span>
  );
}

/** What the button does, in words. */
function doing({ what, amount, tune, schedule, rounds }: PruneSettings): string {
  if (tune > 0) return 'Cut and fine-tune';
  if (schedule !== 'once') return `Cut in ${count(rounds)} steps`;
  const units = plannedUnits.value;
  if (what === 'units') return `Cut ${count(units)} ${units === 1 ? 'unit' : 'units'}`;
  return `Cut ${amount} % of ${what}`;
}

function Buttons() {
  const has = useComputed(() => network.value !== null && training.value.phase === 'idle').value;
  const settings = useComputed(() => controls.value.prune).value;
  const done = planDone.value;
  const words = doing(settings);
  return (
    <div class="buttons">
      <button
        type="button"
        class={`button ${has && !done ? 'main' : ''}`}
        data-testid="prune-button"
        disabled={!has || done}
        onClick={prune}
      >
        {done ? 'Cut' : words}
      </button>
      {has && <AfterCut />}
    </div>
  );
}

/** What is cut; a criterion that cannot rank it gives way. */
function WhatChooser() {
  const id = useId();
  const what = useComputed(() => controls.value.prune.what).value;
  const { label, help, options } = property('prune', 'what');
  return (
    <Row label={label} id={id} help={help}>
      <Select
        id={id}
        value={what}
        options={options ?? []}
        onValue={(value) => chooseWhat(value as PruneSettings['what'])}
      />
    </Row>
  );
}

/** What decides which go first, what it does and whose it is. */
function CriterionChooser() {
  const id = useId();
  const { what, by } = useComputed(() => {
    const { what, by } = controls.value.prune;
    return { what, by };
  }).value;
  const { about, cites } = criterionOf(by);
  return (
    <>
      <Row label={property('prune', 'by').label} id={id}>
        <Select
          id={id}
          value={by}
          options={criteriaFor(what)}
          describedBy={`${id}-about`}
          onValue={(value) => chooseCriterion(value as PruneSettings['by'])}
        />
      </Row>
      <p class="about-method small muted" id={`${id}-about`} data-testid="about-criterion">
        {about} {cites && <cite>{cites}</cite>}
      </p>
    </>
  );
}

/** Which end of the criterion's order goes first, in the criterion's own words. */
function OrderField() {
  const { usual, reverse } = useComputed(() => criterionOf(controls.value.prune.by)).value;
  const options = [
    { value: 'usual', label: usual },
    { value: 'reverse', label: `${reverse} (control)` },
  ];
  return <Field group="prune" name="order" but={{ options }} />;
}

/** Whatever a criterion, a schedule and a fine-tuning can be told besides. */
function CriterionMore() {
  const { has, scored, searched, scheduled, tuned } = useComputed(() => {
    const { prune } = controls.value;
    const has = meaningful('prune', prune);
    return {
      has,
      scored: has('images'),
      searched: criterionOf(prune.by).needs === 'search',
      scheduled: prune.schedule !== 'once',
      tuned: prune.tune > 0,
    };
  }).value;
  const notes = useComputed(() => pruneNotes(controls.value.prune)).value;
  return (
    <>
      {has('scope') && <Field group="prune" name="scope" />}
      {has('layers') && (
        <Single name="prune.layers">
          <Layers />
        </Single>
      )}
      {has('order') && <OrderField />}
      {has('empty') && <Field group="prune" name="empty" />}
      {scored && (
        <>
          <h3 class="sub">What is scored</h3>
          <Field group="prune" name="images" but={searched ? { max: MOST_SEARCHED } : {}} />
          <Field group="prune" name="on" />
          <p class="small muted">{notes.images}</p>
          {has('method') && <Field group="prune" name="method" />}
        </>
      )}
      {has('eps') && <Field group="prune" name="eps" />}
      {has('steps') && <Field group="prune" name="steps" />}
      <h3 class="sub">In how many steps</h3>
      <Field group="prune" name="schedule" />
      {scheduled && <Field group="prune" name="rounds" />}
      <h3 class="sub">Trained afterwards</h3>
      <Field group="prune" name="tune" />
      {tuned && (
        <>
          {has('when') && <Field group="prune" name="when" />}
          <Field group="prune" name="tuning" />
        </>
      )}
      <Field group="prune" name="rewind" />
    </>
  );
}

function ByCriterion() {
  const { random, long, live } = useComputed(() => {
    const { prune } = controls.value;
    return { random: prune.by === 'random', long: isLong(prune), live: canPreview(prune) };
  }).value;
  const has = useComputed(() => network.value !== null).value;
  const notes = useComputed(() => pruneNotes(controls.value.prune)).value;
  return (
    <>
      <Single name="prune.what">
        <WhatChooser />
      </Single>
      <Single name="prune.by">
        <CriterionChooser />
      </Single>
      {random && <Field group="prune" name="draw" />}
      {/* Leaving the slider without letting go of it must not leave a preview behind. */}
      <div onPointerCancel={endPreview} onFocusOut={long ? endPreview : undefined}>
        <Slider
          group="prune"
          name="amount"
          testid="amount-slider"
          disabled={!has}
          marks={MARKS}
          beside={<Planned />}
          onDrag={live ? previewPrune : undefined}
          // What takes as long as a training is begun by its button alone.
          onRelease={long ? undefined : prune}
        />
      </div>
      {notes.preview && <p class="small muted">{notes.preview}</p>}
      {notes.leak && <p class="note">{notes.leak}</p>}
    </>
  );
}

export function Prune() {
  const has = useComputed(() => network.value !== null).value;
  const working = useWork('prune');
  const learned = way.value === 'learned';
  return (
    <Panel name="prune" number={3} title="Prune" more={learned ? <LearnMore /> : <CriterionMore />}>
      <Switch
        legend="How it is decided what is cut"
        name="way"
        options={WAYS}
        value={way.value}
        onValue={(value) => {
          endPreview();
          way.value = value;
        }}
      />
      {learned ? <Learn /> : <ByCriterion />}
      {working ? (
        <div data-testid="prune-work">
          <Progress />
          <TimeLeft />
          <WorkButtons />
        </div>
      ) : (
        !learned && <Buttons />
      )}
      <p class="small muted status-line">{!has && 'Train a network first.'}</p>
    </Panel>
  );
}
