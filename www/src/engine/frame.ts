/**
 * Runs `work` at most once a frame, however often it is asked for. In a task of its own: what it
 * changes on the page is drawn anew right after it, and with the frame it would be one long task.
 */
export function oncePerFrame(work: () => void): () => void {
  let asked = false;
  const run = () => {
    asked = false;
    work();
  };
  return () => {
    if (asked) return;
    asked = true;
    // A hidden tab has no frames, but its figures should go on.
    if (document.hidden) setTimeout(run, 200);
    else requestAnimationFrame(() => setTimeout(run));
  };
}

/** Runs `work` once nothing has asked for it for a while. */
export function settled(work: () => void, afterMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, afterMs);
  };
}
