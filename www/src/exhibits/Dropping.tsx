/**
 * Files that are dropped or pasted anywhere, and the dialog that shows what they are. What reads
 * them is fetched with the first one.
 */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { bringOpen, lacking } from '../bring/state';
import { notify } from '../engine/notices';
import { hidden, locked } from '../teachingState';
import { lazy } from './parts/lazy';

const Bring = lazy(async () => (await import('./Bring')).Bring, 'What brings files in');

/** A file is held over the page. */
const held = signal(false);

const actions = () => import('../bring/actions');

const carriesFiles = (transfer: DataTransfer | null) => transfer?.types.includes('Files') ?? false;

const REFUSED = 'This link locks files: nothing can be brought in.';

/** Whether the link keeps files out; but not those without which it cannot be replayed. */
const refused = () =>
  lacking.value === null && (hidden.value.has('files') || locked.value.has('files'));

function take(files: FileList | undefined): void {
  const list = [...(files ?? [])];
  if (list.length === 0) return;
  if (refused()) {
    notify('info', REFUSED);
    return;
  }
  bringOpen.value = true;
  // Should it not arrive, the dialog, which is fetched as well, says so.
  actions().then(
    ({ bringFiles }) => bringFiles(list),
    () => {},
  );
}

function onDragOver(event: DragEvent): void {
  if (!carriesFiles(event.dataTransfer)) return;
  event.preventDefault();
  if (event.dataTransfer) event.dataTransfer.dropEffect = refused() ? 'none' : 'copy';
  held.value = true;
}

function onDragLeave(event: DragEvent): void {
  // Between two elements of the page the file is still over it.
  if (event.relatedTarget === null) held.value = false;
}

function onDrop(event: DragEvent): void {
  held.value = false;
  if (!carriesFiles(event.dataTransfer)) return;
  // Otherwise the browser would leave the page for the file.
  event.preventDefault();
  take(event.dataTransfer?.files);
}

function onPaste(event: ClipboardEvent): void {
  if (!event.clipboardData?.files.length) return;
  event.preventDefault();
  take(event.clipboardData.files);
}

export function Dropping() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = bringOpen.value;
  useEffect(() => {
    addEventListener('dragover', onDragOver);
    addEventListener('dragleave', onDragLeave);
    addEventListener('drop', onDrop);
    addEventListener('paste', onPaste);
    return () => {
      removeEventListener('dragover', onDragOver);
      removeEventListener('dragleave', onDragLeave);
      removeEventListener('drop', onDrop);
      removeEventListener('paste', onPaste);
    };
  }, []);
  useEffect(() => {
    const shown = dialog.current;
    if (open && !shown?.open) shown?.showModal();
    if (!open && shown?.open) shown.close();
  }, [open]);
  return (
    <>
      {held.value && (
        <div class="drop-target" data-testid="drop-target">
          {refused() ? (
            <p>{REFUSED}</p>
          ) : (
            <p>Drop it: weights, images, a picture of a digit, or a recipe. Nothing is uploaded.</p>
          )}
        </div>
      )}
      <dialog
        ref={dialog}
        class="dialog bring"
        aria-labelledby="bring-title"
        data-testid="bring"
        onClick={(event) => {
          // A press beside the dialog lands on the dialog itself.
          if (event.target === event.currentTarget) dialog.current?.close();
        }}
        onKeyDown={(event) => event.stopPropagation()}
        onClose={() => {
          bringOpen.value = false;
          actions().then(
            ({ close }) => close(),
            () => {},
          );
        }}
      >
        {open && (
          <div class="dialog-body">
            <h2 id="bring-title">Bring something in</h2>
            <Bring />
          </div>
        )}
      </dialog>
    </>
  );
}
