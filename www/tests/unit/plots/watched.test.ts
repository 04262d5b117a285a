import { describe, expect, it } from 'vitest';
import { courses } from '../../../src/plots/watched';

describe('the courses of robust accuracy', () => {
  it('need two epochs', () => {
    expect(courses([{ fgsm: 0.5, pgd: 0.4 }], 200, 30)).toBeNull();
  });

  it('run from left to right, up where more withstands', () => {
    const found = courses(
      [
        { fgsm: 0.5, pgd: 0.4 },
        { fgsm: 1, pgd: 0 },
      ],
      200,
      30,
    );
    expect(found).toEqual({ fgsm: 'M0 15L200 0', pgd: 'M0 18L200 30' });
  });
});
