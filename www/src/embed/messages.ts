/** What an embedding page may ask, checked. */

export type Command =
  | { do: 'open'; link: string }
  | { do: 'undo' | 'redo' | 'train' | 'prune' | 'get' }
  | { do: 'select'; image: number };

/** A message that was meant for this page: what it asks, or what is wrong with it. */
export type Asked = { command: Command } | { problem: string };

const LONGEST_LINK = 16 << 10;
const LAST_IMAGE = 9999;
const WORDS = ['open', 'undo', 'redo', 'train', 'prune', 'select', 'get'];

/** Null for what is not meant for this page: pages send each other all kinds of things. */
export function readMessage(data: unknown): Asked | null {
  if (typeof data !== 'object' || data === null || !('secateurs' in data)) return null;
  const message = data as Record<string, unknown>;
  if (message.secateurs !== 1) {
    return { problem: 'Only messages of version 1 are known here: {secateurs: 1, do: …}.' };
  }
  const word = message.do;
  switch (word) {
    case 'undo':
    case 'redo':
    case 'train':
    case 'prune':
    case 'get':
      return { command: { do: word } };
    case 'open': {
      const { link } = message;
      if (typeof link === 'string' && link !== '' && link.length <= LONGEST_LINK) {
        return { command: { do: 'open', link } };
      }
      return { problem: `“open” needs a link of at most ${LONGEST_LINK} characters.` };
    }
    case 'select': {
      const { image } = message;
      const whole = typeof image === 'number' && Number.isInteger(image);
      if (whole && image >= 0 && image <= LAST_IMAGE) return { command: { do: 'select', image } };
      return { problem: `“select” needs an image, a whole number from 0 to ${LAST_IMAGE}.` };
    }
    default:
      return { problem: `“do” must be one of ${WORDS.join(', ')}.` };
  }
}

/** An origin as `postMessage` takes it; a page without one can only be addressed as any. */
export const targetOf = (origin: string): string => (origin === 'null' ? '*' : origin);
