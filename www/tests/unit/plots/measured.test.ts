import { describe, expect, it } from 'vitest';
import { type Situation, verdict } from '../../../src/exhibits/parts/verdict';
import { count, halfWidth, percent, seconds, short } from '../../../src/plots/measured';

const measured = (share: number, total = 10_000, half = 0.01) => ({
  correct: Math.round(share * total),
  total,
  low: share - half,
  high: share + half,
});

describe('figures in words', () => {
  it('rounds in one place', () => {
    expect(percent(0.97649)).toBe('97.6');
    expect(halfWidth({ correct: 0, total: 1, low: 0.2, high: 0.3 })).toBeCloseTo(5);
    expect(count(10_000)).toBe('10,000');
    expect([0, 0.5312, 12.34, 123.4, 0.00012].map(short)).toEqual([
      '0',
      '0.53',
      '12.3',
      '123',
      '1.2e-4',
    ]);
    expect([4.12, 42.3, 200].map(seconds)).toEqual(['4.1 s', '42 s', '3 min']);
  });
});

describe('the sentence about the figures', () => {
  const cut: Situation = {
    clean: measured(0.87),
    transfer: measured(0.49),
    adaptive: measured(0.34),
    before: { clean: 0.975, transfer: 0.37, adaptive: 0.37 },
    cut: true,
    eps: 0.05,
    size: 'at most ε 0.05 a pixel',
    aimed: true,
  };

  it('says nothing before there is enough to say it on', () => {
    expect(verdict({ ...cut, adaptive: null })).toBeNull();
    expect(verdict({ ...cut, adaptive: measured(0.34, 100) })).toBeNull();
    expect(verdict({ ...cut, before: {} })).toBeNull();
  });

  it('names the illusion only where old images rise and new ones do not', () => {
    expect(verdict(cut)).toContain('looks like a defence');
    expect(verdict({ ...cut, transfer: measured(0.372) })).not.toContain('looks like a defence');
    expect(verdict({ ...cut, adaptive: measured(0.6) })).not.toContain('it is none');
    expect(verdict({ ...cut, transfer: measured(0.39, 300, 0.05) })).not.toContain('defence');
  });

  it('gives a true gain its due, and its price', () => {
    expect(verdict({ ...cut, adaptive: measured(0.47) })).toContain('helps even against');
    expect(verdict({ ...cut, adaptive: measured(0.41) })).toContain('the smaller gain is the true');
    expect(verdict({ ...cut, adaptive: measured(0.47) })).toContain('costs accuracy');
  });

  it('has a word for networks that are whole, wrecked or hit by noise', () => {
    expect(verdict({ ...cut, cut: false, adaptive: measured(0.3) })).toContain('defeats it');
    expect(verdict({ ...cut, cut: false, adaptive: measured(0.865) })).toContain('no measurable');
    expect(verdict({ ...cut, clean: measured(0.1) })).toContain('So much is cut');
    expect(verdict({ ...cut, aimed: false })).toContain('Noise');
  });
});
