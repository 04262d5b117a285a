/** What a first visitor with a phone sees: digits, and what is going to happen to them. */
import { useComputed } from '@preact/signals';
import { useCallback, useState } from 'preact/hooks';
import { paintInk } from '../plots/weightMap';
import { network, rawDigits } from '../state';
import { ink } from './parts/ink';
import { Pixels } from './parts/Pixels';

const DIGITS = Array.from({ length: 8 }, (_, index) => index);

function Digit({ index }: { index: number }) {
  const pixels = useComputed(() => rawDigits.value[index]?.pixels).value;
  const colours = ink.value;
  const paint = useCallback(
    (out: Uint32Array) => paintInk(pixels ?? [], 255, colours.digits, out),
    [pixels, colours],
  );
  return <Pixels paint={paint} />;
}

export const INVITATION =
  'Train a small network to read digits. Then fool it, see which of its neurons were misled, and cut them out.';

export function Welcome() {
  // It stays once it was read: what is below must not jump when the first network is there.
  const [had] = useState(() => network.peek() !== null);
  if (had) return null;
  return (
    <div class="welcome">
      <p class="welcome-lead">{INVITATION}</p>
      <div class="welcome-digits" aria-hidden="true">
        {DIGITS.map((index) => (
          <Digit key={index} index={index} />
        ))}
      </div>
    </div>
  );
}
