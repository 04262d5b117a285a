/** Parts of the page that a teacher's link may hide, or show without letting them be moved. */
import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { hidden, locked } from '../../teachingState';

/** Why something cannot be moved. */
export const LOCKED = 'Locked by this link.';

/** Whether a link hides or locks what goes by this name. */
export function useMay(name: string): { hidden: boolean; locked: boolean } {
  const off = useComputed(() => hidden.value.has(name)).value;
  const fixed = useComputed(() => locked.value.has(name)).value;
  return { hidden: off, locked: fixed };
}

function Padlock() {
  return (
    <svg class="padlock" width="9" height="11" viewBox="0 0 9 11" aria-hidden="true">
      <title>{LOCKED}</title>
      <path d="M2.2 5V3.2a2.3 2.3 0 0 1 4.6 0V5" fill="none" stroke="currentColor" />
      <rect x="0.8" y="4.8" width="7.4" height="5.6" rx="1" fill="currentColor" />
    </svg>
  );
}

/** A whole part of the page; locked, its buttons and fields do nothing, and a line says why. */
export function Place({ name, children }: { name: string; children: ComponentChildren }) {
  const may = useMay(name);
  if (may.hidden) return null;
  if (!may.locked) return <>{children}</>;
  return (
    <section class="fixed-part" aria-label={`Locked by this link: ${name}`}>
      <fieldset class="fixed-part" disabled data-testid={`locked-${name}`}>
        <legend class="locked-word small muted">
          <Padlock /> {LOCKED}
        </legend>
        {children}
      </fieldset>
    </section>
  );
}

/** A single control, by its group and key in the property table. */
export function Single({ name, children }: { name: string; children: ComponentChildren }) {
  const may = useMay(name);
  if (may.hidden) return null;
  if (!may.locked) return <>{children}</>;
  return (
    <fieldset class="fixed" disabled data-testid={`locked-${name}`} title={LOCKED}>
      <legend class="heard">{LOCKED}</legend>
      <Padlock />
      {children}
    </fieldset>
  );
}
