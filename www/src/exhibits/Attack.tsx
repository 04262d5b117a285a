/** 2 Attack: how the images are changed, and at what size the accuracies are measured. */
import { useComputed } from '@preact/signals';
import { useId } from 'preact/hooks';
import { chooseMethod, chooseNorm, setControl } from '../actions';
import { METHODS, methodGroups, methodOf, normOf } from '../engine/attacks';
import type { AttackMethod } from '../engine/types';
import { controls } from '../state';
import { Field, Row, Select, Slider } from './parts/Field';
import { Panel } from './parts/Panel';
import { Single } from './parts/Place';
import { property } from './parts/properties';
import { Switch } from './parts/Switch';

const GROUPS = methodGroups(METHODS).map(({ group, methods }) => ({
  label: group,
  options: methods,
}));

const article = (digit: number) => (digit === 8 ? 'an' : 'a');
const GOALS = [
  { value: '-1', label: 'misread, as anything' },
  ...Array.from({ length: 10 }, (_, digit) => ({
    value: `${digit}`,
    label: `make it ${article(digit)} ${digit}`,
  })),
];

/** Which attack, what it does and whose it is. */
function MethodChooser() {
  const id = useId();
  const method = useComputed(() => controls.value.attack.method).value;
  const { about, cites } = methodOf(method);
  return (
    <>
      <Row label={property('attack', 'method').label} id={id}>
        <Select
          id={id}
          value={method}
          groups={GROUPS}
          describedBy={`${id}-about`}
          onValue={(value) => chooseMethod(value as AttackMethod)}
        />
      </Row>
      <p class="about-method small muted" id={`${id}-about`} data-testid="about-method">
        {about} {cites && <cite>{cites}</cite>}
      </p>
    </>
  );
}

/** How a perturbation's size is measured, where the method leaves a choice. */
function NormChooser() {
  const { method, norm } = useComputed(() => {
    const { method, norm } = controls.value.attack;
    return { method, norm };
  }).value;
  const norms = methodOf(method).norms.map(normOf);
  const { label } = property('attack', 'norm');
  return (
    <div class="norm" title={normOf(norm).help}>
      {norms.length > 1 ? (
        <Switch
          legend={label}
          name="norm"
          options={norms.map(({ value, label, help }) => ({ value, label, title: help }))}
          value={norm}
          onValue={chooseNorm}
        />
      ) : (
        <span>
          <span class="muted">{label}</span> {norms[0]?.label}
        </span>
      )}
    </div>
  );
}

/** −1 stands for any wrong digit, which is better said than typed. */
function Goal() {
  const id = useId();
  const target = useComputed(() => controls.value.attack.target).value;
  return (
    <Row label="Goal" id={id} help="Any wrong digit will do, or it has to be this one.">
      <Select
        id={id}
        value={`${target}`}
        options={GOALS}
        onValue={(value) => setControl('attack', 'target', Number(value))}
      />
    </Row>
  );
}

/** The size of the ball, in the attack's own norm. */
function Size({ group, testid }: { group: 'attack' | 'measure'; testid: string }) {
  const norm = useComputed(() => controls.value.attack.norm).value;
  const { label, help, max, shown, step, marks } = normOf(norm);
  return (
    <Slider
      group={group}
      name="eps"
      testid={testid}
      but={{ label: `Size ε, ${label}`, help, max, shown, step, marks: [...marks] }}
    />
  );
}

export function Attack() {
  const method = useComputed(() => controls.value.attack.method).value;
  const norm = useComputed(() => controls.value.attack.norm).value;
  const { uses, targets, stepsLabel, mostSteps } = methodOf(method);
  const { max } = normOf(norm);
  return (
    <Panel
      name="attack"
      number={2}
      title="Attack"
      more={
        <>
          {uses.includes('step') && <Field group="attack" name="step" but={{ max }} />}
          {uses.includes('start') && <Field group="attack" name="start" />}
          {uses.includes('restarts') && <Field group="attack" name="restarts" />}
          <h3 class="sub">Figures and curve are measured at</h3>
          <Size group="measure" testid="measure-eps-slider" />
          <Field group="measure" name="images" />
          <h3 class="sub">Distortion is measured with</h3>
          <Field group="distortion" name="method" />
          <Field group="distortion" name="eps" />
          <Field group="distortion" name="steps" />
          <Field group="distortion" name="images" />
        </>
      }
    >
      <Single name="attack.method">
        <MethodChooser />
      </Single>
      <div class="norm-steps">
        <Single name="attack.norm">
          <NormChooser />
        </Single>
        {uses.includes('steps') && (
          <Field group="attack" name="steps" but={{ label: stepsLabel, max: mostSteps }} />
        )}
      </div>
      {targets && (
        <Single name="attack.target">
          <Goal />
        </Single>
      )}
      <Size group="attack" testid="eps-slider" />
    </Panel>
  );
}
