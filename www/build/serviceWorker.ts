/** The service worker, with the list of all files of the site that it keeps. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const NAME = 'service-worker.js';

/** It must lie beside the page, under a name that never changes. */
export function serviceWorker(source: string): Plugin {
  let out = '';
  return {
    name: 'secateurs-service-worker',
    apply: 'build',
    configResolved({ root, build }) {
      out = join(root, build.outDir);
    },
    buildStart() {
      this.emitFile({ type: 'chunk', id: source, fileName: NAME });
    },
    // Once everything else is where a server finds it.
    closeBundle: { order: 'post', sequential: true, handler: () => list(out) },
  };
}

function list(out: string): void {
  const files = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(out.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => path !== NAME && path !== 'index.html')
    .sort();
  const hashed = files.map((path) => [path, hash(readFileSync(join(out, path)))] as const);
  const index = join(out, 'index.html');
  const worker = join(out, NAME);
  const html = readFileSync(index, 'utf8');
  const script = readFileSync(worker, 'utf8');
  const version = hash(JSON.stringify([hashed, hash(html), hash(script)])).slice(7, 23);
  const named = html.replace('<title>', `<meta name="version" content="${version}">\n    <title>`);
  writeFileSync(index, named);
  const isData = ([path]: readonly [string, string]) => path.startsWith('data/');
  const site = {
    version,
    code: [['./', hash(named)], ...hashed.filter((file) => !isData(file))],
    data: hashed.filter(isData),
  };
  writeFileSync(worker, `self.site=${JSON.stringify(site)};\n${script}`);
}

function hash(content: string | Buffer): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
