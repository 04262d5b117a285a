import { describe, expect, it } from 'vitest';
import {
  EMBEDDABLE,
  embedAddress,
  embeddable,
  frameTheme,
  pageAddress,
  snippet,
} from '../../../src/embed/exhibits';

const page = 'https://example.org/lab/?embed=race#v=1&train&seed=7';

describe('what can be embedded', () => {
  it('is known by its name, and the rest gets a sentence', () => {
    expect(embeddable('race')).toBe(EMBEDDABLE.find(({ name }) => name === 'race'));
    expect(embeddable('nothing')).toMatch(
      /no exhibit “nothing” to embed; there are network, .*\.$/,
    );
    expect(embeddable('<script>')).toMatch(/no exhibit this to embed/);
  });

  it('has an address, with the recipe or without', () => {
    expect(embedAddress(page, 'network', true)).toBe(
      'https://example.org/lab/?embed=network#v=1&train&seed=7',
    );
    expect(embedAddress(page, 'network', false)).toBe('https://example.org/lab/?embed=network');
    expect(pageAddress(page)).toBe('https://example.org/lab/#v=1&train&seed=7');
  });

  it('has the colours that its address asks for', () => {
    const address = embedAddress(page, 'race', true, 'dark');
    expect(address).toBe('https://example.org/lab/?embed=race&theme=dark#v=1&train&seed=7');
    expect(frameTheme(new URL(address).search)).toBe('dark');
    expect(frameTheme('?embed=race')).toBe('system');
    expect(frameTheme('?embed=race&theme=pink')).toBe('system');
    expect(pageAddress(address)).toBe('https://example.org/lab/#v=1&train&seed=7');
  });

  it('is a frame that HTML reads as it was meant', () => {
    const network = EMBEDDABLE[0];
    if (!network) throw new Error('There is nothing to embed.');
    const address = embedAddress(page, 'network', true);
    // In a template nothing is loaded.
    const template = document.createElement('template');
    template.innerHTML = snippet(address, network);
    const frame = template.content.querySelector('iframe');
    expect(frame?.getAttribute('src')).toBe(address);
    expect(frame?.getAttribute('title')).toBe('Secateurs: Network');
    expect(frame?.getAttribute('loading')).toBe('lazy');
  });
});
