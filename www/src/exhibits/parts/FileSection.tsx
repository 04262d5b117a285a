/** A part of the dialog of files, under a heading of its own. */
import type { ComponentChildren } from 'preact';

export function FileSection({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="file-section">
      <h3>{title}</h3>
      {children}
    </section>
  );
}
