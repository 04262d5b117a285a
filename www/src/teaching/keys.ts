/** What a key does while a room looks on; remote clickers send Page Up and Page Down. */
export type Turn = 'back' | 'on' | 'leave';

const TURNS: Record<string, Turn> = {
  ArrowRight: 'on',
  PageDown: 'on',
  ArrowLeft: 'back',
  PageUp: 'back',
  Escape: 'leave',
};

/** Widgets that have a use for arrow keys themselves. */
const OWN = 'input, select, textarea, [role="grid"], [role="slider"], [role="toolbar"] button';

/** Nothing where the key belongs to what has the focus, or to the browser. */
export function turnOf(event: KeyboardEvent): Turn | null {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return null;
  const turn = TURNS[event.key] ?? null;
  const own = event.target instanceof Element && event.target.closest(OWN) !== null;
  if (!own || turn === null) return turn;
  // A clicker's keys turn the page wherever the focus was left, but for what is paged itself.
  const paged = event.key.startsWith('Page') && event.target instanceof Element;
  return paged && !event.target.closest('[role="slider"], input[type="range"]') ? turn : null;
}
