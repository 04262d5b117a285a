/** Four figures: what the network gets right, and what of it survives an honest attacker. */
import { useComputed } from '@preact/signals';
import { normLabel } from '../engine/sizes';
import { COVERED, covered } from '../lessonState';
import { count, halfWidth, percent, share, short } from '../plots/measured';
import { controls, type Figure, figures, medianNorm, network, preview, recipe } from '../state';
import { Curves } from './Curves';
import { asFigure, Explained, explains } from './parts/explained';
import { anew, type FigureName, figureShown } from './parts/figureShown';
import { Place, useMay } from './parts/Place';
import { soon } from './parts/soon';
import { verdict } from './parts/verdict';

/** As high as the line that will stand there. */
const Unchecked = () => <div class="checks unchecked" aria-hidden="true" />;

const Checks = soon((all) => all.Checks, Unchecked);

type Key = FigureName;

const NAMES: Record<Key, string> = {
  clean: 'Clean',
  transfer: 'Old adversarial',
  adaptive: 'Re-attacked',
  certified: 'Certified',
};

/** What stands there before anything is measured. */
const PROMISES: Record<Key, string> = {
  clean: 'on test images as they are',
  transfer: 'on images crafted before the cut',
  adaptive: 'crafted anew: the honest figure',
  certified: 'proven, whatever the attack',
};

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
  if (key === 'certified') {
    return figure.done
      ? `proven on ${images} images${before}`
      : `proving, ${images} so far${before}`;
  }
  if (key === 'adaptive') {
    if (previewed) return `preview, ${images}${figure.done ? ' images' : ' so far'}${before}`;
    return figure.done
      ? `crafted anew on ${images}${before}`
      : `crafting anew, ${images} so far${before}`;
  }
  if (previewed) return `preview${before || `, ${images} test images`}`;
  if (key === 'clean') return `${images} test images${before}`;
  if (!cut) return `crafted against this network, ${images}`;
  return figure.done
    ? `crafted before the cut${before}`
    : `crafting against the uncut network, ${images} so far`;
}

/** What a minimal attack has to tell besides. */
function MedianNorm() {
  const found = useComputed(() => (preview.value ? null : medianNorm.value)).value;
  const norm = useComputed(() => normLabel(recipe.value.attack.norm)).value;
  if (!found) return null;
  const { value, images } = found;
  return (
    <span class="line small" data-testid="median-norm">
      <Explained of={['median']}>
        {Number.isFinite(value)
          ? `median ${norm} norm that fools: ${short(value)}, of ${count(images)}`
          : `nothing fools most of ${count(images)}`}
      </Explained>
    </span>
  );
}

function Row({ name }: { name: Key }) {
  const usable = useComputed(() => figureShown(name)).value;
  const before = useComputed(() => figures.value.before[name]).value;
  const cut = useComputed(() => (network.value?.sparsity ?? 0) > 0 || preview.value !== null).value;
  const held = useComputed(() => preview.value !== null).value;
  const hidden = useComputed(() => covered.value.has(name)).value;
  const value = usable ? percent(share(usable)) : null;
  const was = cut && before !== undefined ? percent(before) : null;
  const has = useComputed(() => network.value !== null).value;
  const done = usable?.done === true && !held;
  const line = usable
    ? beneath(name, usable, held, was, cut)
    : hidden && has
      ? COVERED
      : held && anew(name)
        ? `starts anew when the slider rests${was === null ? '' : ` · was ${was}`}`
        : has
          ? 'being measured'
          : PROMISES[name];
  return (
    <div
      class={`figure ${name} ${held ? 'previewed' : ''} ${usable ? '' : 'empty'}`}
      {...asFigure(
        `${NAMES[name]} accuracy ${value === null ? 'not measured yet' : `${value} per cent`}`,
      )}
      {...explains('accuracy', name)}
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
      {name === 'adaptive' && usable && <MedianNorm />}
      {usable && !usable.done && (
        <span class="meter" aria-hidden="true">
          <span style={{ width: `${(100 * usable.total) / Math.max(1, usable.of)}%` }} />
        </span>
      )}
    </div>
  );
}

/** Proofs are known for L∞ alone. */
function Certified() {
  const linf = useComputed(() => controls.value.attack.norm === 'linf').value;
  if (linf) return <Row name="certified" />;
  return (
    <div
      class="figure certified empty"
      {...asFigure('Certified accuracy, not defined for this norm')}
      {...explains('accuracy', 'certified')}
      data-testid="figure-certified"
      data-value=""
    >
      <span class="swatch" aria-hidden="true" />
      <span class="name">Certified</span>
      <span class="value">–</span>
      <span class="line small">certificates exist for L∞ only</span>
    </div>
  );
}

/** Attacks that look at nothing. */
const BLIND: readonly string[] = ['noise', 'uniform', 'gaussian'];

function sizeWords(): string {
  const { attack, measure } = controls.value;
  return attack.norm === 'linf'
    ? `at most ε ${measure.eps} a pixel`
    : `${normLabel(attack.norm)} size ${measure.eps} in all`;
}

function Verdict() {
  const off = useMay('outcome').hidden;
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
      size: sizeWords(),
      aimed: !BLIND.includes(controls.value.attack.method),
    });
  }).value;
  if (off) return null;
  return (
    <p class="verdict" aria-live="polite">
      {said}
    </p>
  );
}

export function Figures() {
  const eps = useComputed(() => controls.value.measure.eps).value;
  const norm = useComputed(() => controls.value.attack.norm).value;
  const has = useComputed(() => network.value !== null).value;
  const checked = useComputed(() => network.value !== null && preview.value === null).value;
  return (
    <section class="figures" aria-labelledby="outcome-title">
      <h2 id="outcome-title">
        Test accuracy, %{' '}
        {has && (
          <span class="muted">
            · attacked at {norm === 'linf' ? '' : `${normLabel(norm)} `}ε {eps}
          </span>
        )}
      </h2>
      <Row name="clean" />
      <Row name="transfer" />
      <Row name="adaptive" />
      {checked ? <Checks /> : <Unchecked />}
      <Certified />
    </section>
  );
}

export function Outcome() {
  return (
    <>
      <Place name="outcome">
        <Figures />
      </Place>
      <Place name="curve">
        <Curves />
      </Place>
      <Verdict />
    </>
  );
}
