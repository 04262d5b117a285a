/** An exhibit whose code is fetched when it is first looked at. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { arrival, NotArrived } from './arrival';

/** `what` is what it shows, for the sentences while it is not there. */
export function lazy(load: () => Promise<ComponentType>, what: string): ComponentType {
  let fetched: ComponentType | null = null;
  return () => {
    const [Shown, setShown] = useState<{ as: ComponentType | null }>({ as: fetched });
    const [failed, setFailed] = useState(false);
    const fetch = () => {
      setFailed(false);
      arrival(load).then(
        (component) => {
          fetched = component;
          setShown({ as: component });
        },
        () => setFailed(true),
      );
    };
    useEffect(() => {
      if (!fetched) fetch();
    }, []);
    if (Shown.as) return <Shown.as />;
    if (!failed) {
      return (
        <p class="small muted" role="status">
          Fetching {what}.
        </p>
      );
    }
    return (
      <NotArrived
        className="small"
        sentence={`${what} could not be fetched.`}
        load={load}
        again={fetch}
      />
    );
  };
}
