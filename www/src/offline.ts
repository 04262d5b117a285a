/**
 * The page works without a network after the first visit, and says when there is a newer one.
 * Where a browser has no service workers, or forbids them, everything else works as before.
 */
import { notify } from './engine/notices';
import { script } from './scripts';

const HOUR_MS = 3_600_000;

export async function keepOffline(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const version = document.querySelector<HTMLMetaElement>('meta[name="version"]')?.content;
  const tell = (worker: ServiceWorker | null) =>
    worker?.postMessage({ version, data: !savesData() });
  let announced = version;
  serviceWorker.addEventListener('message', ({ data }) => {
    if (typeof data?.version !== 'string' || data.version === announced) return;
    announced = data.version;
    if (data.version !== version) announce();
  });
  serviceWorker.startMessages();
  try {
    const registration = await serviceWorker.register(script('offline'));
    tell(registration.active);
    // The first one begins to keep the images when it can; a newer one tells by itself that it is
    // here (see `serviceWorker.ts`). The one in charge is not asked again: whatever it has to do
    // puts off the moment at which the newer one takes over.
    const first = registration.active ? null : registration.installing;
    first?.addEventListener('statechange', () => {
      if (first.state === 'activated') tell(first);
    });
    const look = () => {
      if (!document.hidden) registration.update().catch(() => {});
    };
    document.addEventListener('visibilitychange', look);
    setInterval(look, HOUR_MS);
  } catch {
    // A private window, or a page that is not served over HTTPS.
  }
}

function announce(): void {
  const sentence = 'A new version is ready. Reload to use it; your link keeps your network.';
  notify('info', sentence, () => location.reload(), 'Reload');
}

/** Eleven megabytes of images are not fetched ahead for whoever asked to be sent little. */
function savesData(): boolean {
  return Boolean((navigator as { connection?: { saveData?: boolean } }).connection?.saveData);
}
