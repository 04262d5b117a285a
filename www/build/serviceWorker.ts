/** The service worker, with the list of all files of the site that it keeps. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { integrity as hash } from './integrity.ts';

const NAME = 'service-worker.js';

/** For servers and for whoever reads what the page is made of: the page itself does without. */
const ASIDE = new Set([NAME, 'index.html', '_headers', 'sbom.json']);

/** Fetched after the page, and left out where data are saved. */
const LATER = /^(data\/|licences\.html$)/;

/** It must lie beside the page, under a name that never changes. */
export function serviceWorker(source: string): Plugin {
  let out = '';
  let written = false;
  return {
    name: 'secateurs-service-worker',
    apply: 'build',
    configResolved({ root, build }) {
      out = join(root, build.outDir);
    },
    buildStart() {
      this.emitFile({ type: 'chunk', id: source, fileName: NAME });
    },
    writeBundle() {
      written = true;
    },
    // Once everything else is where a server finds it; not after a build that failed.
    closeBundle: {
      order: 'post',
      sequential: true,
      handler: () => (written ? list(out) : undefined),
    },
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
    .filter((path) => !ASIDE.has(path))
    .sort();
  const hashed = files.map((path) => [path, hash(readFileSync(join(out, path)))] as const);
  const index = join(out, 'index.html');
  const worker = join(out, NAME);
  const html = readFileSync(index, 'utf8');
  const script = readFileSync(worker, 'utf8');
  const version = hash(JSON.stringify([hashed, hash(html), hash(script)])).slice(7, 23);
  const named = html.replace('<title>', `<meta name="version" content="${version}">\n    <title>`);
  writeFileSync(index, named);
  const isLater = ([path]: readonly [string, string]) => LATER.test(path);
  const site = {
    version,
    code: [['./', hash(named)], ...hashed.filter((file) => !isLater(file))],
    data: hashed.filter(isLater),
  };
  writeFileSync(worker, `self.site=${JSON.stringify(site)};\n${script}`);
}
