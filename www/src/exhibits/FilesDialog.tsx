/** Where files come in and go out; what it shows is fetched when it is asked for. */
import { useEffect, useRef } from 'preact/hooks';
import { filesOpen } from './parts/filesOpen';
import { lazy } from './parts/lazy';

const Files = lazy(() => import('./Files').then((module) => module.Files), 'the list of files');

export function FilesDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = filesOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      class="dialog files"
      aria-labelledby="files-title"
      onClose={() => {
        filesOpen.value = false;
      }}
      onClick={(event) => {
        // A press beside the dialog lands on the dialog itself.
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="dialog-body">
        <h2 id="files-title">Files</h2>
        {open && <Files />}
        <div class="buttons">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      </div>
    </dialog>
  );
}
