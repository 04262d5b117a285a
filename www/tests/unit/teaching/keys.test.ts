import { describe, expect, it } from 'vitest';
import { turnOf } from '../../../src/teaching/keys';

function pressed(key: string, html = '<p></p>', more: KeyboardEventInit = {}): KeyboardEvent {
  document.body.innerHTML = html;
  const target = document.body.firstElementChild;
  let seen: KeyboardEvent | undefined;
  addEventListener('keydown', (event) => (seen = event), { once: true });
  target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
  if (!seen) throw new Error('No key was seen.');
  return seen;
}

describe('the keys of a room', () => {
  it('turn back and on, and leave', () => {
    expect(turnOf(pressed('ArrowRight'))).toBe('on');
    expect(turnOf(pressed('PageDown'))).toBe('on');
    expect(turnOf(pressed('ArrowLeft'))).toBe('back');
    expect(turnOf(pressed('PageUp'))).toBe('back');
    expect(turnOf(pressed('Escape'))).toBe('leave');
    expect(turnOf(pressed('a'))).toBeNull();
    expect(turnOf(pressed('ArrowLeft', '<p></p>', { altKey: true }))).toBeNull();
  });

  it('are left to what has a use for them, but for a clicker’s', () => {
    const grid = '<div role="grid"></div>';
    expect(turnOf(pressed('ArrowRight', grid))).toBeNull();
    expect(turnOf(pressed('Escape', grid))).toBeNull();
    expect(turnOf(pressed('PageDown', grid))).toBe('on');
    expect(turnOf(pressed('PageDown', '<input type="range">'))).toBeNull();
    expect(turnOf(pressed('PageDown', '<div role="slider"></div>'))).toBeNull();
  });
});
