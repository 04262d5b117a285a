/** On a phone the figures stay in sight while the controls that move them are scrolled to. */
import { useComputed } from '@preact/signals';
import { percent, share } from '../plots/measured';
import { figures, network, preview } from '../state';

function Short({ name, label }: { name: 'clean' | 'transfer' | 'adaptive'; label: string }) {
  const text = useComputed(() => {
    const held = preview.value;
    if (held && name === 'adaptive') return '–';
    const measured = (name === 'adaptive' ? null : held?.[name]) ?? figures.value[name];
    return measured && measured.total > 0 ? percent(share(measured)) : '–';
  });
  return (
    <span class={`short ${name}`}>
      <span class="small">{label}</span> <b>{text}</b>
    </span>
  );
}

/** A repetition for the eye only. */
export function Summary() {
  const has = useComputed(() => network.value !== null).value;
  if (!has) return null;
  return (
    <div class="summary" aria-hidden="true">
      <Short name="clean" label="clean" />
      <Short name="transfer" label="old" />
      <Short name="adaptive" label="re-attacked" />
    </div>
  );
}
