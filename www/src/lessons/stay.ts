/** Going into a lesson, from step to step, and out again with everything as it was. */
import { engineRunning } from '../actions';
import { bringBack, type Own, own, parsed } from '../engine/own';
import { aside, covered, lesson } from '../lessonState';
import { shareLink } from '../state';

/**
 * A link to what the visitor had, for a page that is loaded anew in the middle of a lesson: where
 * nothing else is kept on this device, the network at least comes back.
 */
const KEY = 'secateurs-before-lesson';
/** So long leaving waits for what is kept. */
const PATIENCE_MS = 2000;

/** What to come back to: as it was, or, where the page was loaded anew meanwhile, its link. */
let had: Own | string | null = null;

/** What is kept under the key is read, written or, with null, taken away, if the browser lets us. */
function storage<T>(use: (storage: Storage) => T): T | null {
  try {
    return use(sessionStorage);
  } catch {
    // Without storage a page that is loaded anew begins with what its address holds.
    return null;
  }
}

/** Puts aside what the visitor has, when the first of some lessons is opened. */
export function begin(): void {
  const session = engineRunning()?.session;
  if (had !== null || !session) return;
  had = storage((kept) => kept.getItem(KEY)) ?? own(session);
  if (typeof had === 'string') return;
  aside.value = had;
  const link = shareLink.peek().split('#')[1] ?? '';
  // The address of a lesson is nothing that the visitor had.
  if (!link.includes('lesson=')) storage((kept) => kept.setItem(KEY, link));
}

/** To a step of a lesson, from 1 on. */
export function go(name: string, step: number): void {
  lesson.value = { name, step };
}

/** The lesson is closed: nothing is covered any more, and there is nothing to come back to. */
export function closed(): void {
  had = null;
  aside.value = null;
  storage((kept) => kept.removeItem(KEY));
  covered.value = new Set();
}

/** Closes the lesson; the network as it stands stays on screen, and Undo leads back. */
export function stay(): void {
  closed();
  lesson.value = null;
}

/** What was kept of it on this device; null where nothing was, or not in time. */
async function kept(): Promise<Own | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  const found = import('../storage').then(({ keeper }) => keeper.beforeLesson());
  return Promise.race([found.catch(() => null), late]);
}

/** Closes the lesson and brings back what the visitor had before it. */
export async function leave(): Promise<void> {
  const session = engineRunning()?.session;
  const before = had;
  const own = typeof before === 'string' ? (aside.peek() ?? kept()) : before;
  stay();
  if (!session || before === null) return;
  const found = await own;
  if (found) bringBack(session, found);
  else if (before === '') session.reset();
  else if (typeof before === 'string') session.open(await parsed(session, before), false);
}
