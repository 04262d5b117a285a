// @vitest-environment node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { collect } from '../../build/words.ts';

const www = new URL('../../', import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, www), 'utf8'));

const folder = (path: string) => fileURLToPath(new URL(path, www));

describe('the catalogue', () => {
  const found = collect({
    page: folder('src'),
    core: folder('../src'),
    tables: {
      properties: read('src/generated/properties.json'),
      findings: read('src/generated/findings.json'),
    },
  });

  // `npm run words` writes it anew.
  it('holds every text of the sources', async () => {
    await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot('../../words/en.json');
  });
});
