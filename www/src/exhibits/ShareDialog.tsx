/** The dialog that shares what is on screen; what is in it is fetched when it is first opened. */
import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { lazy } from './parts/lazy';

const Share = lazy(async () => (await import('./teaching/Share')).Share, 'The link');

const open = signal(false);

export function openShare(dialog: RefObject<HTMLDialogElement | null>): void {
  open.value = true;
  dialog.current?.showModal();
}

export function ShareDialog({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-label="Share"
      onClose={() => {
        open.value = false;
      }}
      onClick={(event) => {
        // A press beside the dialog lands on the dialog itself.
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="dialog-body">
        {open.value && <Share />}
        <div class="dialog-foot">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      </div>
    </dialog>
  );
}
