/** Beside the re-attacked figure: whether there is reason to doubt it. */
import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { checks, network, recipe } from '../state';
import { checksOf, type Shown, summary } from './parts/checks';
import { Explained } from './parts/explained';

const SAID: Record<Shown['state'], string> = {
  passed: 'Passed',
  tripped: 'Warning',
  waiting: 'Not measured yet',
  idle: 'Does not apply',
};

const MARKS: Record<Shown['state'], string> = {
  passed: 'M2 6.5 5 9.5 10.5 3',
  tripped: 'M6 1.5V7.5M6 9.5V11',
  waiting: 'M2.5 6H3.5M5.5 6H6.5M8.5 6H9.5',
  idle: 'M3 6H9',
};

function Mark({ state }: { state: Shown['state'] }) {
  return (
    <svg
      class={`check-mark ${state}`}
      width="12"
      height="12"
      viewBox="0 0 12 12"
      aria-hidden="true"
    >
      <path d={MARKS[state]} />
    </svg>
  );
}

export function Checks() {
  const dialog = useRef<HTMLDialogElement>(null);
  const known = useComputed(() => ({
    found: checks.value.found,
    rival: checks.value.rival,
    adaptive: checks.value.evidence?.adaptive ?? 0,
    images: checks.value.evidence?.images ?? 0,
    norm: recipe.value.attack.norm,
    cut: network.value !== null && network.value.digest !== network.value.referenceDigest,
  })).value;
  const all = checksOf(known);
  const { level, words } = summary(all, known);
  const images = checks.value.evidence?.images;
  return (
    <div class={`checks ${level}`} data-testid="checks">
      <p aria-live="polite" class="heard">
        {level !== 'quiet' && words}
      </p>
      <button
        type="button"
        class="more"
        aria-haspopup="dialog"
        onClick={() => dialog.current?.showModal()}
      >
        {level === 'loud' && <Mark state="tripped" />}
        <span>{words}</span>
      </button>
      <dialog
        ref={dialog}
        class="dialog"
        aria-labelledby="checks-title"
        onClick={(event) => {
          // A press beside the dialog lands on the dialog itself.
          if (event.target === event.currentTarget) dialog.current?.close();
        }}
        onKeyDown={(event) => event.stopPropagation()}
      >
        <div class="dialog-body">
          <h2 id="checks-title">Is the re-attacked figure to be trusted?</h2>
          <p class="muted">
            An attack may be too weak, or the network may hide its gradients from it and so only
            look robust. This is what would give it away
            {images === undefined ? '' : `, tried on the first ${images} test images`}.
          </p>
          <ul class="check-list">
            {all.map(({ kind, state, sentence, evidence }) => (
              <li key={kind} class={state} data-testid={`check-${kind}`} data-state={state}>
                <Mark state={state} />
                <p>
                  <span class="heard">{SAID[state]}: </span>
                  {sentence}
                </p>
                <p class="small muted">
                  <Explained of={['check', kind]}>{evidence}</Explained>
                </p>
              </li>
            ))}
          </ul>
          <p class="small muted">
            After Athalye, Carlini and Wagner (2018) and Carlini et al. (2019).
          </p>
          <div class="buttons">
            <button type="button" class="button" onClick={() => dialog.current?.close()}>
              Close
            </button>
          </div>
        </div>
      </dialog>
    </div>
  );
}
