/** How a history that was kept comes back on screen. */
import { effect } from '@preact/signals';
import { type History, measuredBy } from '../engine/history';
import { dismissNotice, notify } from '../engine/notices';
import { isCutting } from '../engine/recipes';
import type { Session } from '../engine/session';
import { history, recipe, shareLink } from '../state';
import { joined, sameNetwork } from './joined';
import type { Restored } from './restore';

/**
 * What the tab had, where that is what the address said or what is on screen is part of it; of a
 * page that was loaded anew where all was undone, also what had been undone. A link that was opened
 * is shown, though the address had not followed from it when the tab was left.
 */
export function lineFor(kept: Restored, reloaded = isReloaded()): History | null {
  const here = kept.line.entries[kept.line.at];
  const shown = here !== undefined && sameNetwork(here, recipe.peek());
  if (address() === kept.address && (reloaded || shown)) return kept.line;
  // The address was written after the last that was kept.
  const empty = kept.line.entries.findIndex(({ steps }) => steps.length === 0);
  if (reloaded && isEmpty() && empty >= 0) return { ...kept.line, at: empty };
  const line = joined(kept.line, history.peek());
  const { attack, measure, distortion } = recipe.peek();
  return line && measuredBy(line, { attack, measure, distortion });
}

/** Rather than opened by a link. */
function isReloaded(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  return (navigation as PerformanceNavigationTiming | undefined)?.type !== 'navigate';
}

/** The place that a history is taken up at: a network. */
export function shownIn({ entries, at }: History): number {
  if ((entries[at]?.steps.length ?? 0) > 0) return at;
  return entries.findLastIndex(({ steps }) => steps.length > 0);
}

/** What of it is not on screen again. */
export function tell({ line, target, dropped }: Restored, session: Session): void {
  if (dropped > 0) {
    notify('info', 'Some steps that were kept on this device were damaged and are left out.');
  }
  const top = target?.steps.at(-1);
  if (!target || !top) return;
  if ([...line.entries, recipe.peek()].some((entry) => sameNetwork(entry, target))) return;
  const sentence = isCutting(top)
    ? 'A cut was under way when the page was closed; it is lost.'
    : 'A training was under way when the page was closed; it is lost.';
  const again = () => {
    dismissNotice(id);
    session.propose(target, true);
  };
  const id = notify('info', sentence, again, 'Do it again');
}

/** Nothing was trained or opened yet. */
export const isEmpty = (): boolean =>
  history.peek().entries.every(({ steps }) => steps.length === 0);

/** The link of what is on screen, without `#`. */
export const address = (): string => shareLink.peek().split('#')[1] ?? '';

/** Is kept once something is so. */
export function when(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (!condition()) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}
