/** Image + perturbation = adversarial image, and what the network reads. */
import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useCallback, useMemo } from 'preact/hooks';
import { isEmpty } from '../drawing/normalise';
import { methodOf, normOf, size } from '../engine/attacks';
import { count, percent } from '../plots/measured';
import { difference, largestChange, magnification } from '../plots/perturbation';
import { paintInk, paintSigned } from '../plots/weightMap';
import { drawn, image, imageIndex, picture, rawDigits, slow, subject } from '../state';
import { Explained } from './parts/explained';
import { ink } from './parts/ink';
import { PixelMask } from './parts/PixelMask';
import { Pixels } from './parts/Pixels';
import { useMay } from './parts/Place';
import { brushing } from './parts/pixelState';
import { type Reading, shown } from './parts/shown';

type Extras = typeof import('./network');

/** What the image is of, where that is known. */
function title(): string {
  if (subject.value === 'drawing') return 'yours';
  const label = image.value?.label ?? rawDigits.value[imageIndex.value]?.label;
  return label === undefined ? '' : `a ${label}`;
}

/** The image, with the brush over it where that is out. */
function Original({ extras = null }: { extras?: Extras | null }) {
  const attacked = shown.value;
  const own = subject.value === 'drawing';
  // A drawing is shown as it is now; the attack may still be at the one before.
  const bytes = own ? drawn.value : rawDigits.value[imageIndex.value]?.pixels;
  const colours = ink.value;
  const paint = useCallback(
    (out: Uint32Array) => {
      if (attacked && !own) paintInk(attacked.image, 1, colours.digits, out);
      else paintInk(bytes ?? [], 255, colours.digits, out);
    },
    [attacked, own, bytes, colours],
  );
  const said = own
    ? isEmpty(drawn.value)
      ? 'Your drawing, still empty'
      : picture.value
        ? 'Your picture, as the network gets it'
        : 'Your drawing, as the network gets it'
    : attacked || bytes
      ? `Test image ${imageIndex.value}, ${title()}`
      : 'No test image yet';
  return (
    <Masked>
      <Pixels paint={paint} label={said} />
      {extras && brushing.value && <extras.PixelBrush />}
    </Masked>
  );
}

/** A picture of the input, hatched where pixels are cut. */
function Masked({ children }: { children: ComponentChildren }) {
  return (
    <span class="masked">
      {children}
      <PixelMask />
    </span>
  );
}

/** Gets the brush out, and puts it away. */
function Brush({ extras }: { extras: Extras }) {
  const out = brushing.value;
  return (
    <>
      {out && <extras.BrushTools />}
      <button
        type="button"
        class="link brush-button"
        aria-pressed={out}
        data-testid="brush-button"
        onClick={() => {
          brushing.value = !out;
        }}
      >
        {out ? 'done' : 'cut pixels'}
      </button>
    </>
  );
}

function Perturbation() {
  const attacked = shown.value;
  const colours = ink.value;
  const change = useMemo(
    () => attacked && difference(attacked.adversarial, attacked.image),
    [attacked],
  );
  const times = change ? magnification(largestChange(change)) : 1;
  const paint = useCallback(
    (out: Uint32Array) => paintSigned(change ?? [], 1 / times, colours.signed, out, 0, out.length),
    [change, times, colours],
  );
  if (!attacked || !change) {
    return (
      <div class="term">
        <span class="ghost-picture" />
        <p class="muted">a small change to every pixel</p>
      </div>
    );
  }
  const attack = attacked.by;
  const norm = `${normOf(attack.norm).label} ${size(attacked.norm)}`;
  const beyond = methodOf(attack.method).minimal && attacked.norm > attack.eps * (1 + 1e-4);
  return (
    <div class={`term ${slow.value.image ? 'stale' : ''}`}>
      <Masked>
        <Pixels
          paint={paint}
          label={`Perturbation, shown ${times} times as strong; norm ${norm}`}
        />
      </Masked>
      <p class="muted">
        δ, shown ×{count(times)}
        <br />
        <Explained of={['delta']} className="nowrap" label={`Size of the perturbation, ${norm}`}>
          {norm}
        </Explained>
        {beyond && <span class="nowrap"> &gt; ε</span>}
      </p>
    </div>
  );
}

function Read({
  which,
  reading,
  label,
}: {
  which: 'clean' | 'attacked';
  reading: Reading;
  label: number;
}) {
  return (
    <p class={`reading ${reading.digit === label ? '' : 'wrong'}`}>
      <span class="nowrap">
        read as <b>{reading.digit}</b>
      </span>{' '}
      <Explained of={['reading', which]} className="nowrap muted">
        {percent(reading.probabilities[reading.digit] ?? 0)} %
      </Explained>
    </p>
  );
}

/** How far along, or how much work the outcome was. */
function effort(step: number | null): string {
  if (slow.value.image) return 'attacking';
  if (step !== null) return step === 0 ? 'at the start' : `after step ${count(step)}`;
  const { iterations = 0, by } = image.value ?? {};
  if (!by || iterations === 0) return '';
  // The square attack's steps are queries.
  const word = methodOf(by.method).stepsLabel.toLowerCase();
  return iterations === 1 ? '1 step' : `${count(iterations)} ${word}`;
}

function Adversarial() {
  const attacked = shown.value;
  const colours = ink.value;
  const paint = useCallback(
    (out: Uint32Array) => paintInk(attacked?.adversarial ?? [], 1, colours.digits, out),
    [attacked, colours],
  );
  if (!attacked) {
    return (
      <div class="term">
        <span class="ghost-picture" />
        <p class="muted">{slow.value.image ? 'attacking' : 'and it may be read wrong'}</p>
      </div>
    );
  }
  const { attacked: reading, label, step } = attacked;
  const said = effort(step);
  return (
    <div
      class={`term ${slow.value.image ? 'stale' : ''}`}
      data-testid="adversarial"
      data-read={reading.digit}
      data-step={step ?? ''}
    >
      <Masked>
        <Pixels paint={paint} label={`Adversarial image, read as ${reading.digit}`} />
      </Masked>
      <Read which="attacked" reading={reading} label={label} />
      {said && (
        <p class="muted effort">
          <Explained of={['effort']}>{said}</Explained>
        </p>
      )}
    </div>
  );
}

export function Equation({ extras: offered = null }: { extras?: Extras | null }) {
  const fixed = useMay('network').locked;
  // Under a link that locks cutting by hand no brush is offered.
  const extras = fixed ? null : offered;
  const attacked = shown.value;
  const named = useComputed(title).value;
  const empty = useComputed(() => subject.value === 'drawing' && isEmpty(drawn.value)).value;
  return (
    <section class="equation" aria-labelledby="equation-title">
      <h3 id="equation-title">image{named && <span class="muted"> · {named}</span>}</h3>
      <div class="term">
        <Original extras={extras} />
        {attacked ? (
          <Read which="clean" reading={attacked.clean} label={attacked.label} />
        ) : (
          <p class="muted">{empty && 'nothing drawn yet'}</p>
        )}
        {extras && <Brush extras={extras} />}
      </div>
      <span class="operator" aria-hidden="true">
        +
      </span>
      <Perturbation />
      <span class="operator" aria-hidden="true">
        =
      </span>
      <Adversarial />
    </section>
  );
}
