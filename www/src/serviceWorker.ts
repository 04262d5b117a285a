/**
 * Keeps the page for when there is no network. Every file is kept under its path and its hash, so
 * versions live side by side in one cache: a page that is open keeps the files it was opened with,
 * and the next one that is opened gets the newest version that is here whole.
 */

/** A file of the site, relative to its folder, and its hash as `integrity` has it. */
type File = readonly [path: string, hash: string];

declare const self: ServiceWorkerGlobalScope & {
  /** Written above this file by the build. */
  site: { version: string; code: readonly File[]; data: readonly File[] };
};

const { version, code, data } = self.site;
const { scope } = self.registration;
/** One origin may serve several copies of the site. */
const CACHE = `secateurs ${scope}`;
/** The newest page of which everything is here; its own files are named in it. */
const NEWEST = new URL('newest', scope).href;
/** Which version it is. */
const NEWEST_VERSION = new URL('newest-version', scope).href;

const address = (path: string) => new URL(path, scope).href;
const bare = ({ url }: Request) => url.split(/[?#]/)[0] ?? '';
const key = ([path, hash]: File) => `${address(path)}?${encodeURIComponent(hash)}`;
const known = new Map([...code, ...data].map((file) => [address(file[0]), file]));

async function keep(file: File): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(key(file));
  if (kept) return kept;
  // A site in the middle of being replaced has files of two versions: the hash tells.
  const response = await fetch(address(file[0]), { integrity: file[1], cache: 'no-cache' });
  if (!response.ok) throw new Error(`${file[0]}: ${response.status}`);
  await cache.put(key(file), response.clone());
  return response;
}

/** One after the other, so that whatever the visitor waits for comes first. */
async function keepAll(files: readonly File[]): Promise<void> {
  for (const file of files) await keep(file);
}

async function install(): Promise<void> {
  await keepAll(code);
  const page = code.find(([path]) => path === './');
  const cache = await caches.open(CACHE);
  if (page) await cache.put(NEWEST, await keep(page));
  await cache.put(NEWEST_VERSION, new Response(version));
  await announce();
  // No page is touched by this: whoever is open keeps its files.
  await self.skipWaiting();
}

/**
 * Every open page learns that this version is here; one of another version says so. Not only once
 * this worker is in charge: the one before it stays until it has had nothing to do for a while,
 * half a minute in Chromium, and serves the newest page as well.
 */
async function announce(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const page of pages) if (page.url.startsWith(scope)) page.postMessage({ version });
}

/** The version that the next page will be of. */
async function newest(): Promise<string> {
  const kept = await (await caches.open(CACHE)).match(NEWEST_VERSION);
  return kept ? kept.text() : version;
}

/** Drops what older versions left, once no page of theirs is open. */
async function tidy(asking: string): Promise<void> {
  // What a newer worker keeps is not this one's to drop.
  if ((await newest()) !== version || self.registration.installing) return;
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.some(({ id, url }) => id !== asking && url.startsWith(scope))) return;
  const wanted = new Set([...known.values()].map(key)).add(NEWEST).add(NEWEST_VERSION);
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    if (!wanted.has(request.url)) await cache.delete(request);
  }
}

async function page(request: Request): Promise<Response> {
  const newest = await (await caches.open(CACHE)).match(NEWEST);
  return newest ?? fetch(request);
}

async function file(request: Request): Promise<Response> {
  const wanted = known.get(bare(request));
  if (wanted) return keep(wanted).catch(() => fetch(request));
  // Another version's.
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(install()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = bare(request);
  if (request.method !== 'GET' || !url.startsWith(scope)) return;
  const isPage = url === scope || url === address('index.html');
  if (request.mode === 'navigate' && isPage) event.respondWith(page(request));
  else if (request.mode !== 'navigate' || known.has(url)) event.respondWith(file(request));
});

/** A page is at rest and says which version it is. */
self.addEventListener('message', (event) => {
  const { source } = event;
  if (!(source instanceof Client)) return;
  const mine = event.data?.version === version;
  const work = async () => {
    source.postMessage({ version: await newest() });
    // What cannot be kept, offline or for lack of room, is tried again another time.
    if (event.data?.data) await keepAll(data).catch(() => {});
    if (mine) await tidy(source.id);
  };
  event.waitUntil(work());
});
