/** What a first visitor with a phone sees: digits, and what is going to happen to them. */
import { useComputed } from '@preact/signals';
import { useCallback } from 'preact/hooks';
import { train } from '../actions';
import { paintInk } from '../plots/weightMap';
import { network, rawDigits, training } from '../state';
import { FirstLesson } from './Lessons';
import { ink } from './parts/ink';
import { Pixels } from './parts/Pixels';
import { useMay } from './parts/Place';

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
  const has = useComputed(() => network.value !== null).value;
  const idle = useComputed(() => training.value.phase === 'idle').value;
  // A link may hide the controls of training; the press that begins everything stays.
  const alone = useMay('train').hidden;
  if (has) return null;
  return (
    <div class="welcome">
      <p class="welcome-lead">{INVITATION}</p>
      <div class="welcome-digits" aria-hidden="true">
        {DIGITS.map((index) => (
          <Digit key={index} index={index} />
        ))}
      </div>
      {alone && (
        <button type="button" class="button main big" disabled={!idle} onClick={train}>
          Train a network
        </button>
      )}
      <FirstLesson />
    </div>
  );
}
