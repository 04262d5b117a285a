import { beforeEach, describe, expect, it } from 'vitest';
import { emptyRecipe } from '../../../src/engine/defaults';
import { withCut, withTraining } from '../../../src/engine/recipes';
import { controls, history, shareLink } from '../../../src/state';
import { lineFor } from '../../../src/storage/again';
import type { Restored } from '../../../src/storage/restore';

const entries = [emptyRecipe(), withTraining(controls.peek())];
/** Kept before all was undone: what came after that was not written in time. */
const kept = { address: 'v=1&train', line: { entries, at: 1 } } as unknown as Restored;

beforeEach(() => {
  history.value = { entries: [emptyRecipe()], at: 0 };
  shareLink.value = 'http://here/';
});

describe('a history of which all was undone', () => {
  it('is there again when the page is loaded anew, at its beginning', () => {
    expect(lineFor(kept, true)).toEqual({ entries, at: 0 });
  });

  it('does not come back where the bare page was asked for', () => {
    expect(lineFor(kept, false)).toBeNull();
  });
});

describe('a tab that was left before the address had followed', () => {
  const trained = withTraining(controls.peek());
  const line = { entries: [emptyRecipe(), trained, withCut(trained, [[1], []])], at: 2 };
  const left = { address: 'v=1&train', line } as unknown as Restored;

  beforeEach(() => {
    history.value = { entries, at: 1 };
    shareLink.value = 'http://here/#v=1&train';
  });

  it('goes on where it was when it is loaded anew', () => {
    expect(lineFor(left, true)).toEqual(line);
  });

  it('shows a link that is opened in it', () => {
    expect(lineFor(left, false)).toEqual({ ...line, at: 1 });
  });
});
