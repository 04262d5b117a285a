/** Puts our own code before every `import()`, in place of Vite's. */
import type { Plugin } from 'vite';

/** What Vite's is called, and exports. */
const [HELPER, NAME] = ['\0vite/preload-helper.js', '__vitePreload'];

/** `source` is ours. */
export function preload(source: string): Plugin {
  return {
    name: 'secateurs-preload',
    apply: 'build',
    enforce: 'pre',
    load: (id) =>
      id === HELPER ? `export { fetched as ${NAME} } from ${JSON.stringify(source)};` : undefined,
  };
}
