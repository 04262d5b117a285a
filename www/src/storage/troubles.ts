/** Why nothing can be kept, in the words of the visitor. */

export type Trouble = 'missing' | 'refused' | 'full' | 'blocked' | 'silent' | 'newer' | 'damaged';

/** An operation that did not work. */
export class Troubled extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(SENTENCES[trouble]);
    this.trouble = trouble;
  }
}

export const SENTENCES: Record<Trouble, string> = {
  missing:
    'Your history cannot be kept on this device (this browser has no place for it); it lasts as long as this page is open.',
  refused:
    'Your history cannot be kept on this device (the browser does not allow it); it lasts as long as this page is open.',
  full: 'Your history cannot be kept on this device (storage is full); it lasts as long as this page is open.',
  blocked:
    'Your history cannot be kept on this device (another tab holds an older version of this page, close it first); it lasts as long as this page is open.',
  silent:
    'Your history cannot be kept on this device (its storage does not answer); it lasts as long as this page is open.',
  newer:
    'Your history cannot be kept on this device (a newer version of this page keeps it, reload to use that); it lasts as long as this page is open.',
  damaged:
    'Your history cannot be kept on this device (what is kept there is damaged, “Files” can delete it); it lasts as long as this page is open.',
};

const BY_NAME: Readonly<Record<string, Trouble>> = {
  QuotaExceededError: 'full',
  VersionError: 'newer',
  SecurityError: 'refused',
  // Firefox in a window that keeps nothing.
  InvalidStateError: 'refused',
  NotAllowedError: 'refused',
};

/** Which trouble an error of the database means; one that nobody knows is damage. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Troubled) return error.trouble;
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  return BY_NAME[name] ?? 'damaged';
}
