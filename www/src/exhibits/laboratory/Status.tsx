/** How far an exhibit's measure has come, and what it is of. */
import type { ComponentChildren } from 'preact';
import { laboratory, network, type StudyName } from '../../state';

export function Status({
  name,
  what,
  children,
}: {
  name: StudyName;
  /** As in “Measuring …”. */
  what: string;
  /** What it was measured on, once it is. */
  children?: ComponentChildren;
}) {
  // Read here, so that progress draws only this anew.
  const { phase, fraction, found } = laboratory[name].value;
  if (!network.value) {
    return (
      <p class="status">Train a network first; it is measured here as soon as there is one.</p>
    );
  }
  if (phase !== 'running') return <p class="status small muted">{children}</p>;
  const percent = Math.floor(100 * fraction);
  return (
    <div class="status small muted">
      <div
        class="meter"
        role="progressbar"
        aria-label={`Measuring ${what}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
      <p>
        Measuring {what}, {percent} %.
        {found && ' Until then these are the figures of the network before.'}
      </p>
    </div>
  );
}
