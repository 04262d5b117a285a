/** Name, undo and redo, the link, the colours. */
import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { redo, reset, undo } from '../actions';
import { bringOpen } from '../bring/state';
import { canRedo, canUndo, recipe } from '../state';
import { nextTheme, theme } from './parts/theme';
import { ShareDialog } from './ShareDialog';
import { FINDINGS } from './Trials';

const THEMES = { system: 'as the system', light: 'light', dark: 'dark' } as const;

function ThemeButton() {
  const said = `Colours: ${THEMES[theme.value]}`;
  return (
    <button
      type="button"
      class="button plain icon"
      aria-label={said}
      title={said}
      onClick={nextTheme}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5" />
        {theme.value === 'system' && (
          <path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" fill="currentColor" />
        )}
        {theme.value === 'dark' && <circle cx="8" cy="8" r="6.25" fill="currentColor" />}
      </svg>
    </button>
  );
}

/** The keys of every editor; inside a field they undo what was typed there. */
function onKeys(event: KeyboardEvent): void {
  const inField = event.target instanceof HTMLElement && event.target.matches('input, textarea');
  if (inField || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
  event.preventDefault();
  if (event.shiftKey) redo();
  else undo();
}

export function Header() {
  useEffect(() => {
    addEventListener('keydown', onKeys);
    return () => removeEventListener('keydown', onKeys);
  }, []);
  const dialog = useRef<HTMLDialogElement>(null);
  const empty = useComputed(() => recipe.value.steps.length === 0).value;
  return (
    <header class="header">
      <div class="brand">
        <h1>Secateurs</h1>
        <p>Adversarial pruning, in your browser</p>
      </div>
      <nav aria-label="History and sharing">
        <button
          type="button"
          class="button plain jump"
          title="What the field says of pruning, put to the test in this browser."
          // An address with a fragment of its own would no longer be the link to what is on screen.
          onClick={() => document.getElementById(FINDINGS)?.scrollIntoView()}
        >
          Findings
        </button>
        <button
          type="button"
          class="button plain"
          data-testid="undo"
          disabled={!canUndo.value}
          onClick={undo}
        >
          Undo
        </button>
        <button
          type="button"
          class="button plain"
          data-testid="redo"
          disabled={!canRedo.value}
          onClick={redo}
        >
          Redo
        </button>
        <button
          type="button"
          class="button plain"
          data-testid="reset"
          title="Back to the page as it opened; Undo brings everything back."
          disabled={empty}
          onClick={reset}
        >
          Start over
        </button>
        <button
          type="button"
          class="button plain jump"
          data-testid="bring-button"
          title="A network, images or a picture of your own; nothing is uploaded."
          onClick={() => {
            bringOpen.value = true;
          }}
        >
          Bring in
        </button>
        <button
          type="button"
          class="button end"
          data-testid="share-button"
          title={empty ? 'Train a network first; the link then replays it.' : undefined}
          onClick={() => dialog.current?.showModal()}
        >
          Share
        </button>
        <ThemeButton />
      </nav>
      <ShareDialog dialog={dialog} />
    </header>
  );
}
