/** Four figures: what the network gets right, and what of it survives an honest attacker. */
import { useComputed } from '@preact/signals';
import { count, halfWidth, type Measured, percent, share } from '../plots/measured';
import { controls, type Figure, figures, network, preview, recipe } from '../state';
import { Curve } from './Curve';
import { Hint } from './parts/Hint';
import { optionLabel } from './parts/properties';
import { verdict } from './parts/verdict';

type Key = 'clean' | 'transfer' | 'adaptive';

const NAMES: Record<Key, string> = {
  clean: 'Clean',
  transfer: 'Old adversarial',
  adaptive: 'Re-attacked',
};

/** What stands there before anything is measured. */
const PROMISES: Record<Key, string> = {
  clean: 'on test images as they are',
  transfer: 'on images crafted before the cut',
  adaptive: 'crafted anew: the honest figure',
};

/** The attack of the figures, in words. */
function attackWords(): string {
  const { attack, measure } = recipe.value;
  const name = optionLabel('attack', 'method', attack.method);
  const steps = attack.method === 'pgd' ? `, ${attack.steps} steps, ` : ', ';
  const start = attack.method === 'pgd' && attack.start === 'random' ? 'random start, ' : '';
  const target = attack.target >= 0 ? `, aimed at ${attack.target}` : '';
  return `${name}${steps}${start}L∞ ε ${measure.eps}${target}`;
}

function explain(key: Key, measured: Measured & { of?: number }): string {
  const interval = `95 % Wilson interval ${percent(measured.low)} to\u00a0${percent(measured.high)}\u00a0%.`;
  const images = `${count(measured.correct)} of ${count(measured.total)} test images read right`;
  if (key === 'clean') return `${images}, unchanged. ${interval}`;
  const attack = `attacked by ${attackWords()}`;
  if (key === 'transfer') {
    return `${images}, ${attack}, crafted once against the network before its first cut. Such old images flatter every cut. ${interval}`;
  }
  const left =
    measured.of && measured.total < measured.of ? ` of ${count(measured.of)} to come` : '';
  return `${images}${left}, ${attack}, crafted anew against the network as it is now. ${interval}`;
}

/** The line below a figure. */
function beneath(
  key: Key,
  figure: Figure,
  previewed: boolean,
  was: string | null,
  cut: boolean,
): string {
  const before = was === null ? '' : ` · was ${was}`;
  const images = count(figure.total);
  if (key === 'adaptive') {
    if (previewed) return `preview, ${images}${figure.done ? ' images' : ' so far'}${before}`;
    return figure.done
      ? `crafted anew on ${images}${before}`
      : `crafting anew, ${images} so far${before}`;
  }
  if (previewed) return `preview${before || `, ${images} test images`}`;
  if (key === 'clean') return `${images} test images${before}`;
  if (!cut) return `crafted against this network, ${images} images`;
  return figure.done
    ? `crafted before the cut${before}`
    : `crafting against the uncut network, ${images} so far`;
}

function Row({ name }: { name: Key }) {
  const own = useComputed(() => figures.value[name]).value;
  const before = useComputed(() => figures.value.before[name]).value;
  const cut = useComputed(() => (network.value?.sparsity ?? 0) > 0 || preview.value !== null).value;
  // The re-attacked figure follows the preview by itself, once the slider rests.
  const previewed = useComputed(() => {
    const scores = name === 'adaptive' ? undefined : preview.value?.[name];
    return scores ? { ...scores, of: scores.total, done: true } : null;
  }).value;
  const held = useComputed(() => preview.value !== null).value;
  const figure = held && name !== 'adaptive' ? previewed : own;
  const usable = figure && figure.total > 0 ? figure : null;
  const value = usable ? percent(share(usable)) : null;
  const was = cut && before !== undefined ? percent(before) : null;
  const has = useComputed(() => network.value !== null).value;
  const done = usable?.done === true && !held;
  const line = usable
    ? beneath(name, usable, held, was, cut)
    : held && name === 'adaptive'
      ? `starts anew when the slider rests${was === null ? '' : ` · was ${was}`}`
      : has
        ? 'being measured'
        : PROMISES[name];
  return (
    <Hint
      className={`figure ${name} ${held ? 'previewed' : ''} ${usable ? '' : 'empty'}`}
      text={usable ? explain(name, usable) : 'Not measured yet.'}
      label={`${NAMES[name]} accuracy ${value === null ? 'not measured yet' : `${value} per cent`}`}
      data-testid={`figure-${name}`}
      data-value={value ?? ''}
      data-correct={usable?.correct ?? ''}
      data-total={usable?.total ?? ''}
      data-done={done ? 'true' : 'false'}
    >
      <span class="swatch" aria-hidden="true" />
      <span class="name">{NAMES[name]}</span>
      <span class="value">
        {value ?? '–'}
        {usable && <span class="interval"> ± {halfWidth(usable).toFixed(1)}</span>}
      </span>
      <span class="line small">{line}</span>
      {usable && !usable.done && (
        <span class="meter" aria-hidden="true">
          <span style={{ width: `${(100 * usable.total) / Math.max(1, usable.of)}%` }} />
        </span>
      )}
    </Hint>
  );
}

function Certified() {
  return (
    <Hint
      className="figure certified empty"
      text="The share of test images proven to be read right everywhere within ε. This version of the page does not measure it yet."
      label="Certified accuracy, not yet measured"
    >
      <span class="swatch" aria-hidden="true" />
      <span class="name">Certified</span>
      <span class="value">–</span>
      <span class="line small">not yet measured</span>
    </Hint>
  );
}

function Verdict() {
  const said = useComputed(() => {
    if (preview.value) return null;
    const { clean, transfer, adaptive, before } = figures.value;
    return verdict({
      clean,
      transfer,
      adaptive,
      before,
      cut: (network.value?.sparsity ?? 0) > 0,
      eps: controls.value.measure.eps,
      aimed: controls.value.attack.method !== 'noise',
    });
  }).value;
  return (
    <p class="verdict" aria-live="polite">
      {said}
    </p>
  );
}

export function Outcome() {
  const eps = useComputed(() => controls.value.measure.eps).value;
  const has = useComputed(() => network.value !== null).value;
  return (
    <>
      <section class="figures" aria-labelledby="outcome-title">
        <h2 id="outcome-title">
          Test accuracy, % {has && <span class="muted">· attacked at ε {eps}</span>}
        </h2>
        <Row name="clean" />
        <Row name="transfer" />
        <Row name="adaptive" />
        <Certified />
      </section>
      <Curve />
      <Verdict />
    </>
  );
}
