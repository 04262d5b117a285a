/** For a room: the network, its figures and its curve in large type, turned by a clicker. */
import { signal, useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { redo, undo } from '../../actions';
import { lesson } from '../../lessonState';
import { entryOf } from '../../lessons/index';
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

/** Along the steps of the open lesson, or else along the history. */
function turnBy(by: -1 | 1): void {
  const now = lesson.peek();
  const steps = now && entryOf(now.name)?.steps;
  if (!now || steps === undefined || steps === null) {
    if (by < 0) undo();
    else redo();
    return;
  }
  // Behind the last step is the lesson's end.
  const step = Math.min(steps + 1, Math.max(1, now.step + by));
  if (step !== now.step) lesson.value = { ...now, step };
}

function onKey(event: KeyboardEvent): void {
  const turn = turnOf(event);
  if (!turn) return;
  event.preventDefault();
  if (turn === 'leave') leave();
  else turnBy(turn === 'back' ? -1 : 1);
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
