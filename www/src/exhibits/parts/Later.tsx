/** Sections far down the page: their code is fetched once they come near, or are asked for. */
import { useComputed } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { data } from '../../state';
import { arrival, NotArrived } from './arrival';

/** So far below the window a section begins to be fetched, … */
const AHEAD = '800px';
/** … but before the first images come only once it is seen: they are what the page opens with. */
const SEEN = '0px';

export function Later({
  load,
  now = false,
  className,
}: {
  load: () => Promise<ComponentType>;
  /** It is asked for already. */
  now?: boolean;
  className: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [found, setFound] = useState<{ Section: ComponentType } | null>(null);
  const [near, setNear] = useState(false);
  const [failed, setFailed] = useState(false);
  const margin = useComputed(() => (data.value.test + data.value.train > 0 ? AHEAD : SEEN)).value;
  const wanted = (now || near) && !failed && !found;
  useEffect(() => {
    const target = place.current;
    if (!target || near) return;
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.some(({ isIntersecting }) => isIntersecting)),
      { rootMargin: margin },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [near, margin]);
  useEffect(() => {
    if (!wanted) return;
    arrival(load).then(
      (Section) => setFound({ Section }),
      () => setFailed(true),
    );
  }, [wanted, load]);
  if (found) return <found.Section />;
  return (
    <div class={className} ref={place}>
      {failed && (
        <NotArrived
          sentence="This part of the page did not arrive; is the connection down?"
          load={load}
          again={() => setFailed(false)}
        />
      )}
    </div>
  );
}
