/** Hashes of what the page fetches: in its tags, and for its own code to compare with. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** As `integrity` has it. */
export function integrity(content: string | Buffer): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}

/**
 * `import hash from 'integrity:NAME'` is the hash of a file in one of these folders; empty while
 * there is none, as in tests of the page by itself.
 */
export function integrityOf(folders: readonly string[]): Plugin {
  const [asked, inside] = ['integrity:', '\0integrity:'];
  return {
    name: 'secateurs-integrity-of',
    // Called a script, because that is what it becomes, whatever it is of.
    resolveId: (id) => (id.startsWith(asked) ? `${inside}${id.slice(asked.length)}.js` : undefined),
    load(id) {
      if (!id.startsWith(inside)) return;
      const name = id.slice(inside.length, -'.js'.length);
      const file = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
      if (!file && this.environment.mode === 'build') this.error(`there is no ${name} to hash`);
      if (file) this.addWatchFile(file);
      return `export default ${JSON.stringify(file ? integrity(readFileSync(file)) : '')};`;
    },
  };
}

/** Whatever the page's tags name must be what was built. */
export function integrityInTags(): Plugin {
  let out = '';
  return {
    name: 'secateurs-integrity-in-tags',
    apply: 'build',
    configResolved({ root, build }) {
      out = join(root, build.outDir);
    },
    // Once every file is as it stays.
    writeBundle() {
      const index = join(out, 'index.html');
      writeFileSync(index, withIntegrity(readFileSync(index, 'utf8'), out));
    },
  };
}

/** Scripts, what they import, and styles; the core is compared by the code that fetches it. */
export function withIntegrity(html: string, folder: string): string {
  const tag = /<(?:script|link rel="(?:modulepreload|stylesheet)")[^>]* (?:src|href)="([^"]*)"/g;
  return html.replace(tag, (found, address) => {
    return `${found} integrity="${integrity(readFileSync(join(folder, address)))}"`;
  });
}
