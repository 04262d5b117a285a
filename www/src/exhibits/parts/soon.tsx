/** Exhibits that the first screen does without: their code follows when the page stands. */
import { effect, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { dismissNotice, notify } from '../../engine/notices';
import { engine } from '../../state';
import { arrival, needsReload } from './arrival';

type Second = typeof import('../../second');

const second = signal<Second | null>(null);
const load = () => import('../../second');
let asked = false;
/** The notice that it did not arrive. */
let told: number | null = null;

function fetchSecond(done: (second: Second) => void): void {
  if (asked) return;
  asked = true;
  arrival(load).then(
    (arrived) => {
      second.value = arrived;
      if (told !== null) dismissNotice(told);
      done(arrived);
    },
    () => {
      asked = false;
      if (needsReload(load)) {
        const sentence = 'A part of the page cannot be fetched again before a reload.';
        told = notify('problem', sentence, () => location.reload(), 'Reload');
      } else {
        const sentence = 'A part of the page did not arrive; is the connection down?';
        told = notify('problem', sentence, () => fetchSecond(done));
      }
    },
  );
}

/** Fetches that code once the engine, which comes first, has started or cannot. */
export function prefetch(done: (second: Second) => void = () => {}): void {
  const stop = effect(() => {
    if (engine.value.phase === 'starting') return;
    fetchSecond(done);
    queueMicrotask(() => stop());
  });
}

/** An exhibit of that code; until it is there, what keeps its place. */
export function soon<P extends object>(
  pick: (second: Second) => ComponentType<P>,
  Place?: ComponentType<P>,
): ComponentType<P> {
  return (props: P) => {
    const Shown = second.value ? pick(second.value) : Place;
    return Shown ? <Shown {...props} /> : null;
  };
}
