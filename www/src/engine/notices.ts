/** The sentences that tell a visitor what went wrong or happened by itself. */
import { type Notice, notices } from '../state';

let lastId = 0;
const MOST = 5;

/**
 * Shows a sentence; the same one is not shown twice, and a retry then is one of all that it was said
 * of. Returns its id.
 */
export function notify(
  kind: Notice['kind'],
  sentence: string,
  retry?: () => void,
  label?: string,
): number {
  const id = ++lastId;
  const before = notices.value.find((other) => other.sentence === sentence)?.retry;
  const all = () => {
    before?.();
    retry?.();
  };
  const notice: Notice = {
    ...{ id, kind, sentence },
    ...(retry ? { retry: all } : {}),
    ...(label ? { label } : {}),
  };
  const others = notices.value.filter((other) => other.sentence !== sentence);
  notices.value = [...others, notice].slice(-MOST);
  return id;
}

export function dismissNotice(id: number): void {
  if (!notices.value.some((notice) => notice.id === id)) return;
  notices.value = notices.value.filter((notice) => notice.id !== id);
}
