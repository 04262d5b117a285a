/** Below the lab: what is mistaken for what. The tables are fetched once there is a network. */
import { useComputed } from '@preact/signals';
import { network } from '../state';
import { lazy } from './parts/lazy';

const Mistakes = lazy(async () => (await import('./Mistakes')).Mistakes, 'The tables');

export function Matrices() {
  const has = useComputed(() => network.value !== null).value;
  return (
    <section class="matrices" aria-labelledby="matrices-title" id="matrices">
      <h2 id="matrices-title">Who is mistaken for whom, and by whose attack</h2>
      {has ? (
        <Mistakes />
      ) : (
        <p class="muted">
          Train a network, and this will show what its attacked digits are read as, from which digit
          to which an attack can lead, and whether an attack on one network fools another.
        </p>
      )}
    </section>
  );
}
