// @vitest-environment node
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CACHED, FILE, HEADERS, meta, POLICY } from '../../../build/headers.ts';
import { integrity, withIntegrity } from '../../../build/integrity.ts';
import { page } from '../../../build/licences.ts';

describe('the headers', () => {
  it('are told to whoever hosts the page as they are', () => {
    const said = readFileSync(new URL('../../../HOSTING.md', import.meta.url), 'utf8');
    for (const [name, value] of Object.entries(HEADERS)) {
      expect(said).toContain(`add_header ${name} "${value}" always;`);
      expect(FILE).toContain(`\n  ${name}: ${value}\n`);
    }
    expect(said.match(/^add_header /gm)).toHaveLength(Object.keys(HEADERS).length);
    expect(said).toContain(`add_header Cache-Control "${CACHED}" always;`);
  });

  it('allow no more than the page needs', () => {
    expect(POLICY).toMatch(/^default-src 'none'; /);
    expect(POLICY).toContain("require-trusted-types-for 'script'");
    expect(POLICY).not.toMatch(/'unsafe-|\*|https?:|strict-dynamic/);
    expect(POLICY.match(/'wasm-unsafe-eval'/g)).toHaveLength(1);
    expect(meta()).toContain(`content="${POLICY}"`);
  });
});

describe('hashes', () => {
  it('are as browsers have them', () => {
    const abc = 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=';
    expect(integrity('abc')).toBe(abc);
  });

  it('are put into the tags of what is run or styled, and into no other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'secateurs-tags-'));
    writeFileSync(join(folder, 'a.js'), 'abc');
    const html = [
      '<script type="module" crossorigin src="./a.js"></script>',
      '<link rel="modulepreload" crossorigin href="./a.js">',
      '<link rel="stylesheet" crossorigin href="./a.js">',
      '<link rel="icon" href="./none.svg">',
    ].join('\n');
    const hashed = withIntegrity(html, folder);
    rmSync(folder, { recursive: true });
    expect(hashed.split(`./a.js" integrity="${integrity('abc')}"`)).toHaveLength(4);
    expect(hashed).toContain('<link rel="icon" href="./none.svg">');
  });
});

describe('the page of licences', () => {
  it('shows what strangers wrote as text', () => {
    const of = '<b>x</b>';
    const shown = page(
      {
        parts: [{ from: 'npm', name: of, version: '1', licence: of, home: '"><script>' }],
        texts: [{ of: [of], text: '</pre><script>alert(1)</script>' }],
      },
      ['a.css'],
    );
    expect(shown).not.toMatch(/<script|<b>/);
    expect(shown).toContain('&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(shown).toContain(POLICY);
  });
});
