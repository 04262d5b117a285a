/** A text of some lines to be copied whole. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

export function CopyText({
  label,
  button,
  value,
  testid,
  children,
}: {
  /** What it is, for the ear. */
  label: string;
  /** What the button says. */
  button: string;
  value: string;
  testid: string;
  /** Further buttons. */
  children?: ComponentChildren;
}) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const copied = useSignal('');
  // What was copied is no longer what stands there.
  useEffect(() => {
    copied.value = '';
  }, [value]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      copied.value = 'Copied.';
    } catch {
      // Some browsers refuse the clipboard; the text is then marked to be copied by hand.
      field.current?.select();
      copied.value = 'Press Ctrl+C or ⌘C to copy what is marked.';
    }
  };
  return (
    <>
      <label class="heard" for={id}>
        {label}
      </label>
      <textarea
        id={id}
        ref={field}
        data-testid={testid}
        readOnly
        rows={3}
        value={value}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="buttons">
        <button type="button" class="button main" onClick={() => void copy()}>
          {button}
        </button>
        {children}
        <span class="small muted" role="status">
          {copied.value}
        </span>
      </div>
    </>
  );
}
