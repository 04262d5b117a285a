/** Image + perturbation = adversarial image, and what the network reads. */
import { useComputed } from '@preact/signals';
import { useCallback } from 'preact/hooks';
import { percent } from '../plots/measured';
import { paintInk, paintSigned } from '../plots/weightMap';
import { controls, image, imageIndex, rawDigits } from '../state';
import { ink } from './parts/ink';
import { Pixels } from './parts/Pixels';

/** The digit with the largest probability. */
export function read(probabilities: readonly number[]): number {
  return probabilities.indexOf(Math.max(...probabilities));
}

function Original() {
  const attacked = image.value;
  const raw = rawDigits.value[imageIndex.value];
  const colours = ink.value;
  const paint = useCallback(
    (out: Uint32Array) => {
      if (attacked) paintInk(attacked.image, 1, colours.digits, out);
      else paintInk(raw?.pixels ?? [], 255, colours.digits, out);
    },
    [attacked, raw, colours],
  );
  const label = attacked?.label ?? raw?.label;
  return (
    <Pixels
      paint={paint}
      label={
        label === undefined ? 'No test image yet' : `Test image ${imageIndex.value}, a ${label}`
      }
    />
  );
}

function Perturbation() {
  const attacked = image.value;
  const colours = ink.value;
  const eps = controls.value.attack.eps;
  const paint = useCallback(
    (out: Uint32Array) => {
      const change = attacked?.adversarial.map((value, at) => value - (attacked.image[at] ?? 0));
      paintSigned(change ?? [], attacked?.norm || eps || 1, colours.signed, out, 0, out.length);
    },
    [attacked, colours, eps],
  );
  if (!attacked) return <span class="ghost-picture" />;
  const size = attacked.norm.toFixed(3);
  return <Pixels paint={paint} label={`Perturbation, no pixel changed by more than ${size}`} />;
}

function Adversarial() {
  const attacked = image.value;
  const colours = ink.value;
  const paint = useCallback(
    (out: Uint32Array) => paintInk(attacked?.adversarial ?? [], 1, colours.digits, out),
    [attacked, colours],
  );
  if (!attacked) return <span class="ghost-picture" />;
  return <Pixels paint={paint} label={`Adversarial image, read as ${read(attacked.attacked)}`} />;
}

function Reading({ probabilities, label }: { probabilities: readonly number[]; label: number }) {
  const digit = read(probabilities);
  return (
    <p class={`reading ${digit === label ? '' : 'wrong'}`}>
      read as <b>{digit}</b> <span class="muted">{percent(probabilities[digit] ?? 0)} %</span>
    </p>
  );
}

export function Equation() {
  const attacked = image.value;
  const label = useComputed(
    () => image.value?.label ?? rawDigits.value[imageIndex.value]?.label,
  ).value;
  return (
    <section class="equation" aria-labelledby="equation-title">
      <h3 id="equation-title">
        image{label !== undefined && <span class="muted"> · a {label}</span>}
      </h3>
      <div class="term">
        <Original />
        {attacked && <Reading probabilities={attacked.clean} label={attacked.label} />}
      </div>
      <span class="operator" aria-hidden="true">
        +
      </span>
      <div class="term">
        <Perturbation />
        <p class="muted">
          {attacked ? (
            <>
              δ, at most <span class="nowrap">±{attacked.norm.toFixed(3)}</span>
            </>
          ) : (
            'a small change to every pixel'
          )}
        </p>
      </div>
      <span class="operator" aria-hidden="true">
        =
      </span>
      <div class="term">
        <Adversarial />
        {attacked ? (
          <Reading probabilities={attacked.attacked} label={attacked.label} />
        ) : (
          <p class="muted">and it may be read wrong</p>
        )}
      </div>
    </section>
  );
}
