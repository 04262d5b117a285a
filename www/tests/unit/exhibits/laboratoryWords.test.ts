import { describe, expect, it } from 'vitest';
import type { Agreement, GroupKind, Mixture } from '../../../src/engine/types';
import {
  common,
  mixtureWords,
  pixelWords,
  similarityWords,
} from '../../../src/exhibits/parts/laboratoryWords';

const group = (kind: GroupKind, jaccard: number, spearman: number): Agreement => ({
  kind,
  measures: 2,
  jaccard,
  jaccardLeast: jaccard,
  jaccardMost: jaccard,
  spearman,
  spearmanLeast: spearman,
  spearmanMost: spearman,
  concordance: (spearman + 1) / 2,
});

const relation = (partialSpearman: number) => ({
  pearson: 0.5,
  spearman: 0.5,
  partial: 0.5,
  partialSpearman,
});

const words = (jaccards: number[], explainedRanks: number, left: number) => {
  const kinds = ['halves', 'digits', 'images', 'attacks', 'noise'] as const;
  return similarityWords({
    groups: kinds.map((kind, at) => group(kind, jaccards[at] ?? 0, 0.7)),
    mereUse: {
      activation: relation(0.8),
      norm: relation(0.1),
      noise: relation(0.4),
      halves: relation(left),
      explained: explainedRanks,
      explainedRanks,
    },
    top: 13,
    chance: 0.055,
  }).join(' ');
};

describe('what the laboratory says', () => {
  it('follows from how far the overlap is above chance', () => {
    expect([0.9, 0.5, 0.3, 0.14, 0.1].map((overlap) => common(overlap, 0.055))).toEqual([
      'nearly all',
      'most',
      'some',
      'few',
      'hardly more than by chance',
    ]);
    // In a layer of two units, one alone is the same half of the time.
    expect(common(0.7, 0.5)).toBe('hardly more than by chance');
  });

  it('is about these figures and no others', () => {
    const said = words([0.86, 0.08, 0.13, 0.66, 0.44], 0.68, 0.96);
    expect(said).toContain(
      'Of the 13 most distorted units, two halves of the images have nearly all',
    );
    expect(said).toContain('the overlap is .86, where chance gives .06');
    expect(said).toContain('Two digits have hardly more than by chance (.08) in common');
    expect(said).toContain('Noise that knows nothing of the network has most (.44) in common');
    expect(said).toContain('explain more than half of the order (68\u00a0%');
    expect(said).toContain('repeats on other images (.96), so it is no accident');
    const other = words([0.3, 0.8, 0.13, 0.1, 0.1], 0.1, 0.2);
    expect(other).toContain('two halves of the images have some in common');
    expect(other).toContain('explain little of the order');
    expect(other).toContain('does not repeat on other images');
    expect(words([Number.NaN], 0.1, 0.2)).toContain('nothing to compare');
  });

  const together = (short: number, rare: number) => ({
    mean: { short, rare },
    sum: { short, rare },
  });
  const mixture = (changed: Partial<Mixture> = {}): Mixture => ({
    filters: 128,
    left: 128,
    before: together(0.49, 0.4),
    after: together(0.3, 0.14),
    residual: together(0.62, 0.5),
    cosine: 0.7,
    along: 0.5,
    ...changed,
  });

  it('tells what went out of the filters, and which way', () => {
    const said = mixtureWords(mixture()).join(' ');
    expect(said).toContain('shorter than four pixels falls from 49\u00a0% to 30\u00a0%');
    expect(said).toContain('rarely lit falls from 40\u00a0% to 14\u00a0%');
    expect(said).toContain('finer than what the filters are now: 62\u00a0%');
    const cut = mixtureWords(mixture({ left: 115, after: together(0.49, 0.4) })).join(' ');
    expect(cut).toContain('stays at 49\u00a0%');
    expect(cut).toContain('13 of 128 filters are gone whole');
    expect(mixtureWords(mixture({ along: 1 })).join(' ')).toContain('what it was');
    expect(mixtureWords(mixture({ left: 0 })).join(' ')).toContain('Nothing is left');
  });

  it('counts what a cut of pixels takes', () => {
    const counts = {
      cut: 392,
      black: 67,
      blackCut: 67,
      rare: 326,
      rareCut: 320,
      inkCut: 0.0834,
      read: 0.5,
    };
    const said = pixelWords(counts, 128).join(' ');
    expect(said).toContain('392 of 784 pixels are read by nobody');
    expect(said).toContain('67 of the 67 that are always black');
    expect(said).toContain('8\u00a0% of the mean digit’s ink');
    expect(said).toContain('50\u00a0% of the weights');
    const whole = pixelWords({ ...counts, cut: 0, read: 1 }, 128).join(' ');
    expect(whole).toContain('No pixel is cut. Every pixel is read by all 128 units.');
    expect(pixelWords(counts, 0)).toHaveLength(1);
  });
});
