/** A numbered group of controls; what is seldom needed opens from its heading. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { LOCKED, useMay } from './Place';

export function Panel({
  name,
  number,
  title,
  more,
  foot,
  children,
}: {
  /** As links that hide or lock it call it. */
  name: string;
  number: number;
  title: string;
  more: ComponentChildren;
  /** What can be pressed although the controls are locked. */
  foot?: ComponentChildren;
  children: ComponentChildren;
}) {
  const id = useId();
  const open = useSignal(false);
  const may = useMay(name);
  if (may.hidden) return null;
  return (
    <section class="panel" aria-labelledby={`${id}-title`} data-place={number}>
      <div class="panel-head">
        <h2 id={`${id}-title`}>
          <span class="number">{number}</span> {title}
        </h2>
        <button
          type="button"
          class="more"
          aria-expanded={open.value}
          aria-controls={`${id}-more`}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          All settings
          <span class="heard"> of {title}</span>
        </button>
      </div>
      {may.locked && <p class="small muted">{LOCKED}</p>}
      <fieldset class="fields" disabled={may.locked} aria-labelledby={`${id}-title`}>
        {children}
      </fieldset>
      {foot}
      <fieldset
        id={`${id}-more`}
        class="more-body"
        hidden={!open.value}
        disabled={may.locked}
        aria-labelledby={`${id}-title`}
      >
        {open.value && more}
      </fieldset>
    </section>
  );
}
