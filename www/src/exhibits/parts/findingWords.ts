/** Findings in words. */
import type { Judgement } from '../../engine/trials';

export function verdictWords(stands: Judgement['stands']): string {
  return { holds: 'Holds.', only: 'Holds only in part.', fails: 'Does not hold.' }[stands];
}

/** The colour that a figure has everywhere on the page. */
export function toneOf(label: string): string {
  if (/re-attacked|adaptive/i.test(label)) return 'adaptive';
  if (/old adversarial|transfer/i.test(label)) return 'transfer';
  if (/certified|proven/i.test(label)) return 'certified';
  return /clean/i.test(label) ? 'clean' : '';
}
