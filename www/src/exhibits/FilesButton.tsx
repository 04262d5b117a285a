/** The header's way to files; what it opens is fetched when it is asked for. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { lazy } from './parts/lazy';

const Files = lazy(() => import('./Files').then((module) => module.Files), 'the list of files');

export function FilesButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const asked = useSignal(false);
  return (
    <>
      <button
        type="button"
        class="button"
        data-testid="files-button"
        title="The network, its figures and the experiment as files."
        onClick={() => {
          asked.value = true;
          dialog.current?.showModal();
        }}
      >
        Files
      </button>
      <dialog
        ref={dialog}
        class="dialog files"
        aria-labelledby="files-title"
        onClose={() => {
          asked.value = false;
        }}
        onClick={(event) => {
          // A press beside the dialog lands on the dialog itself.
          if (event.target === event.currentTarget) dialog.current?.close();
        }}
        onKeyDown={(event) => event.stopPropagation()}
      >
        <div class="dialog-body">
          <h2 id="files-title">Files</h2>
          {asked.value && <Files />}
          <div class="buttons">
            <button type="button" class="button" onClick={() => dialog.current?.close()}>
              Close
            </button>
          </div>
        </div>
      </dialog>
    </>
  );
}
