/** A line to be copied: a link, a command. */
import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';

export function Copyable({
  label,
  value,
  testid,
  mono = false,
}: {
  label: string;
  value: string;
  testid?: string;
  mono?: boolean;
}) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const copied = useSignal<'no' | 'yes' | 'by hand'>('no');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      copied.value = 'yes';
    } catch {
      // Some browsers refuse the clipboard; the line is then marked to be copied by hand.
      field.current?.select();
      copied.value = 'by hand';
    }
  };
  return (
    <div class="copyable">
      <label for={id}>{label}</label>
      <span class="copy-line">
        <input
          type="text"
          id={id}
          ref={field}
          class={mono ? 'mono' : ''}
          readOnly
          value={value}
          data-testid={testid}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="button" aria-label={`Copy: ${label}`} onClick={copy}>
          Copy
        </button>
        <span class="small muted" role="status">
          {copied.value === 'yes' && 'Copied.'}
          {copied.value === 'by hand' && 'Press Ctrl+C or ⌘C.'}
        </span>
      </span>
    </div>
  );
}
