/** How far the attack moves every unit, most distorted first; brushing chooses what to cut. */
import { useSignal } from '@preact/signals';
import { covered } from '../lessonState';
import { count, short } from '../plots/measured';
import { controls, distortion } from '../state';
import { Explained } from './parts/explained';
import { useMay } from './parts/Place';
import { optionLabel } from './parts/properties';
import { Switch } from './parts/Switch';
import { soon } from './parts/soon';

type Scale = 'units' | 'relative';

/** The shape that is to be expected, so faint that nobody takes it for a measurement. */
const GHOST = `M0 100${Array.from({ length: 40 }, (_, at) => `V${4 + 90 * (at / 40) ** 0.7}h1.9V100h.6`).join('')}z`;

/** Bars to come, as many as the controls say. */
function Ghost() {
  return (
    <div class="bars-row ghost" aria-hidden="true">
      {controls.value.network.hidden.map((units, layer) => (
        <div key={layer} class="bars-layer" style={{ flexGrow: units }}>
          <div class="bars-box">
            <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
              <path d={GHOST} />
            </svg>
          </div>
          <p class="small muted caption">
            layer {layer + 1}, {count(units)} units
          </p>
        </div>
      ))}
    </div>
  );
}

const Bars = soon((all) => all.Bars, Ghost);

function ScaleSwitch({ scale, set }: { scale: Scale; set: (scale: Scale) => void }) {
  const options: { value: Scale; label: string; title: string }[] = [
    { value: 'units', label: 'absolute', title: 'The mean change of each unit’s output' },
    { value: 'relative', label: 'relative', title: 'Divided by the standard deviation of z' },
  ];
  return (
    <Switch
      legend="Distortion shown"
      name="distortion-scale"
      options={options}
      value={scale}
      onValue={set}
    />
  );
}

export function Distortion() {
  const scale = useSignal<Scale>('units');
  const measured = covered.value.has('distortion') ? null : distortion.value;
  const own = useMay('distortion').locked;
  const { hidden: handHidden, locked: handLocked } = useMay('network');
  // The brush cuts by hand.
  const fixed = own || handHidden || handLocked;
  const { method, eps, steps } = controls.value.distortion;
  const attack = optionLabel('distortion', 'method', method);
  const how = `${attack}${method === 'pgd' ? `-${steps}` : ''}, ε ${eps}`;
  return (
    <section class="distortion" aria-labelledby="distortion-title">
      <div class="head">
        <h2 id="distortion-title">Distortion of every unit</h2>
        <p class="muted">
          {measured ? (
            <>
              {scale.value === 'units' ? 'mean |z − z̃|' : 'mean |z − z̃| / std of z'} over{' '}
              {count(measured.images)} training images ({how})
              {scale.value === 'units' && (
                <span class="network-figure">
                  {' '}
                  · <Explained of={['network']}>network {short(measured.network)}</Explained>
                </span>
              )}
            </>
          ) : (
            'how far an attack moves each neuron’s output, once there is a network to attack'
          )}
        </p>
        {measured && (
          <ScaleSwitch
            scale={scale.value}
            set={(next) => {
              scale.value = next;
            }}
          />
        )}
      </div>
      {measured ? <Bars layers={measured.layers} scale={scale.value} fixed={fixed} /> : <Ghost />}
    </section>
  );
}
