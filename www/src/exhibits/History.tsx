/** Below the lab: every step of this visit. */
import { useComputed } from '@preact/signals';
import { history } from '../state';
import { soon } from './parts/soon';

const Steps = soon((all) => all.Steps);

export function History() {
  const trained = useComputed(() => history.value.entries.some(({ steps }) => steps.length > 0));
  return (
    <section class="history" aria-labelledby="history-title" id="history">
      <h2 id="history-title">Every step so far</h2>
      {trained.value ? (
        <Steps />
      ) : (
        <p class="muted">
          Train a network, and every step will be listed here, to be named, compared and returned
          to.
        </p>
      )}
    </section>
  );
}
