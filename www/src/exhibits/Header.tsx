/** Name, undo and redo, the link, and behind “More” whatever there is no room for. */
import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { redo, reset, undo } from '../actions';
import { bringOpen } from '../bring/state';
import { listed } from '../lessonState';
import { canRedo, canUndo, recipe } from '../state';
import { setPresent } from '../teachingActions';
import { hidden, locked } from '../teachingState';
import { FilesDialog } from './FilesDialog';
import { filesOpen } from './parts/filesOpen';
import { narrow } from './parts/hooks';
import { type Entry, EntryButton, Menu } from './parts/Menu';
import { LOCKED } from './parts/Place';
import { printPage } from './parts/printing';
import { sharing } from './parts/sharing';
import { soon } from './parts/soon';
import { dark, nextTheme, theme } from './parts/theme';
import { FINDINGS } from './Trials';

const ShareDialog = soon((all) => all.ShareDialog);

const THEMES = {
  system: 'Colours: as the system',
  light: 'Colours: light',
  dark: 'Colours: dark',
} as const;

function ThemeButton() {
  const said = THEMES[theme.value];
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
  if (!event.ctrlKey && !event.metaKey) return;
  const key = event.key.toLowerCase();
  // A light page prints as it is; what is painted dark has to be painted anew first.
  if (key === 'p' && dark.value) {
    event.preventDefault();
    void printPage();
  }
  const inField = event.target instanceof HTMLElement && event.target.matches('input, textarea');
  if (inField || key !== 'z') return;
  event.preventDefault();
  if (event.shiftKey) redo();
  else undo();
}

/**
 * What leads elsewhere on the page: buttons of the header where there is room, else entries of its
 * menu. A new one is added here and nowhere else.
 */
function useLeading(): Entry[] {
  const off = hidden.value;
  const findings: Entry = {
    key: 'to-findings',
    label: 'Findings',
    title: 'What the field says of pruning, put to the test in this browser.',
    // An address with a fragment of its own would no longer be the link to what is on screen.
    act: () => document.getElementById(FINDINGS)?.scrollIntoView(),
  };
  const lessons: Entry = {
    key: 'lessons-button',
    label: 'Lessons',
    title: 'Seven short lessons beside the live lab.',
    act: () => {
      listed.value = true;
    },
  };
  const files: Entry = {
    key: 'files-button',
    label: 'Files',
    title: 'The network, its figures and the experiment as files.',
    act: () => {
      filesOpen.value = true;
    },
  };
  const bring: Entry = {
    key: 'bring-button',
    label: 'Bring in',
    title: 'A network, images or a picture of your own; nothing is uploaded.',
    act: () => {
      bringOpen.value = true;
    },
  };
  const fixed = (name: string, entry: Entry): Entry =>
    locked.value.has(name) ? { ...entry, title: LOCKED, disabled: true } : entry;
  return [
    ...(off.has('lessons') ? [] : [fixed('lessons', lessons)]),
    ...(off.has('findings') ? [] : [findings]),
    ...(off.has('files') ? [] : [fixed('files', files), fixed('files', bring)]),
  ];
}

/** What is seldom needed: in the menu on every screen. A new one is added here. */
const SELDOM: readonly Entry[] = [
  {
    key: 'present',
    label: 'Present to a room',
    title:
      'Large type, the network, its figures and its curve; arrow keys walk the history, or a lesson.',
    act: () => setPresent(true),
  },
  {
    key: 'print',
    label: 'Print a report',
    title: 'What was done and what came of it, black on white.',
    act: () => void printPage(),
  },
];

export function Header() {
  useEffect(() => {
    addEventListener('keydown', onKeys);
    return () => removeEventListener('keydown', onKeys);
  }, []);
  const leading = useLeading();
  const small = narrow.value;
  const empty = useComputed(() => recipe.value.steps.length === 0).value;
  const over: Entry = {
    key: 'reset',
    label: 'Start over',
    title: 'Back to the page as it opened; Undo brings everything back.',
    disabled: empty,
    act: reset,
  };
  return (
    <header class="header">
      <div class="brand">
        <h1>Secateurs</h1>
        <p>Adversarial pruning, in your browser</p>
      </div>
      <nav aria-label="Lessons, history and sharing">
        {!small && leading.map((entry) => <EntryButton key={entry.key} entry={entry} />)}
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
        {!small && <EntryButton entry={over} />}
        <button
          type="button"
          class="button end"
          data-testid="share-button"
          title={empty ? 'Train a network first; the link then replays it.' : undefined}
          onClick={() => {
            sharing.value = true;
          }}
        >
          Share
        </button>
        <Menu label="More" entries={small ? [...leading, over, ...SELDOM] : SELDOM} />
        <ThemeButton />
      </nav>
      <ShareDialog />
      <FilesDialog />
    </header>
  );
}
