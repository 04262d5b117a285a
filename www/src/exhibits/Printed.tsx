/** Heads the page on paper: what was done, and where it can be done again. */
import { useComputed } from '@preact/signals';
import { network, recipe, shareLink } from '../state';
import { describe } from './parts/describe';

export function Printed() {
  const digest = useComputed(() => network.value?.digest ?? null).value;
  if (digest === null) return null;
  return (
    <section class="printed" aria-hidden="true">
      <ol>
        {describe(recipe.value).map((line, at) => (
          <li key={`${at} ${line}`}>{line}</li>
        ))}
      </ol>
      <dl>
        <dt>Digest of the network</dt>
        <dd>{digest}</dd>
        <dt>Replays it, bit for bit</dt>
        <dd>{shareLink.value}</dd>
      </dl>
    </section>
  );
}
