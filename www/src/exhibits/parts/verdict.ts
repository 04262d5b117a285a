/** One honest sentence about the figures, only where their intervals allow it. */
import { type Measured, share } from '../../plots/measured';

export interface Situation {
  clean: Measured | null;
  transfer: Measured | null;
  adaptive: Measured | null;
  /** Shares before the first cut. */
  before: { clean?: number; transfer?: number; adaptive?: number };
  /** Whether anything is cut. */
  cut: boolean;
  eps: number;
  /** The size in words, such as “at most ε 0.05 a pixel”. */
  size: string;
  /** Whether the attack takes aim at all; random noise does not. */
  aimed: boolean;
}

type Move = 'rose' | 'fell' | 'held';

/**
 * Whether an accuracy moved beyond what chance explains. The figure before was measured on the
 * same images or fewer of them, so its interval is taken to be as wide as the one now; two equal
 * intervals differ where the means are further apart than √2 half-widths.
 */
function moved(now: Measured, before: number): Move {
  const margin = Math.SQRT2 * ((now.high - now.low) / 2);
  const change = share(now) - before;
  if (change > margin) return 'rose';
  return change < -margin ? 'fell' : 'held';
}

/** Images that must be measured before the page says anything. */
const ENOUGH = 200;
const known = (measured: Measured | null): measured is Measured =>
  measured !== null && measured.total >= ENOUGH;

export function verdict(situation: Situation): string | null {
  const { clean, transfer, adaptive, before, cut, eps, size, aimed } = situation;
  if (!known(clean) || !known(adaptive)) return null;
  const at = `ε ${eps}`;
  if (!aimed)
    return 'Noise of this size aims at nothing, so these figures say little about attack.';

  if (!cut) {
    if (eps === 0) return 'At ε 0 nothing is changed: attack and clean image are the same.';
    if (clean.low < 0.3) return 'This network hardly reads digits yet; train it for longer first.';
    if (adaptive.high < clean.low / 2) {
      return `It reads clean digits well, yet a change of ${size} defeats it on most of them.`;
    }
    if (adaptive.low <= clean.high / 2) {
      return `Attacked at ${at} it loses about half of its accuracy.`;
    }
    if (adaptive.high < clean.low) {
      return `Attacked at ${at} it loses some of its accuracy, but keeps the larger part.`;
    }
    return `At ${at} this attack does it no measurable harm.`;
  }

  if (clean.high < 0.2) return 'So much is cut that hardly anything is read, attacked or not.';
  if (before.adaptive === undefined || before.clean === undefined) return null;
  const honest = moved(adaptive, before.adaptive);
  const old =
    known(transfer) && before.transfer !== undefined ? moved(transfer, before.transfer) : null;
  const price = moved(clean, before.clean);
  const cost = price === 'fell' ? ' It costs accuracy on clean images.' : '';

  if (old === 'rose' && honest !== 'rose') {
    return 'Cutting these looks like a defence against yesterday’s images. Against an attacker who tries again it is none.';
  }
  if (old === 'rose' && honest === 'rose') {
    const [gainOld, gainNew] = [
      share(transfer as Measured) - (before.transfer as number),
      share(adaptive) - before.adaptive,
    ];
    return gainNew < gainOld / 2
      ? `Against yesterday’s images this cut gains more than against an attacker who tries again; the smaller gain is the true one.${cost}`
      : `This cut helps even against an attacker who tries again.${cost}`;
  }
  if (honest === 'rose') return `This cut helps against an attacker who tries again.${cost}`;
  if (honest === 'fell') {
    return price === 'fell'
      ? 'This cut makes the network worse, on clean and on attacked images.'
      : 'Clean accuracy holds, but the network is now easier to fool.';
  }
  return price === 'fell'
    ? 'This cut costs clean accuracy and gains nothing against an attacker who tries again.'
    : 'This cut changes nothing that the intervals can tell apart.';
}
