import {
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { HEADERS, headers } from './build/headers.ts';
import { integrityInTags, integrityOf } from './build/integrity.ts';
import { licences } from './build/licences.ts';
import { preload } from './build/preload.ts';
import { serviceWorker } from './build/serviceWorker.ts';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const packed = fromHere('../target/data');

/** What workers and page compare what they fetch with. */
const hashes = () => integrityOf([fromHere('src/generated'), packed]);

/**
 * The packed images belong to the build, not to the source tree: the dev server reads them where
 * `cargo xtask` packed them, and a build copies them beside the page.
 */
function data(): Plugin {
  let out = '';
  return {
    name: 'secateurs-data',
    configResolved(config) {
      out = config.build.outDir;
    },
    configureServer(server) {
      server.middlewares.use('/data', (request, response, next) => {
        const path = join(packed, decodeURIComponent((request.url ?? '').split('?')[0] ?? ''));
        if (!path.startsWith(packed + sep) || !existsSync(path)) return next();
        const type = extname(path) === '.json' ? 'application/json' : 'application/octet-stream';
        response.setHeader('Content-Type', type);
        response.setHeader('Content-Length', statSync(path).size);
        createReadStream(path).pipe(response);
      });
    },
    writeBundle() {
      if (existsSync(packed)) cpSync(packed, join(fromHere('.'), out, 'data'), { recursive: true });
    },
  };
}

/**
 * The list of which chunk imports which is for `cargo xtask`, which weighs what loads first, and
 * is no part of the site.
 */
function chunks(): Plugin {
  const kept = fromHere('../target/xtask/chunks.json');
  let out = '';
  return {
    name: 'secateurs-chunks',
    apply: 'build',
    configResolved(config) {
      out = join(fromHere('.'), config.build.outDir);
    },
    writeBundle() {
      mkdirSync(dirname(kept), { recursive: true });
      renameSync(join(out, '.vite/manifest.json'), kept);
      rmSync(join(out, '.vite'), { recursive: true });
    },
  };
}

/**
 * The core's first half is fetched along with the page's code, and not only when that asks for it.
 */
function announced(): Plugin {
  return {
    name: 'secateurs-announced',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((file) => /secateurs_bg-[^/]*\.wasm$/.test(file))
          .map((file) => ({
            tag: 'link',
            attrs: { rel: 'preload', href: `./${file}`, as: 'fetch', crossorigin: true },
            injectTo: 'head' as const,
          })),
    },
  };
}

export default defineConfig({
  // Relative addresses, so that the site can be hosted under any path.
  base: './',
  plugins: [
    data(),
    chunks(),
    serviceWorker(fromHere('src/serviceWorker.ts')),
    announced(),
    preload(fromHere('src/preload.ts')),
    headers(),
    hashes(),
    licences(fromHere('../target/supply'), fromHere('src/styles/licences.css')),
    integrityInTags(),
  ],
  worker: { format: 'es', plugins: () => [hashes()] },
  preview: { headers: HEADERS },
  build: {
    outDir: '../target/site',
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    // Every browser with module workers and wasm SIMD preloads modules by itself.
    modulePreload: { polyfill: false },
    // The wasm and the worker stay files of their own, which a strict CSP can name.
    assetsInlineLimit: 0,
  },
  test: {
    include: ['tests/unit/**/*.test.{ts,tsx}'],
    environment: 'happy-dom',
  },
});
