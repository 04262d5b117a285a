/** For the ear: what came of a training or a cut, once, when its figures are whole. */
import { useSignalEffect } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import { figures, network, preview } from '../state';
import { type Announced, announcement } from './parts/announcement';

export function Announcer() {
  const [sentence, say] = useState('');
  const last = useRef<(Announced & { digest: string }) | null>(null);
  useSignalEffect(() => {
    const facts = network.value;
    const { clean, adaptive } = figures.value;
    if (!facts || preview.value || !clean?.done || !adaptive?.done) return;
    if (last.current?.digest === facts.digest) return;
    say(announcement(facts, last.current, clean, adaptive));
    last.current = facts;
  });
  return (
    <p class="heard" aria-live="polite" data-testid="announcement">
      {sentence}
    </p>
  );
}
