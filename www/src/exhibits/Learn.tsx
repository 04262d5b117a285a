/** A mask that is learned: scores follow the loss, and what scores lowest is cut. */
import { useComputed } from '@preact/signals';
import { learn } from '../cutActions';
import { meaningful, meant } from '../engine/meaning';
import { controls, network, training } from '../state';
import { AfterCut } from './parts/AfterCut';
import { Field, Slider } from './parts/Field';
import { learnDone } from './parts/plan';
import { learnWords } from './parts/pruneWords';
import { useWork } from './parts/Work';

const MARKS = [
  { value: 0, label: '0' },
  { value: 50, label: '50 %' },
  { value: 80, label: '80 %' },
];

function Buttons() {
  const has = useComputed(() => network.value !== null && training.value.phase === 'idle').value;
  const done = learnDone.value;
  return (
    <div class="buttons">
      <button
        type="button"
        class={`button ${has && !done ? 'main' : ''}`}
        data-testid="learn-button"
        disabled={!has || done}
        onClick={learn}
      >
        {done ? 'Cut' : 'Learn the mask'}
      </button>
      {has && <AfterCut />}
    </div>
  );
}

export function LearnMore() {
  const has = useComputed(() => {
    const known = meaningful('learn', controls.value.learn);
    return {
      mask: known('mask'),
      eps: known('eps'),
      steps: known('steps'),
      suppress: known('suppress'),
    };
  }).value;
  return (
    <>
      {has.mask && <Field group="learn" name="mask" />}
      <Field group="learn" name="scope" />
      {has.eps && <Field group="learn" name="eps" />}
      {has.steps && <Field group="learn" name="steps" />}
      {has.suppress && <Field group="learn" name="suppress" />}
      <Field group="learn" name="joint" />
      <Field group="learn" name="epochs" />
      <Field group="learn" name="images" />
      <Field group="learn" name="rate" />
      <Field group="learn" name="batch" />
    </>
  );
}

export function Learn() {
  const has = useComputed(() => network.value !== null).value;
  const working = useWork('prune');
  const { about, cites } = useComputed(() =>
    learnWords(meant('learn', controls.value.learn)),
  ).value;
  return (
    <>
      <Field group="learn" name="what" />
      <Field group="learn" name="on" />
      <p class="about-method small muted">
        {about} <cite>{cites}</cite>
      </p>
      <Slider
        group="learn"
        name="amount"
        testid="learn-amount-slider"
        disabled={!has}
        marks={MARKS}
      />
      {!working && <Buttons />}
    </>
  );
}
