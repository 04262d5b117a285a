/** Exhibits that the first screen does without: their code follows when the page stands. */
import { effect, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { notify } from '../../engine/notices';
import { engine } from '../../state';

type Second = typeof import('../../second');

const second = signal<Second | null>(null);
let asked = false;

function fetchSecond(done: (second: Second) => void): void {
  if (asked) return;
  asked = true;
  import('../../second').then(
    (arrived) => {
      second.value = arrived;
      done(arrived);
    },
    () => {
      asked = false;
      const sentence = 'A part of the page did not arrive; is the connection down?';
      notify('problem', sentence, () => fetchSecond(done));
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
