/**
 * The page of licences, and the list of parts for tools, beside the page. `cargo xtask` writes what
 * they say (xtask/src/supply); here it is held against what really went into the page.
 */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { meta } from './headers.ts';
import { withIntegrity } from './integrity.ts';

interface Parts {
  parts: {
    from: keyof typeof GROUPS;
    name: string;
    version: string;
    licence: string;
    home: string;
  }[];
  texts: { of: string[]; text: string }[];
}

const GROUPS = {
  rust: 'From the compiler',
  crates: 'Crates, in the WebAssembly',
  npm: 'Packages of npm, in the JavaScript',
  data: 'Data',
};

/** Of a module within the build: whose it is, where it is not ours. */
function owner(id: string): string | null {
  if (id.startsWith('\0vite/')) return 'vite';
  if (id.startsWith('\0rolldown/')) return 'rolldown';
  const place = id.replaceAll('\\', '/').split('/node_modules/').at(-1) ?? '';
  return place === id ? null : (/^(@[^/]+\/)?[^/]+/.exec(place)?.[0] ?? null);
}

/** `folder` is where `cargo xtask` writes; a page built without it has neither. `style`: of the page. */
export function licences(folder: string, style: string): Plugin {
  let out = '';
  let styled = '';
  const file = join(folder, 'parts.json');
  const known = (): Parts | null =>
    existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  return {
    name: 'secateurs-licences',
    apply: 'build',
    configResolved({ root, build }) {
      out = join(root, build.outDir);
    },
    buildStart() {
      styled = this.emitFile({
        type: 'asset',
        name: 'licences.css',
        source: readFileSync(style, 'utf8'),
      });
    },
    generateBundle(_options, bundle) {
      const named = new Set(known()?.parts.map(({ name }) => name));
      if (named.size === 0) return;
      for (const chunk of Object.values(bundle)) {
        for (const id of chunk.type === 'chunk' ? chunk.moduleIds : []) {
          const whose = owner(id);
          if (whose && !named.has(whose))
            this.error(`${whose} is in the page, but not in its list`);
        }
      }
    },
    writeBundle(_options, bundle) {
      const parts = known();
      if (!parts) return;
      const general = Object.keys(bundle).find((name) => /(^|\/)index-[^/]*\.css$/.test(name));
      const styles = [general ?? '', this.getFileName(styled)];
      writeFileSync(join(out, 'licences.html'), withIntegrity(page(parts, styles), out));
      copyFileSync(join(folder, 'sbom.json'), join(out, 'sbom.json'));
    },
  };
}

/** It has no script: whatever the page's policy allows beside styles, this needs none of it. */
export function page({ parts, texts }: Parts, styles: readonly string[]): string {
  const groups = Object.entries(GROUPS).map(([from, title]) => {
    const rows = parts.filter((part) => part.from === from).map(row);
    return rows.length === 0 ? '' : `<h2>${title}</h2>\n<ul>\n${rows.join('\n')}\n</ul>`;
  });
  const terms = texts.map(
    ({ of, text }) =>
      `<section>\n<h3>${escaped(of.join(', '))}</h3>\n<pre>${escaped(text)}</pre>\n</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${meta()}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Secateurs: what it is made of</title>
<link rel="icon" href="./favicon.svg" type="image/svg+xml">
${styles.map((style) => `<link rel="stylesheet" href="./${style}">`).join('\n')}
</head>
<body>
<main class="licences">
<h1>What Secateurs is made of</h1>
<p>Secateurs is under the MIT licence or Apache-2.0, as you like. Visitors are sent the work of others, too: what is listed here, with the texts of its licences below. Where a licence can be chosen, it is MIT’s. <a href="./sbom.json">The same list for tools</a> is in CycloneDX’s form. <a href="./">Back to the lab</a></p>
${groups.filter(Boolean).join('\n')}
<h2>The texts</h2>
${terms.join('\n')}
</main>
</body>
</html>
`;
}

function row({ name, version, licence, home }: Parts['parts'][number]): string {
  const said = escaped(`${name} ${version}`.trimEnd());
  const linked = home === '' ? said : `<a href="${escaped(home)}" rel="noreferrer">${said}</a>`;
  return `<li>${linked} <span class="muted">${escaped(licence)}</span></li>`;
}

const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
