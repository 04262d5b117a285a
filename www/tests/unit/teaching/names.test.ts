import { describe, expect, it } from 'vitest';
import { CONTROLS, PARTS, toggledName } from '../../../src/teaching/names';
import { glimpsed, NOTHING, taught, teaches, viewOf } from '../../../src/teachingState';

describe('what a link hides and locks', () => {
  it('has names and words for every part and control', () => {
    const names = PARTS.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['train', 'race', 'lessons']));
    const train = CONTROLS.find(({ group }) => group === 'train');
    expect(train?.controls).toContainEqual({ name: 'train.epochs', label: 'Epochs' });
  });

  it('keeps the page’s order', () => {
    const names = toggledName(['attack.eps', 'race'], 'train');
    expect(names).toEqual(['train', 'race', 'attack.eps']);
    expect(toggledName(names, 'race')).toEqual(['train', 'attack.eps']);
  });

  it('is seen in a link before the core has read it', () => {
    const seen = glimpsed('v=1&train&hide=race,attack.eps&lock=train%2Cprune&present=yes');
    expect(seen.hide).toEqual(['race', 'attack.eps']);
    expect(seen.lock).toEqual(['train', 'prune']);
    expect(seen.present).toBe(true);
    expect(teaches(glimpsed('v=1&train'))).toBe(false);
  });

  it('goes into a view and back', () => {
    const lesson = { ...NOTHING, hide: ['race'], present: true };
    expect(taught(viewOf(lesson))).toEqual(lesson);
    expect(teaches(lesson)).toBe(true);
    expect(viewOf(lesson, 7).score).toBe(7);
  });
});
