/** Code of the page that is fetched when it is wanted: what is said when it does not arrive. */

/** So long nothing comes before that is said; it may come still. */
const PATIENCE_MS = 20_000;

/** How often each has failed. */
const failures = new WeakMap<() => Promise<unknown>, number>();

/** Rejects where the code does not arrive, or not soon; asked again, it may be there. */
export async function arrival<T>(load: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It does not come.')), PATIENCE_MS);
  });
  try {
    return await Promise.race([load(), late]);
  } catch (error) {
    failures.set(load, (failures.get(load) ?? 0) + 1);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Browsers from before 2026 never fetch again what failed once, unless the page is loaded anew. */
export const needsReload = (load: () => Promise<unknown>): boolean => (failures.get(load) ?? 0) > 1;

/** `sentence` says what did not arrive. */
export function NotArrived({
  sentence,
  load,
  again,
  className = '',
}: {
  sentence: string;
  load: () => Promise<unknown>;
  again: () => void;
  className?: string;
}) {
  return (
    <p class={className} role="alert">
      {sentence}{' '}
      {needsReload(load) ? (
        <button type="button" class="link" onClick={() => location.reload()}>
          Load the page anew; your link keeps your network
        </button>
      ) : (
        <button type="button" class="link" onClick={again}>
          Try again
        </button>
      )}
    </p>
  );
}
