import { describe, expect, it } from 'vitest';
import {
  keeping,
  METHODS,
  methodGroups,
  methodOf,
  NORMS,
  normOf,
  size,
  withMethod,
  withNorm,
} from '../../../src/engine/attacks';
import { defaultControls } from '../../../src/engine/defaults';

const usual = () => defaultControls();

describe('the table of attacks', () => {
  it('stands under its headings, every method once', () => {
    const groups = methodGroups();
    expect(groups.map(({ group }) => group)).toEqual([
      'one step',
      'iterative',
      'strongest',
      'minimal',
      'black-box',
      'control',
    ]);
    expect(groups.flatMap(({ methods }) => methods)).toHaveLength(METHODS.length);
  });

  it('says what each does and whose it is, in one line', () => {
    for (const { about, cites, group } of METHODS) {
      expect(about).toMatch(/^[A-Z].{10,110}\.$/);
      if (group !== 'control') expect(cites).toMatch(/\d{4}$/);
    }
  });

  it('has sizes that its sliders can show', () => {
    for (const { shown, max, attack, measure, marks } of NORMS) {
      expect(shown).toBeLessThanOrEqual(max);
      for (const value of [attack, measure, ...marks.map((mark) => mark.value)]) {
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThanOrEqual(shown);
      }
    }
    expect(normOf('linf').marks.map(({ label }) => label)).toContain('literature 0.3');
  });
});

describe('another method', () => {
  it('brings its usual settings, and keeps size and norm where it can', () => {
    const before = usual();
    before.attack = { ...before.attack, eps: 0.2, steps: 3, step: 0.1, restarts: 5 };
    const { attack, measure } = withMethod(before, 'apgd-ce');
    const { steps } = methodOf('apgd-ce').defaults;
    expect(attack).toMatchObject({ method: 'apgd-ce', norm: 'linf', eps: 0.2, steps, step: 0 });
    expect(attack.restarts).toBe(1);
    expect(measure).toEqual(before.measure);
  });

  it('takes its own norm where it does not know the present one, with sizes usual there', () => {
    const before = usual();
    const { attack, measure } = withMethod(before, 'cw');
    expect(attack).toMatchObject({ norm: 'l2', eps: normOf('l2').attack });
    expect(measure).toEqual({ ...before.measure, eps: normOf('l2').measure });
    const back = withMethod({ attack, measure }, 'mifgsm');
    expect(back.attack).toMatchObject({ norm: 'linf', eps: normOf('linf').attack });
  });

  it('forgets a target that it cannot aim at', () => {
    const before = usual();
    before.attack = { ...before.attack, target: 8 };
    expect(withMethod(before, 'fgsm').attack.target).toBe(8);
    expect(withMethod(before, 'deepfool').attack.target).toBe(-1);
  });

  it('changes nothing in what it was given', () => {
    const before = usual();
    for (const { value } of METHODS) withMethod(before, value);
    withNorm(before, 'l1');
    expect(before).toEqual(usual());
  });
});

describe('the size of a perturbation', () => {
  it('has as many digits as its norm deserves', () => {
    expect([0.1, 0.07512, 1.8349, 12.345].map(size)).toEqual(['0.100', '0.075', '1.83', '12.3']);
  });
});

describe('what a link locks', () => {
  const locking = (...names: string[]) => new Set(names);
  const changed = (names: string[], method: 'cw' | 'fgsm' | 'pgd') => {
    const before = usual();
    return keeping(locking(...names), before, withMethod(before, method));
  };

  it('stays when another norm or method is chosen', () => {
    const before = usual();
    const { eps } = before.attack;
    const next = keeping(locking('attack.eps', 'measure.eps'), before, withNorm(before, 'l2'));
    if (typeof next === 'string') throw new Error(next);
    expect(next.attack).toMatchObject({ norm: 'l2', eps });
    expect(next.measure.eps).toBe(before.measure.eps);
    // Without a lock the sizes are those usual in the norm.
    const free = keeping(locking(), before, withNorm(before, 'l2'));
    expect(free).toEqual(withNorm(before, 'l2'));
    expect(free).not.toEqual(next);
  });

  it('refuses what cannot have it so, in one sentence', () => {
    const before = withNorm(usual(), 'l1');
    const sentence = keeping(locking('attack.eps'), before, withNorm(before, 'linf'));
    expect(sentence).toMatch(/locks the attack’s size at [\d.]+, which is too large in this norm/);
    const onlyL2 = changed(['attack.norm'], 'cw');
    expect(onlyL2).toMatch(/locks the norm/);
  });

  it('keeps the steps', () => {
    const before = usual();
    before.attack.steps = 7;
    const next = keeping(locking('attack.steps'), before, withMethod(before, 'mifgsm'));
    expect(next).toMatchObject({ attack: { method: 'mifgsm', steps: 7 } });
  });
});
