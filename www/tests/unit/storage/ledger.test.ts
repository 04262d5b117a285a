import { describe, expect, it } from 'vitest';
import { Refused } from '../../../src/engine/client';
import { emptyRecipe } from '../../../src/engine/defaults';
import { pushed } from '../../../src/engine/history';
import { networkKey } from '../../../src/engine/keys';
import type { Own } from '../../../src/engine/own';
import { prefixes, withCut, withTraining } from '../../../src/engine/recipes';
import type { Recipe, Step } from '../../../src/engine/types';
import { controls } from '../../../src/state';
import { joined } from '../../../src/storage/joined';
import { Ledger, type Visit } from '../../../src/storage/ledger';
import { MOST_TEXT } from '../../../src/storage/records';
import { restored } from '../../../src/storage/restore';

const trained = withTraining(controls.peek());
const cut = (unit: number): Recipe => withCut(trained, [[unit], []]);
const other = { ...trained, network: { ...trained.network, seed: 9 } };
const start = emptyRecipe();

const visit = (entries: Recipe[], at = entries.length - 1, more: Partial<Visit> = {}): Visit => ({
  entries,
  at,
  target: entries[at] ?? start,
  address: 'v=1',
  names: new Map(),
  aside: null,
  ...more,
});

/** A core that takes what looks like a recipe. */
const check = async (json: string): Promise<Recipe> => {
  const { evil, ...rest } = JSON.parse(json);
  if (evil || !Array.isArray(rest.steps)) throw new Refused('This is no recipe.');
  return { ...start, ...rest };
};

describe('the ledger', () => {
  it('writes entries once, and forgets those that left the history', async () => {
    const ledger = new Ledger('a', 'w');
    const first = ledger.write(visit([start, trained, cut(1)]));
    expect(first.fresh).toEqual(first.document.entries.toReversed());
    expect(first.gone).toEqual([]);
    expect(ledger.wrote(first)).toBe(true);
    // Undone, and something else done: the entry between is no more.
    const second = ledger.write(visit([start, trained, cut(2)]));
    expect(second.fresh).toHaveLength(1);
    expect(second.gone).toEqual([first.document.entries[2]]);
    expect(ledger.wrote(second)).toBe(false);
    // Only where the page is.
    const third = ledger.write(visit([start, trained, cut(2)], 1));
    expect([third.fresh, third.gone, third.document.at]).toEqual([[], [], 1]);
  });

  it('gives back what it was given, checked by the core', async () => {
    const entries = [start, trained, cut(1), cut(2)];
    const names = new Map([[networkKey(cut(1)), 'mine']]);
    const aside: Own = {
      history: { entries: [start, other], at: 1 },
      target: { ...other, measure: { ...other.measure, images: 77 } },
      controls: controls.peek(),
      image: 5,
      subject: 'test',
      curve: 'size',
    };
    const target = cut(3);
    const attack = { ...trained.attack, eps: 0.2 };
    const measured = entries.map((entry) => ({ ...entry, attack }));
    const written = new Ledger('a', 'w').write(visit(measured, 2, { names, aside, target }));
    const found = await restored(written, check);
    expect(found?.line).toEqual({ entries: measured, at: 2 });
    expect(found?.names).toEqual([[measured[2], 'mine']]);
    expect(found?.target?.steps).toEqual(target.steps);
    expect(found?.aside?.history.at).toBe(1);
    expect(found?.aside?.target.network.seed).toBe(9);
    // Lessons measure otherwise than the visitor did.
    expect(found?.aside?.controls.measure.images).toBe(77);
    expect(found?.aside?.history.entries[1]?.measure.images).toBe(77);
    expect(found?.line.entries[1]?.measure.images).not.toBe(77);
    expect(found?.aside?.image).toBe(5);
    expect(found?.dropped).toBe(0);
  });

  it('drops a broken entry and keeps the rest, and the place in it', async () => {
    const written = new Ledger('a', 'w').write(visit([start, trained, cut(1), cut(2)], 3));
    const [, second, third] = written.document.entries as [number, number, number];
    written.texts.set(second, '{"evil":true,"steps":[]}');
    written.texts.delete(third);
    const found = await restored(written, check);
    expect(found?.line).toEqual({ entries: [start, cut(2)], at: 1 });
    expect(found?.dropped).toBe(2);
    for (const number of written.texts.keys()) written.texts.set(number, 'not JSON');
    expect(await restored(written, check)).toBeNull();
  });

  it('drops nothing because a worker cannot answer', async () => {
    const written = new Ledger('a', 'w').write(visit([start, trained]));
    const lacking = async () => Promise.reject(new Error('There is no memory for this.'));
    await expect(restored(written, lacking)).rejects.toThrow('no memory');
  });

  it('measures as usual where what was measured cannot be read', async () => {
    const written = new Ledger('a', 'w').write(visit([start, trained]));
    for (const measures of ['{"evil":true}', 'no', '7', '[]']) {
      written.document.measures = measures;
      expect((await restored(written, check))?.line.entries).toHaveLength(2);
    }
  });

  it('knows another history by having nothing in common with it', () => {
    const ledger = new Ledger('a', 'w');
    ledger.wrote(ledger.write(visit([start, trained])));
    expect(ledger.continues(visit([start, trained, cut(1)]))).toBe(true);
    expect(ledger.continues(visit([start, other]))).toBe(false);
    expect(ledger.continues(visit([start]))).toBe(false);
  });

  it('keeps the newest where all would be too much', () => {
    const much = Array.from({ length: 200 }, (_, seed) => {
      const units = Array.from({ length: 1000 }, (_, unit) => unit);
      const steps: Step[] = Array.from({ length: 3 }, () => ({ step: 'cut', units: [units] }));
      return {
        ...trained,
        network: { ...trained.network, seed },
        steps: [...trained.steps, ...steps],
      };
    });
    const { document, texts } = new Ledger('a', 'w').write(visit(much, 3));
    const size = [...texts.values()].reduce((sum, { length }) => sum + length, 0);
    expect(size).toBeLessThanOrEqual(MOST_TEXT + 20_000);
    expect(document.entries.length).toBeGreaterThan(40);
    expect(texts.get(document.entries[document.at] ?? 0)).toContain('"seed":3,');
    expect(texts.get(document.entries.at(-1) ?? 0)).toContain('"seed":199,');
  });
});

describe('a history that was kept', () => {
  const kept = { entries: [start, trained, cut(1), cut(2)], at: 2 };
  const linked = (recipe: Recipe) => {
    const entries = prefixes(recipe);
    return { entries, at: entries.length - 1 };
  };

  it('goes on where a link is at its place, with what was undone', () => {
    expect(joined(kept, linked(cut(1)))).toEqual(kept);
  });

  it('goes on elsewhere, where the link is at another of its entries', () => {
    expect(joined(kept, linked(trained))).toEqual({ ...kept, at: 1 });
  });

  it('goes on with what was done since', () => {
    const now = pushed(linked(cut(1)), cut(5));
    expect(joined(kept, now)).toEqual({ entries: [start, trained, cut(1), cut(5)], at: 3 });
    expect(joined(kept, { ...now, at: 2 })).toEqual({
      entries: [start, trained, cut(1), cut(5)],
      at: 2,
    });
  });

  it('has nothing to do with a link of somebody else', () => {
    expect(joined(kept, linked(other))).toBeNull();
    expect(joined(kept, { entries: [start], at: 0 })).toBeNull();
  });
});
