/** Starts a list of trials, says how far it is, and lets it be paused and cancelled. */
import type { ComponentChildren } from 'preact';
import { seconds } from '../../plots/measured';
import type { RunView } from '../../trialsState';

interface Props {
  run: RunView;
  /** What the button says that starts it, … */
  start: string;
  /** … what it is about, for whoever hears the button alone, … */
  about: string;
  /** … and what stands beside it before. */
  children?: ComponentChildren;
  disabled?: boolean;
  /** Whether it can be started anew although it is done, because something else was chosen. */
  again?: boolean;
  testid: string;
  onStart: () => void;
  onPause: (paused: boolean) => void;
  onCancel: () => void;
}

const trials = (count: number) => `${count} ${count === 1 ? 'network' : 'networks'}`;

/** What is left, in steps that do not flicker. */
function left(value: number | null): string {
  if (value === null) return 'estimating the time';
  const coarse = value < 20 ? Math.ceil(value) : Math.ceil(value / 5) * 5;
  return coarse < 1 ? 'almost done' : `about ${seconds(coarse).replace('.0', '')} left`;
}

function Status({ run, children }: Pick<Props, 'run' | 'children'>) {
  const { phase, done, of, secondsLeft, secondsTaken, sentence } = run;
  switch (phase) {
    case 'running':
      return (
        <>
          {done} of {trials(of)}, {left(secondsLeft)}
        </>
      );
    case 'paused':
      return (
        <>
          Paused at {done} of {trials(of)}.
        </>
      );
    case 'cancelled':
      return <>Cancelled; what has come is kept.</>;
    case 'failed':
      return <>{sentence}</>;
    case 'done':
      return (
        <>
          {trials(of)}, measured here{secondsTaken >= 0.1 && ` in ${seconds(secondsTaken)}`}.{' '}
          {sentence}
        </>
      );
    case 'none':
      return <>{children}</>;
  }
}

const SPOKEN: Record<RunView['phase'], string> = {
  none: '',
  running: 'Running.',
  paused: 'Paused.',
  cancelled: 'Cancelled.',
  failed: 'Failed.',
  done: 'Done.',
};

export function RunBar(props: Props) {
  const { run, start, about, disabled = false, again = false, testid } = props;
  const { phase, fraction } = run;
  const open = phase === 'running' || phase === 'paused';
  const canStart = !open && (phase !== 'done' || again);
  return (
    <div class="run-bar" data-testid={testid} data-phase={phase}>
      <div class="run-line">
        {canStart && (
          <button
            type="button"
            class={`button ${phase === 'none' || again ? 'main' : ''}`}
            aria-label={`${phase === 'failed' ? 'Try again' : start}: ${about}`}
            disabled={disabled}
            onClick={props.onStart}
          >
            {phase === 'failed' ? 'Try again' : start}
          </button>
        )}
        {open && (
          <>
            <button
              type="button"
              class="button"
              aria-label={`${phase === 'paused' ? 'Go on' : 'Pause'}: ${about}`}
              onClick={() => props.onPause(phase === 'running')}
            >
              {phase === 'paused' ? 'Go on' : 'Pause'}
            </button>
            <button
              type="button"
              class="button"
              aria-label={`Cancel: ${about}`}
              onClick={props.onCancel}
            >
              Cancel
            </button>
          </>
        )}
        <p class="small muted" role={phase === 'failed' ? 'alert' : undefined}>
          <Status run={run}>{props.children}</Status>
        </p>
      </div>
      <div
        class={`meter ${open ? '' : 'still'}`}
        role="progressbar"
        aria-label={about}
        aria-valuenow={Math.round(100 * fraction)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-hidden={!open}
      >
        <span style={{ width: `${100 * fraction}%` }} />
      </div>
      <span class="heard" role="status">
        {SPOKEN[phase]}
      </span>
    </div>
  );
}
