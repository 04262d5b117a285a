/** A numbered group of controls; what is seldom needed opens from its heading. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export function Panel({
  number,
  title,
  more,
  children,
}: {
  number: number;
  title: string;
  more: ComponentChildren;
  children: ComponentChildren;
}) {
  const id = useId();
  const open = useSignal(false);
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
      {children}
      <div id={`${id}-more`} class="more-body" hidden={!open.value}>
        {open.value && more}
      </div>
    </section>
  );
}
