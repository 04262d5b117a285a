/** Something that explains itself when pointed at or reached by keyboard. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export function Hint({
  text,
  label,
  className = '',
  children,
  ...rest
}: {
  text: string;
  label: string;
  className?: string;
  children: ComponentChildren;
  [data: `data-${string}`]: string | undefined;
}) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a figure is no group of form fields
    <div
      class={`hint ${className}`}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what it was measured on must be reachable without a mouse
      tabIndex={0}
      aria-label={label}
      aria-describedby={id}
      {...rest}
    >
      {children}
      <span class="hint-text" role="tooltip" id={id}>
        {text}
      </span>
    </div>
  );
}
