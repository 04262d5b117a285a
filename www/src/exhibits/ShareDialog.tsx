/** The link to what is on screen, the same as a frame for other pages, and as a link for a class. */
import { signal, useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { network, recipe, shareLink } from '../state';
import { CopyText } from './parts/CopyText';
import { describe } from './parts/describe';
import { Explained } from './parts/explained';
import { lazy } from './parts/lazy';
import { Switch } from './parts/Switch';
import { sharing } from './parts/sharing';

const EmbedTab = lazy(async () => (await import('./teaching/EmbedTab')).EmbedTab, 'The frame');
const ForClass = lazy(
  async () => (await import('./teaching/ForClass')).ForClass,
  'What there is for a class',
);

const WAYS = [
  { value: 'link', label: 'Link' },
  { value: 'embed', label: 'Embed' },
  { value: 'class', label: 'For a class' },
] as const;

const TITLES = {
  link: 'A link to what is on screen',
  embed: 'An exhibit in a page of yours',
  class: 'A link for a class',
} as const;

const way = signal<keyof typeof TITLES>('link');

function LinkTab() {
  const lines = useComputed(() => describe(recipe.value)).value;
  const digest = useComputed(() => network.value?.digest).value;
  return (
    <>
      <p class="muted">
        It holds the recipe, not the network: whoever opens it trains and cuts the same network
        again in their own browser, and sees whether it came out the same, bit for bit.
      </p>
      <CopyText label="Link" button="Copy link" value={shareLink.value} testid="share-link" />
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
    </>
  );
}

/** Opens where it was left. */
export function ShareDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = sharing.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
  }, [open]);
  const shown = way.value;
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="share-title"
      onClose={() => {
        sharing.value = false;
      }}
      onClick={(event) => {
        // A press beside the dialog lands on the dialog itself.
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      {open && (
        <div class="dialog-body">
          <div class="dialog-head">
            <Switch
              legend="Share as"
              name="share-as"
              options={WAYS}
              value={shown}
              onValue={(next) => {
                way.value = next;
              }}
            />
            <button type="button" class="button" onClick={() => dialog.current?.close()}>
              Close
            </button>
          </div>
          <h2 id="share-title">{TITLES[shown]}</h2>
          {shown === 'link' && <LinkTab />}
          {shown === 'embed' && <EmbedTab />}
          {shown === 'class' && <ForClass />}
        </div>
      )}
    </dialog>
  );
}
