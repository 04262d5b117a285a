import { describe, expect, it } from 'vitest';
import { readMessage, targetOf } from '../../../src/embed/messages';

const problem = (data: unknown) => {
  const asked = readMessage(data);
  return asked && 'problem' in asked ? asked.problem : asked;
};

describe('messages of an embedding page', () => {
  it('are read', () => {
    for (const word of ['undo', 'redo', 'train', 'prune', 'get'] as const) {
      expect(readMessage({ secateurs: 1, do: word })).toEqual({ command: { do: word } });
    }
    const open = { do: 'open', link: '#v=1&train' };
    expect(readMessage({ secateurs: 1, ...open, more: 1 })).toEqual({ command: open });
    const select = { do: 'select', image: 9999 };
    expect(readMessage({ secateurs: 1, ...select })).toEqual({ command: select });
  });

  it('that are not meant for this page are left alone', () => {
    for (const data of [null, undefined, 7, 'train', [], {}, { do: 'train' }]) {
      expect(readMessage(data)).toBeNull();
    }
  });

  it('that are wrong get a sentence', () => {
    expect(problem({ secateurs: 2, do: 'undo' })).toContain('version 1');
    expect(problem({ secateurs: 1 })).toContain('one of open, undo');
    expect(problem({ secateurs: 1, do: 'constructor' })).toContain('one of open');
    expect(problem({ secateurs: 1, do: { toString: null } })).toContain('one of open');
    for (const link of [undefined, '', 7, {}, 'v'.repeat(20_000)]) {
      expect(problem({ secateurs: 1, do: 'open', link })).toContain('needs a link');
    }
    for (const image of [-1, 1.5, 10_000, '3', Number.NaN, null]) {
      expect(problem({ secateurs: 1, do: 'select', image })).toContain('from 0 to 9999');
    }
  });

  it('are answered to where they came from', () => {
    expect(targetOf('https://example.org')).toBe('https://example.org');
    expect(targetOf('null')).toBe('*');
  });
});
