/** Sections far down the page: their code is fetched once they come near, or are asked for. */
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** So far below the window a section begins to be fetched. */
const AHEAD = '800px';

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
  useEffect(() => {
    const target = place.current;
    if (!target || found) return;
    const fetch = () => void load().then((Section) => setFound({ Section }));
    if (now) {
      fetch();
      return;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) fetch();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [load, now, found]);
  return found ? <found.Section /> : <div class={className} ref={place} />;
}
