import { describe, expect, it } from 'vitest';
import { CRITERIA, criteriaFor, criterionOf, withWhat } from '../../../src/engine/criteria';
import { defaultControls } from '../../../src/engine/defaults';
import { attacked, isLong, meaningful, meant, oneShot } from '../../../src/engine/meaning';
import type { PruneSettings } from '../../../src/engine/types';

const { train, prune, learn } = defaultControls();

describe('the table of criteria', () => {
  it('knows every criterion that can be chosen, and something to rank for each', () => {
    for (const { value, about, what } of CRITERIA) {
      expect(criterionOf(value).about).toBe(about);
      expect(what.length).toBeGreaterThan(0);
    }
    for (const what of ['units', 'weights', 'pixels'] as const) {
      expect(criteriaFor(what).length).toBeGreaterThan(1);
    }
    expect(() => criterionOf('luck' as PruneSettings['by'])).toThrow(/luck/);
  });

  it('moves a criterion that cannot rank something to the first that can', () => {
    for (const { value } of CRITERIA) {
      for (const what of ['units', 'weights', 'pixels'] as const) {
        const next = withWhat({ ...prune, by: value }, what);
        expect(next.what).toBe(what);
        expect(criterionOf(next.by).what).toContain(what);
        if (criterionOf(value).what.includes(what)) expect(next.by).toBe(value);
        else expect(next.by).toBe(criteriaFor(what)[0]?.value);
      }
    }
  });
});

describe('what settings mean', () => {
  it('of a training depends on what it is trained against', () => {
    const shown = (against: typeof train.against) => {
      const has = meaningful('train', { ...train, against });
      return (['eps', 'steps', 'ramp', 'beta'] as const).filter(has).join(' ');
    };
    expect(shown('none')).toBe('');
    expect(shown('fgsm')).toBe('eps ramp');
    expect(shown('pgd')).toBe('eps steps ramp');
    expect(shown('trades')).toBe('eps steps ramp beta');
    expect(meaningful('train', { ...train, optimiser: 'sgd' })('momentum')).toBe(true);
  });

  it('leaves the rest as it is, and what means nothing at its default', () => {
    const odd = { ...train, eps: 0.3, epochs: 9 };
    expect(meant('train', odd)).toEqual({ ...train, epochs: 9 });
    expect(meant('train', { ...odd, against: 'fgsm' }).eps).toBe(0.3);
    const tuned = { ...prune, by: 'magnitude', tune: 1, tuning: 'fgsm', eps: 0.2 } as const;
    expect(meant('prune', tuned).eps).toBe(0.2);
    expect(meant('prune', { ...tuned, tuning: 'clean' }).eps).toBe(prune.eps);
    const clean = { ...learn, on: 'clean', steps: 3, suppress: 2, mask: 'bayes' } as const;
    expect(meant('learn', clean)).toEqual({ ...learn, on: 'clean' });
    expect(meant('learn', { ...clean, on: 'pgd', what: 'units' })).toMatchObject({
      steps: 3,
      suppress: 2,
      mask: 'bayes',
    });
  });

  it('tells what takes long, and what of it a preview shows', () => {
    expect(isLong(prune)).toBe(false);
    expect(isLong({ ...prune, tune: 1 })).toBe(true);
    expect(isLong({ ...prune, schedule: 'gradual' })).toBe(true);
    const long = { ...prune, amount: 40, tune: 2, rewind: 'initial', schedule: 'gradual' } as const;
    expect(oneShot(long)).toEqual({ ...prune, amount: 40 });
  });

  it('trains against FGSM where nothing else is chosen', () => {
    expect(attacked(train).against).toBe('fgsm');
    expect(attacked({ ...train, against: 'trades' }).against).toBe('trades');
  });
});
