/** For a room: the network, its figures and its curve in large type, turned by a clicker. */
import { signal, useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { redo, undo } from '../../actions';
import { canRedo, canUndo, history, recipe } from '../../state';
import '../../styles/presenter.css';
import { turnOf } from '../../teaching/keys';
import { setPresent } from '../../teachingActions';
import { Curves } from '../Curves';
import { Network } from '../Network';
import { Figures } from '../Outcome';
import { stepWords } from '../parts/describe';
import { enlarged } from '../parts/hooks';

const full = signal(document.fullscreenElement !== null);
document.addEventListener('fullscreenchange', () => {
  full.value = document.fullscreenElement !== null;
});

/** Browsers refuse it where there is no screen to fill; nothing else depends on it. */
function toggleFull(): void {
  const change = full.peek()
    ? document.exitFullscreen()
    : document.documentElement.requestFullscreen();
  change.catch(() => {});
}

function leave(): void {
  if (full.peek()) toggleFull();
  setPresent(false);
}

/** Which network is on screen, in words, among those of this visit. */
function Where() {
  const words = useComputed(() => {
    const top = recipe.value.steps.at(-1);
    return top ? stepWords(top) : 'no network yet';
  }).value;
  const { entries, at } = history.value;
  return (
    <p class="where" role="status">
      {entries.length > 1 && (
        <b>
          {at} / {entries.length - 1}
        </b>
      )}{' '}
      {words}
    </p>
  );
}

function onKey(event: KeyboardEvent): void {
  const turn = turnOf(event);
  if (!turn) return;
  event.preventDefault();
  ({ back: undo, on: redo, leave })[turn]();
}

export function Presenter() {
  useEffect(() => {
    const root = document.documentElement;
    root.dataset.present = 'yes';
    const enlarge = () => {
      enlarged.value = Number.parseFloat(getComputedStyle(root).fontSize) / 14.5;
    };
    enlarge();
    addEventListener('resize', enlarge);
    addEventListener('keydown', onKey);
    return () => {
      delete root.dataset.present;
      enlarged.value = 1;
      removeEventListener('resize', enlarge);
      removeEventListener('keydown', onKey);
    };
  }, []);
  return (
    <main class="presenter" id="lab" data-testid="presenter">
      <header class="presenter-head">
        <h1 class="heard">Secateurs, for a room</h1>
        <Where />
        <button
          type="button"
          class="button"
          aria-label="Back, a step"
          title="Back: ← or Page Up"
          disabled={!canUndo.value}
          onClick={undo}
        >
          ←
        </button>
        <button
          type="button"
          class="button"
          aria-label="On, a step"
          title="On: → or Page Down"
          disabled={!canRedo.value}
          onClick={redo}
        >
          →
        </button>
        <button type="button" class="button" onClick={toggleFull}>
          {full.value ? 'Leave full screen' : 'Full screen'}
        </button>
        <button type="button" class="button" title="Escape" onClick={leave}>
          Close
        </button>
      </header>
      <Network />
      <div class="presenter-side">
        <Figures />
        <Curves />
      </div>
    </main>
  );
}
