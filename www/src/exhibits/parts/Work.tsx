/** How far a long piece of work is, and what can be done about it: pause, resume, cancel. */
import { useComputed } from '@preact/signals';
import { cancel, pause, resume } from '../../actions';
import { count, seconds } from '../../plots/measured';
import { training } from '../../state';
import { Explained } from './explained';

type PanelName = 'train' | 'prune';

/** Whether something long is under way that was started from this panel. */
export function useWork(panel: PanelName): boolean {
  return useComputed(() => training.value.phase !== 'idle' && training.value.panel === panel).value;
}

/** What is done, and how much of it. */
export function Progress() {
  const { what, fraction } = training.value;
  return (
    <>
      <p class="small" role="status">
        {what}
      </p>
      <div
        class="meter"
        role="progressbar"
        aria-label={what || 'Training'}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(fraction * 100)}
      >
        <span style={{ width: `${fraction * 100}%` }} />
      </div>
    </>
  );
}

/** The time that is left, and the pace. */
export function TimeLeft() {
  const { phase, imagesPerSecond, secondsLeft } = training.value;
  return (
    <p class="pair">
      {phase === 'paused' ? (
        <span class="muted">paused</span>
      ) : (
        <Explained of={['left']} className="muted">{`${seconds(secondsLeft)} left`}</Explained>
      )}
      {imagesPerSecond > 0 && (
        <Explained of={['pace']}>{`${count(imagesPerSecond)} images/s`}</Explained>
      )}
    </p>
  );
}

export function WorkButtons() {
  const paused = useComputed(() => training.value.phase === 'paused').value;
  return (
    <div class="buttons">
      {paused ? (
        <button type="button" class="button main" data-testid="resume-button" onClick={resume}>
          Resume
        </button>
      ) : (
        <button type="button" class="button" data-testid="pause-button" onClick={pause}>
          Pause
        </button>
      )}
      <button type="button" class="button plain" data-testid="cancel-button" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}
