/** A button that opens a short list of others. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/** Something that the header offers. */
export interface Entry {
  key: string;
  label: string;
  title?: string | undefined;
  disabled?: boolean;
  act: () => void;
}

export function EntryButton({ entry, after }: { entry: Entry; after?: () => void }) {
  return (
    <button
      type="button"
      class="button plain"
      data-testid={entry.key}
      title={entry.title}
      disabled={entry.disabled}
      onClick={() => {
        after?.();
        entry.act();
      }}
    >
      {entry.label}
    </button>
  );
}

export function Menu({
  label,
  entries,
  children,
}: {
  label: string;
  entries: readonly Entry[];
  /** Further entries that are more than a word to press. */
  children?: ComponentChildren;
}) {
  const id = useId();
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    open.value = false;
  };
  useEffect(() => {
    if (!open.value) return;
    const outside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    addEventListener('pointerdown', outside);
    addEventListener('focusin', outside);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('focusin', outside);
    };
  }, [open.value]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the list from any of its entries
    <div
      class="menu"
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open.value) return;
        event.stopPropagation();
        close();
        button.current?.focus();
      }}
    >
      <button
        type="button"
        ref={button}
        class="button plain opens"
        data-testid="more-button"
        aria-expanded={open.value}
        aria-controls={id}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        {label}
      </button>
      <div class="menu-list" id={id} hidden={!open.value}>
        {open.value && (
          <>
            {entries.map((entry) => (
              <EntryButton key={entry.key} entry={entry} after={close} />
            ))}
            {children}
          </>
        )}
      </div>
    </div>
  );
}
