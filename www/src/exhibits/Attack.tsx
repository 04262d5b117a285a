/** 2 Attack: how the images are changed, and at what size the accuracies are measured. */
import { useComputed } from '@preact/signals';
import { useId } from 'preact/hooks';
import { setControl } from '../actions';
import { controls } from '../state';
import { Field, Row, Select, Slider } from './parts/Field';
import { Panel } from './parts/Panel';
import { property } from './parts/properties';

const DIGITS = [
  { value: '-1', label: 'any wrong digit' },
  ...Array.from({ length: 10 }, (_, digit) => ({ value: `${digit}`, label: `read as ${digit}` })),
];

/** −1 stands for “any wrong digit”, which is better said than typed. */
function Target() {
  const about = property('attack', 'target');
  const target = useComputed(() => controls.value.attack.target).value;
  const id = useId();
  return (
    <Row label={about.label} id={id} help={about.help}>
      <Select
        id={id}
        value={`${target}`}
        options={DIGITS}
        onValue={(value) => setControl('attack', 'target', Number(value))}
      />
    </Row>
  );
}

export function Attack() {
  const method = useComputed(() => controls.value.attack.method).value;
  return (
    <Panel
      number={2}
      title="Attack"
      more={
        <>
          {method === 'pgd' && <Field group="attack" name="step" />}
          {method === 'pgd' && <Field group="attack" name="start" />}
          {method !== 'noise' && <Target />}
          <h3 class="sub">Figures and curve are measured at</h3>
          <Slider group="measure" name="eps" testid="measure-eps-slider" />
          <Field group="measure" name="images" />
          <h3 class="sub">Distortion is measured with</h3>
          <Field group="distortion" name="method" />
          <Field group="distortion" name="eps" />
          <Field group="distortion" name="steps" />
          <Field group="distortion" name="images" />
        </>
      }
    >
      <Field group="attack" name="method" />
      {method === 'pgd' && <Field group="attack" name="steps" />}
      <Slider group="attack" name="eps" testid="eps-slider" />
    </Panel>
  );
}
