/**
 * What the page forbids itself, told once: for its `<meta>`, for the headers that servers send
 * (`_headers`, which `cargo xtask run` reads as well), and for HOSTING.md.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const DIRECTIVES: Record<string, string> = {
  'default-src': "'none'",
  // Compiling WebAssembly, and no other code that comes as data.
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'style-src': "'self'",
  // Pictures of filters are drawn here and set into plots; plots are drawn again to be PNGs.
  'img-src': "'self' data: blob:",
  'connect-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
  // The one policy, of `src/scripts.ts`.
  'trusted-types': 'secateurs',
};

export const POLICY = Object.entries(DIRECTIVES)
  .map(([name, value]) => `${name} ${value}`)
  .join('; ');

/** What the page has no use for; its frames in other pages get nothing of theirs either. */
const UNUSED = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
];

/** Of the page's workers, too, these are the only policy: a worker does not take over its page's. */
export const HEADERS: Record<string, string> = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': UNUSED.map((feature) => `${feature}=()`).join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Of files whose names change with their contents. */
export const CACHED = 'public, max-age=31536000, immutable';

/** As Netlify and Cloudflare Pages read it. */
export const FILE = `/*\n${Object.entries(HEADERS)
  .map(([name, value]) => `  ${name}: ${value}\n`)
  .join('')}/assets/*\n  Cache-Control: ${CACHED}\n`;

const CHARSET = '<meta charset="utf-8">';

/** Only built pages: the dev server injects styles, which the policy forbids. */
export function headers(): Plugin {
  let out = '';
  return {
    name: 'secateurs-headers',
    apply: 'build',
    configResolved({ root, build }) {
      out = join(root, build.outDir);
    },
    transformIndexHtml: (html) => html.replace(CHARSET, `${CHARSET}\n    ${meta()}`),
    writeBundle() {
      writeFileSync(join(out, '_headers'), FILE);
    },
  };
}

/** The policy as a page states it. */
export function meta(): string {
  return `<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n    <meta name="referrer" content="no-referrer">`;
}
