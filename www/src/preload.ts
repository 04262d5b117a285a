/**
 * What stands before every `import()` of the built page (`build/preload.ts` puts it there): what it
 * needs is fetched first, and imported only when all of it is there, out of the browser's cache. For
 * browsers remember for good that an import failed, but not that a request did, so that whoever
 * tries again gets it.
 */

const arrivals = new Map<string, Promise<void>>();

/** `files` are the scripts and styles that the import needs, from where the importing script is. */
export async function fetched<T>(
  load: () => Promise<T>,
  files: readonly string[] = [],
  importer = document.baseURI,
): Promise<T> {
  await Promise.all(files.map((file) => arrival(new URL(file, importer).href)));
  return load();
}

function arrival(address: string): Promise<void> {
  const known = arrivals.get(address);
  if (known) return known;
  const fetching = address.endsWith('.css') ? style : script;
  const arriving = isThere(address) ? Promise.resolve() : fetching(address);
  arrivals.set(address, arriving);
  arriving.catch(() => arrivals.delete(address));
  return arriving;
}

/** The page itself came with some of them. */
const isThere = (address: string): boolean =>
  [...document.querySelectorAll<HTMLLinkElement>('link[rel]')].some(({ href }) => href === address);

async function script(address: string): Promise<void> {
  const response = await fetch(address);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
}

function style(address: string): Promise<void> {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = address;
  const arriving = new Promise<void>((resolve, reject) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error(`${address} did not arrive.`));
    });
  });
  document.head.append(link);
  return arriving;
}
