/** The link to what is on screen, and in words what it holds. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { network, recipe, shareLink } from '../state';
import { describe } from './parts/describe';
import { Explained } from './parts/explained';
import { sharing } from './parts/sharing';

export function ShareDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = sharing.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
  }, [open]);
  const field = useRef<HTMLTextAreaElement>(null);
  const copied = useSignal<'no' | 'yes' | 'by hand'>('no');
  const lines = useComputed(() => describe(recipe.value)).value;
  const digest = useComputed(() => network.value?.digest).value;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(shareLink.value);
      copied.value = 'yes';
    } catch {
      // Some browsers refuse the clipboard; the link is then marked to be copied by hand.
      field.current?.select();
      copied.value = 'by hand';
    }
  };
  const status = {
    no: '',
    yes: 'Copied.',
    'by hand': 'Press Ctrl+C or ⌘C to copy the marked link.',
  };
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="share-title"
      onClose={() => {
        copied.value = 'no';
        sharing.value = false;
      }}
      onClick={(event) => {
        // A press beside the dialog lands on the dialog itself.
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="dialog-body">
        <h2 id="share-title">A link to what is on screen</h2>
        <p class="muted">
          It holds the recipe, not the network: whoever opens it trains and cuts the same network
          again in their own browser, and sees whether it came out the same, bit for bit.
        </p>
        <label class="heard" for="share-link">
          Link
        </label>
        <textarea
          id="share-link"
          ref={field}
          data-testid="share-link"
          readOnly
          rows={3}
          value={shareLink.value}
          onFocus={(event) => event.currentTarget.select()}
        />
        <h3>What is in it</h3>
        <ol>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
          {digest && (
            <li>
              the network’s digest,{' '}
              <Explained of={['digest']}>
                <code>{digest}</code>
              </Explained>
            </li>
          )}
        </ol>
        <div class="buttons">
          <button type="button" class="button main" onClick={copy}>
            Copy link
          </button>
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
          <span class="small muted" role="status">
            {status[copied.value]}
          </span>
        </div>
      </div>
    </dialog>
  );
}
