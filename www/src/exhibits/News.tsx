/** Everything the page has to say beside its figures: links replayed, failures, notices. */
import { signal, useComputed } from '@preact/signals';
import { dismiss, retryData } from '../actions';
import { data, engine, notices, verification } from '../state';
import { showAll } from '../teachingActions';
import { teaching } from '../teachingState';
import { Lacking, OwnImages } from './Lacking';
import { Offered } from './Offered';

const online = signal(navigator.onLine);
addEventListener('online', () => {
  online.value = true;
});
addEventListener('offline', () => {
  online.value = false;
});
const dismissed = signal<string | null>(null);

function Verification() {
  const news = verification.value;
  if (!news) return null;
  const key = `${news.phase} ${news.sentence}`;
  if (dismissed.value === key) return null;
  const { phase, fraction, sentence } = news;
  return (
    <div
      class={`strip ${phase === 'differs' ? 'problem' : ''}`}
      data-testid="verification"
      data-phase={phase}
      role={phase === 'differs' ? 'alert' : 'status'}
    >
      {phase === 'same' && (
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M2 7.5 5.5 11 12 3.5" fill="none" stroke="currentColor" stroke-width="2" />
        </svg>
      )}
      <p>{sentence}</p>
      {phase === 'replaying' ? (
        <span class="meter" aria-hidden="true">
          <span style={{ width: `${fraction * 100}%` }} />
        </span>
      ) : (
        <button
          type="button"
          class="button plain"
          onClick={() => {
            dismissed.value = key;
          }}
        >
          Dismiss
        </button>
      )}
    </div>
  );
}

function Condition() {
  const { phase: enginePhase, sentence: engineSays } = engine.value;
  const { phase, sentence, train, test, trainTotal, testTotal } = data.value;
  if (enginePhase === 'restarting') {
    return (
      <div class="strip" role="status">
        <p>{engineSays ?? 'The engine stopped and is starting again; nothing is lost.'}</p>
      </div>
    );
  }
  if (phase === 'failed') {
    return (
      <div class="strip problem" role="alert">
        <p>{sentence ?? 'The images did not arrive.'}</p>
        <button type="button" class="button" onClick={retryData}>
          Try again
        </button>
      </div>
    );
  }
  if (!online.value && train + test < trainTotal + testTotal) {
    return (
      <div class="strip" role="status">
        <p>You are offline. What has arrived can be used; the rest comes when you are back.</p>
      </div>
    );
  }
  return null;
}

function Notices() {
  return (
    <div class="notices">
      {notices.value.map(({ id, kind, sentence, retry, label }) => (
        <div
          key={id}
          class={`notice ${kind}`}
          data-testid="notice"
          role={kind === 'problem' ? 'alert' : 'status'}
        >
          <p>{sentence}</p>
          {retry && (
            <button type="button" class="button" onClick={retry}>
              {label ?? 'Try again'}
            </button>
          )}
          <button type="button" class="button plain" onClick={() => dismiss(id)}>
            Dismiss
          </button>
        </div>
      ))}
    </div>
  );
}

/** A link that hides or locks something says so; it is a help for a class, not a fence. */
function ForClass() {
  const hides = useComputed(() => teaching.value.hide.length > 0).value;
  const locks = useComputed(() => teaching.value.lock.length > 0).value;
  if (!hides && !locks) return null;
  const said = hides
    ? locks
      ? 'This link hides some controls and locks others.'
      : 'This link hides some controls.'
    : 'This link locks some controls.';
  return (
    <div class="strip" role="status" data-testid="class-strip">
      <p>{said}</p>
      <button type="button" class="button" data-testid="show-all" onClick={showAll}>
        Show all
      </button>
    </div>
  );
}

/** Instead of the lab where the browser cannot run it. */
export function Unsupported() {
  const sentence = useComputed(() => engine.value.sentence).value;
  return (
    <main class="unsupported" id="lab">
      <h2>The lab does not run here</h2>
      <p>
        {sentence ??
          'It needs WebAssembly with SIMD and module workers: any Chrome, Edge or Firefox since 2023, or Safari since 16.4.'}
      </p>
    </main>
  );
}

export function News() {
  return (
    <>
      <Verification />
      <Lacking />
      <Offered />
      <OwnImages />
      <Condition />
      <ForClass />
      <Notices />
    </>
  );
}
