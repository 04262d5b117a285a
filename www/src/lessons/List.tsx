/** Every lesson, how long it takes and how far it is. */
import { useEffect, useRef } from 'preact/hooks';
import { lesson, listed } from '../lessonState';
import { ENTRIES, type Entry } from './index';
import './lessons.css';
import { go } from './stay';
import { courseOf, forget, kept, lasting } from './store';

/** The step to open it at: where it was left, or the beginning once its end was reached. */
function resumed({ name, steps }: Entry): number {
  const { step } = courseOf(name);
  return step > steps ? 1 : step;
}

function how({ name, steps, minutes }: Entry): string {
  const { done, furthest, noted } = courseOf(name);
  const step = resumed({ name, steps } as Entry);
  if (step > 1) return `${step} of ${steps}, resume`;
  if (done) return 'done';
  return furthest > 1 || Object.keys(noted).length > 0 ? `1 of ${steps}, resume` : `${minutes} min`;
}

export function List() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const any = Object.keys(kept.value.lessons).length > 0;
  const open = lesson.value?.name;
  return (
    <dialog
      ref={dialog}
      class="dialog lessons-list"
      aria-labelledby="lessons-title"
      data-testid="lessons-list"
      onClose={() => {
        listed.value = false;
      }}
      onClick={(event) => {
        // A press beside the dialog lands on the dialog itself.
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="dialog-body">
        <h2 id="lessons-title">Lessons</h2>
        <p class="muted">
          Each is a network, some words and a few questions beside the live lab. You predict, then
          the lab measures. What you have on screen now comes back when you leave.
        </p>
        <ol>
          {ENTRIES.map((entry) => (
            <li key={entry.name}>
              <button
                type="button"
                aria-current={open === entry.name ? 'true' : undefined}
                data-testid={`lesson-${entry.name}`}
                onClick={() => {
                  dialog.current?.close();
                  go(entry.name, resumed(entry));
                }}
              >
                <span class="title">{entry.title}</span>
                <span class="how small muted">{how(entry)}</span>
                <span class="blurb small muted">{entry.about}</span>
              </button>
            </li>
          ))}
        </ol>
        {!lasting.value && (
          <p class="small note">
            This browser keeps nothing for this page, so predictions last until it is closed.
          </p>
        )}
        <div class="buttons">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
          {any && (
            <button
              type="button"
              class="button plain"
              data-testid="forget"
              title="Predictions and progress are kept in this browser alone."
              onClick={forget}
            >
              Forget my predictions
            </button>
          )}
        </div>
      </div>
    </dialog>
  );
}
