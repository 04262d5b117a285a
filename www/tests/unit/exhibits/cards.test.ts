import { beforeEach, describe, expect, it } from 'vitest';
import { apart, logits } from '../../../src/arithmeticState';
import { usual } from '../../../src/engine/sizes';
import { figureFrom } from '../../../src/engine/tally';
import type { Contributions, ImageAttack, LayerStudy } from '../../../src/engine/types';
import { agrees, type CardContent } from '../../../src/exhibits/arithmetic/card';
import { LABORATORY } from '../../../src/exhibits/arithmetic/laboratory';
import { contentOf } from '../../../src/exhibits/arithmetic/makers';
import { TRIALS } from '../../../src/exhibits/arithmetic/trials';
import { pace } from '../../../src/exhibits/parts/course';
import { percent } from '../../../src/plots/measured';
import * as state from '../../../src/state';
import * as trials from '../../../src/trialsState';

/** The card of a key, with whatever numbers it has put into formulas checked. */
function cardOf(key: string): CardContent {
  const [kind = '', ...of] = key.split('/');
  const content = contentOf(key) ?? TRIALS[kind]?.(...of) ?? LABORATORY[kind]?.(...of);
  if (!content) throw new Error(`There is no card of ${key}.`);
  for (const worked of content.worked) {
    expect(agrees(worked), `${key}: ${worked.of} ${JSON.stringify(worked)}`).toBe(true);
  }
  return content;
}

const names = ({ worked }: CardContent) => worked.map(({ of }) => of);

const facts = {
  digest: 'aaaa',
  referenceDigest: 'bbbb',
  oldKey: '',
  hidden: [3, 2],
  pruned: [[1], []],
  sparsity: 790 / 2378,
  unitsPruned: 1,
  units: 5,
  pixels: [],
  pixelsPruned: 0,
  parameters: 2378,
  trained: true,
};

const attack = usual('pgd', 'linf', 0.1);

/** Softmax, as a check of its own. */
const softmax = (all: readonly number[]) => {
  const powers = all.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};

const cleanLogits = [0.5, -1, 2, 0, 0.25, -3, 1, 4, -0.5, 0];
const attackedLogits = [0.5, -1, 2, 6, 0.25, -3, 1, 1, -0.5, 0];
const found: Contributions = {
  sums: [0.75, -0.25],
  bias: 0.25,
  inputs: [3, 1],
  weights: [0.5, -0.25],
  values: [
    [1, 0.5],
    [0.5, 1],
  ],
  rests: [0.125, -0.5],
  others: 2,
};
const pixels = Array.from({ length: 784 }, (_, at) => (at % 5) / 10);
const moved = pixels.map((value, at) => value + (at % 2 === 0 ? 0.05 : -0.1) * (at < 780 ? 1 : 0));
const image: ImageAttack & { by: typeof attack } = {
  index: 4,
  label: 7,
  image: pixels,
  adversarial: moved,
  clean: softmax(cleanLogits),
  attacked: softmax(attackedLogits),
  layers: [
    { clean: [0.75, 0, 0.5], attacked: [0, 0, 1] },
    { clean: [1, 2], attacked: [3, 4] },
  ],
  norm: 0.1,
  iterations: 10,
  queries: 11,
  fooled: true,
  by: attack,
};

beforeEach(() => {
  state.network.value = facts;
  state.figures.value = {
    clean: figureFrom(480, 512),
    transfer: figureFrom(300, 512),
    adaptive: figureFrom(107, 512),
    certified: figureFrom(3, 512),
    before: { clean: 0.97, adaptive: 0.387 },
  };
  const layer = (units: number[], deviation: number[]) => ({
    units,
    relative: units.map((v, unit) => v / (deviation[unit] ?? 1)),
    mean: units.reduce((a, b) => a + b, 0) / units.length,
    rms: [],
    pre: [],
    fooled: [],
    activation: [],
    deviation,
    silent: [],
  });
  state.distortion.value = {
    digest: 'bbbb',
    layers: [layer([0.2, 0.5, 0.1], [0.5, 0.25, 1]), layer([1, 3], [2, 2])],
    network: (0.8 + 4) / 2,
    images: 2000,
    adversarialCorrect: 12,
  };
  state.image.value = image;
  apart.value = { of: image, layer: 0, unit: 0, found };
  logits.value = {
    of: image,
    attackedPixels: moved,
    clean: cleanLogits,
    attacked: attackedLogits,
  };
});

describe('cards of accuracies', () => {
  it('work out the share, its interval, and the change since before the cut', () => {
    const card = cardOf('accuracy/adaptive');
    expect(names(card)).toEqual(['share', 'wilson', 'change']);
    expect(card.value).toContain(percent(107 / 512));
    expect(names(cardOf('accuracy/transfer'))).toEqual(['share', 'wilson']);
    expect(cardOf('accuracy/certified').sources).toContain('crown');
  });

  it('say so where nothing is measured', () => {
    state.figures.value = { ...state.figures.value, adaptive: null };
    expect(cardOf('accuracy/adaptive')).toMatchObject({ value: '–', worked: [] });
    expect(contentOf('accuracy/nonsense')).toBeNull();
  });

  it('are of a point where they belong to a curve', () => {
    const figure = figureFrom(200, 300);
    state.curve.value = {
      phase: 'done',
      what: 'units',
      points: [{ amount: 20, clean: figure, transfer: null, adaptive: figure }],
    };
    expect(cardOf('curve/adaptive/20').title).toContain('20 %');
    expect(contentOf('curve/transfer/20')).toBeNull();
    expect(contentOf('curve/clean/30')).toBeNull();
  });

  it('are of a cell where they belong to a table', () => {
    const counts = Array.from({ length: 10 }, () => Array<number>(10).fill(2));
    state.confusion.value = { counts, total: 200, of: 512 };
    expect(cardOf('confused/3/5')).toMatchObject({ value: '10.0 %' });
    const reached = counts.map((row) => row.map(() => 1));
    state.targets.value = {
      phase: 'done',
      attack,
      images: 500,
      fraction: 1,
      reached,
      of: counts,
    };
    expect(cardOf('aimed/3/5').value).toBe('50.0 %');
    expect(contentOf('aimed/3/3')).toBeNull();
  });
});

describe('cards of checks', () => {
  it('work out both shares, once there are any', () => {
    expect(cardOf('check/noise')).toMatchObject({ value: '–', worked: [] });
    state.checks.value = {
      evidence: { eps: 0.1, norm: 'linf', images: 500, clean: 480, adaptive: 100, noise: 470 },
      found: null,
      rival: { attack, correct: 90, beats: false },
    };
    expect(cardOf('check/noise').worked.map(({ result }) => result)).toEqual([0.2, 0.94]);
    expect(cardOf('check/stronger').worked.map(({ result }) => result)).toEqual([0.2, 0.18]);
    expect(contentOf('check/nonsense')).toBeNull();
  });
});

describe('cards of units', () => {
  it('work out z and z̃ on the image, the mean, and the mean by the spread', () => {
    const card = cardOf('unit/0/0');
    expect(names(card)).toEqual(['unit', 'unitAttacked', 'moved', 'distortion', 'relative']);
    expect(card.on[0]).toContain('2 of 3');
    expect(card.asks).toEqual({ layer: 0, unit: 0 });
  });

  it('never show the sum of another network', () => {
    apart.value = { of: image, layer: 0, unit: 0, found: { ...found, sums: [0.5, 0.5] } };
    expect(names(cardOf('unit/0/0'))).toEqual(['moved', 'distortion', 'relative']);
  });

  it('of layers and of the network add up', () => {
    expect(names(cardOf('layer/0'))).toEqual(['layerMean']);
    expect(names(cardOf('network'))).toEqual(['networkFigure']);
    expect(cardOf('scale/1/units').value).toBe('3.00');
    cardOf('scale/1/relative');
    // The scale of bars ends with an output of the clean image, or of the attacked one.
    apart.value = {
      of: image,
      layer: 0,
      unit: 2,
      found: { ...found, sums: [0.5, 1], rests: [0.25, 0.75] },
    };
    expect(cardOf('outputs/0')).toMatchObject({ value: '1.00', asks: { layer: 0, unit: 2 } });
    expect(cardOf('outputs/1').what).toContain('unit 1, whose output on the adversarial example');
  });
});

describe('cards of what a lesson measured', () => {
  it('work it out while the network on screen is the same', () => {
    expect(names(cardOf('revealed/clean/93.8'))).toEqual(names(cardOf('accuracy/clean')));
  });

  it('say where it comes from afterwards', () => {
    const card = cardOf('revealed/clean/12.5');
    expect(card).toMatchObject({ value: '12.5 %', worked: [] });
    expect(card.what).toContain('another one by now');
    expect(cardOf('revealed/other/66.1').what).toContain('a card of its own');
  });
});

describe('cards of the image', () => {
  it('work out softmax of the very logits', () => {
    expect(names(cardOf('output/3'))).toEqual(['softmax', 'softmaxAttacked']);
    expect(names(cardOf('reading/clean'))).toEqual(['softmax', 'crossEntropy']);
    logits.value = null;
    expect(names(cardOf('output/3'))).toEqual([]);
  });

  it.each(['linf', 'l2', 'l1'] as const)('work out the norm of the perturbation, %s', (norm) => {
    const change = moved.map((value, at) => value - (pixels[at] ?? 0));
    const sizes = change.map(Math.abs);
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    const norms = {
      linf: Math.max(...sizes),
      l2: Math.sqrt(sum(sizes.map((value) => value * value))),
      l1: sum(sizes),
    };
    state.image.value = { ...image, norm: norms[norm], by: { ...attack, norm } };
    expect(names(cardOf('delta'))[0]).toBe(norm);
  });

  it('put the size of FGSM’s step in', () => {
    const stepped = pixels.map((value, at) => Math.min(1, value + (at % 2 ? 0.1 : -0.1)));
    const clipped = stepped.map((value) => Math.max(0, value));
    state.image.value = { ...image, adversarial: clipped, by: usual('fgsm', 'linf', 0.1) };
    expect(names(cardOf('delta'))).toContain('fgsm');
  });

  it('work out the loss along the way', () => {
    const probabilities = [...softmax(cleanLogits), ...softmax(attackedLogits)];
    const losses = [probabilities[7], probabilities[17]].map((p) => -Math.log(p ?? 0));
    state.trajectory.value = {
      index: 4,
      label: 7,
      frames: 2,
      steps: [0, 1],
      losses,
      read: [7, 3],
      probabilities,
      norms: [0, 0.1],
      outputs: new Float32Array(0),
      pixels: new Float32Array(2 * 784),
      by: attack,
    };
    expect(names(cardOf('look/0'))).toEqual(['crossEntropy']);
    expect(names(cardOf('look/1'))).toEqual(['crossEntropy']);
    expect(contentOf('look/2')).toBeNull();
  });
});

describe('cards of training and cutting', () => {
  it('work out the pace and what is left', () => {
    const counted = { images: 12_000, seconds: 1.5 };
    pace.value = { seconds: 2, rate: 8000, counted };
    expect(cardOf('pace').value).toBe('8,000 images/s');
    const training = state.training.peek();
    state.training.value = {
      ...training,
      phase: 'running',
      fraction: 0.25,
      secondsTaken: 2,
      secondsLeft: 6,
      counted,
      imagesPerSecond: 8000,
    };
    expect(cardOf('left').value).toBe('6.0 s');
    cardOf('pace');
    state.training.value = training;
  });

  it('count what is zero, and what there is', () => {
    expect(names(cardOf('sparsity'))).toEqual(['sparsity', 'weights']);
    const { prune } = state.controls.peek();
    state.controls.value = {
      ...state.controls.peek(),
      prune: { ...prune, what: 'units', scope: 'layer', layers: [0], amount: 50 },
    };
    expect(cardOf('planned').value).toBe('2');
    state.controls.value = {
      ...state.controls.peek(),
      prune: { ...prune, what: 'pixels', amount: 50 },
    };
    expect(cardOf('planned').value).toBe('392');
    state.controls.value = { ...state.controls.peek(), prune };
    expect(cardOf('digest').value).toBe('aaaa');
  });
});

describe('cards of trials', () => {
  const outcome = (correct: number) => ({
    digest: '',
    reference: '',
    sparsity: 0,
    unitsPruned: 0,
    units: 5,
    pixelsPruned: 0,
    images: 1000,
    clean: figureFrom(correct, 1000),
    transfer: [{ eps: 0.1, count: figureFrom(correct - 100, 1000) }],
    adaptive: [{ eps: 0.1, count: figureFrom(correct - 200, 1000) }],
    certified: [],
    frozen: undefined,
  });
  const cell = (by: string, draw: number, amount: number, correct: number) => ({
    by: by as 'random',
    draw,
    amount,
    seed: 0,
    trial: { recipe: state.recipe.peek(), asked: {} },
    link: '',
    outcome: outcome(correct),
  });

  it('work out the area between a curve and chance', () => {
    trials.race.value = {
      ...trials.race.peek(),
      settings: { ...trials.raceSettings.peek(), amounts: [10, 30, 40], criteria: ['taylor'] },
      eps: 0.1,
      cells: [
        cell('taylor', 0, 10, 900),
        cell('taylor', 0, 30, 800),
        cell('taylor', 0, 40, 700),
        cell('random', 0, 10, 860),
        cell('random', 1, 10, 840),
        cell('random', 0, 30, 700),
        cell('random', 1, 30, 700),
        cell('random', 0, 40, 700),
        cell('random', 1, 40, 600),
      ],
      // Distances 0.05, 0.1 and 0.05: (20 · 0.075 + 10 · 0.075) / 30.
      areas: [{ by: 'taylor', measure: 'clean', value: 0.075, low: 0.06, high: 0.09, n: 2 }],
    };
    expect(cardOf('area/taylor/clean').value).toBe('+7.5 points');
    expect(names(cardOf('raced/clean/taylor/30'))).toEqual(['share', 'wilson']);
    expect(names(cardOf('raced/clean/random/40'))).toEqual(['mean']);
    expect(names(cardOf('racer/adaptive/0'))).toEqual(['share', 'wilson']);
  });

  it('work out Student’s interval over the seeds', () => {
    const shares = [0.9, 0.92, 0.97];
    const [mean, deviation] = [0.93, Math.sqrt((0.0009 + 0.0001 + 0.0016) / 2)];
    const half = (4.302653 * deviation) / Math.sqrt(3);
    const at = [{ name: 'prune.amount', value: 20 }];
    trials.sweep.value = {
      ...trials.sweep.peek(),
      settings: {
        ...trials.sweepSettings.peek(),
        rows: { name: 'prune.amount', values: '20' },
        columns: { name: '', values: '' },
      },
      cells: shares.map((share, seed) => ({
        at: [...at, { name: 'seed', value: seed }],
        trial: { recipe: state.recipe.peek(), asked: {} },
        link: '',
        outcome: outcome(1000 * share),
      })),
      summed: [
        {
          at,
          figures: [
            {
              measure: 'clean',
              eps: undefined,
              spread: {
                mean,
                deviation,
                n: 3,
                low: mean - half,
                high: mean + half,
                interval: 'student',
              },
            },
          ],
        },
      ],
    };
    expect(names(cardOf('swept/clean/20/'))).toEqual(['mean', 'deviation', 'student']);
  });
});

describe('cards of the laboratory', () => {
  it('work out overlaps, correlations and what is left of them', () => {
    const v = [1, 2, 4, 3];
    const activation = [1, 3, 3, 4];
    const norm = [2, 1, 4, 4];
    const pearson = (x: number[], y: number[]) => {
      const centre = (values: number[]) => {
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        return values.map((value) => value - mean);
      };
      const dot = (a: number[], b: number[]) =>
        a.reduce((sum, each, at) => sum + each * (b[at] ?? 0), 0);
      const [a, b] = [centre(x), centre(y)];
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    };
    const partial = (xy: number, xc: number, yc: number) =>
      (xy - xc * yc) / Math.sqrt((1 - xc * xc) * (1 - yc * yc));
    const [va, vn, an] = [pearson(v, activation), pearson(v, norm), pearson(activation, norm)];
    const none = { spearman: 0, partialSpearman: 0 };
    const layer = {
      units: 4,
      kept: [0, 1, 2, 3],
      top: 3,
      chance: 0.4,
      groups: [],
      mereUse: {
        activation: { ...none, pearson: va, partial: partial(va, vn, an) },
        norm: { ...none, pearson: vn, partial: partial(vn, va, an) },
        noise: { ...none, pearson: 1, partial: 1 },
        halves: { ...none, pearson: 1, partial: 1 },
        explained: 0,
        explainedRanks: 0,
      },
      values: Float64Array.from([...v, ...activation, ...norm]),
      spread: new Float64Array(12),
      // Two of three in common.
      jaccard: Float64Array.from([1, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 1]),
      spearman: new Float64Array(9),
      images: new Float32Array(0),
    } as unknown as LayerStudy;
    state.laboratory.similarity.value = {
      open: true,
      phase: 'done',
      fraction: 1,
      found: {
        digest: '',
        conditions: [
          { kind: 'whole', name: 'PGD-10', images: 2000 },
          { kind: 'activation', name: 'mean output', images: 2000 },
          { kind: 'norm', name: '‖w‖₁', images: 2000 },
        ],
        shown: [],
        labels: [],
        layers: [layer],
      },
    };
    expect(names(cardOf('overlap/0/0/1'))).toEqual(['jaccard']);
    expect(names(cardOf('relation/0/activation'))).toEqual(['pearson', 'partial']);
    cardOf('relation/0/norm');
    expect(names(cardOf('moved/0/0/2'))).toEqual(['distortion']);
  });

  it('work out β and the cosine of a filter before and after', () => {
    const before = Float32Array.from({ length: 784 }, (_, at) => (at % 3) - 1);
    const after = Float32Array.from({ length: 784 }, (_, at) => (at % 4) - 1);
    const dot = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
    const [inner, square, own] = [dot(before, after), dot(after, after), dot(before, before)];
    const part = { short: 0.4, rare: 0.2 };
    const together = { mean: part, sum: part };
    state.laboratory.mixture.value = {
      open: true,
      phase: 'done',
      fraction: 1,
      found: {
        digest: '',
        beforeDigest: '',
        mixture: {
          filters: 1,
          left: 1,
          before: together,
          after: together,
          residual: together,
          cosine: 0,
          along: 0,
        },
        filters: [
          {
            unit: 0,
            before: part,
            after: part,
            residual: part,
            beta: inner / square,
            cosine: inner / Math.sqrt(own * square),
          },
        ],
        before,
        after,
      },
    };
    expect(names(cardOf('filter/0/beta'))).toEqual(['beta', 'cosine']);
    expect(names(cardOf('makeup/before/mean/rare'))).toEqual(['filterMean']);
  });
});
