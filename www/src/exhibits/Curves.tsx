/** The two curves of accuracy: against the share that is cut, and against the attack's size. */
import { showCurve } from '../actions';
import { COVERED, covered } from '../lessonState';
import { curveShown } from '../state';
import { Switch } from './parts/Switch';
import { soon } from './parts/soon';

/** As high as a curve, so that nothing moves when it comes. */
const Place = () => (
  <>
    <div class="curve-box" />
    <div class="foot" />
  </>
);

const Curve = soon((all) => all.Curve, Place);
const Security = soon((all) => all.Security, Place);

const CURVES = [
  { value: 'amount', label: 'If more is cut' },
  { value: 'size', label: 'If the attack grows' },
] as const;

function Covered() {
  return (
    <div class="curve-box">
      <p class="curve-empty muted small">{COVERED}</p>
    </div>
  );
}

export function Curves() {
  const shown = curveShown.value;
  return (
    <section class="curve" aria-labelledby="curve-title">
      <div class="head">
        <h2 id="curve-title" class="heard">
          Curve of accuracy
        </h2>
        <Switch
          legend="Curve shown"
          name="curve"
          options={CURVES}
          value={shown}
          onValue={showCurve}
        />
      </div>
      {covered.value.has(shown) ? <Covered /> : shown === 'amount' ? <Curve /> : <Security />}
    </section>
  );
}
