/**
 * Every formula behind a figure of the page, once: what it is called, how it goes, what its symbols
 * mean, and whose it is. A sign is a letter, with `_` before what stands below and `~` for a tilde.
 */
import {
  call,
  type Expression,
  giveOrTake,
  less,
  over,
  power,
  product,
  root,
  series,
  size,
  squared,
  sum,
} from './expression';
import type { SourceName } from './sources';

export interface Formula {
  /** What stands before the equals sign. */
  result: string;
  expression: Expression;
  /** What each symbol is drawn as, and what it means. */
  symbols: Record<string, { sign: string; words: string }>;
  source?: SourceName;
}

const n = { sign: 'n', words: 'images measured' };

const distance = { sign: 'δ', words: 'change of a pixel' };

export const FORMULAS = {
  share: {
    result: 'p',
    expression: over('k', 'n'),
    symbols: { k: { sign: 'k', words: 'images that count' }, n },
  },
  wilson: {
    result: 'p_±',
    expression: over(
      giveOrTake(
        sum('p', over(squared('z'), product(2, 'n'))),
        product(
          'z',
          root(
            sum(
              over(product('p', less(1, 'p')), 'n'),
              over(squared('z'), product(4, squared('n'))),
            ),
          ),
        ),
      ),
      sum(1, over(squared('z'), 'n')),
    ),
    symbols: {
      p: { sign: 'p', words: 'the share' },
      n,
      z: { sign: 'z', words: 'so many standard deviations hold 95 % of a normal distribution' },
    },
    source: 'wilson',
  },
  change: {
    result: 'Δ',
    expression: less('now', 'before'),
    symbols: {
      now: { sign: 'p', words: 'now' },
      before: { sign: 'p_0', words: 'before the cut' },
    },
  },
  newcombeLow: {
    result: 'Δ_−',
    expression: less(less('b', 'a'), root(sum(squared('below'), squared('above')))),
    symbols: {
      a: { sign: 'p_1', words: 'left' },
      b: { sign: 'p_2', words: 'right' },
      below: { sign: 'l_2', words: 'from the right share down to the end of its Wilson interval' },
      above: { sign: 'u_1', words: 'from the left share up to the end of its own' },
    },
    source: 'newcombe',
  },
  newcombeHigh: {
    result: 'Δ_+',
    expression: sum(less('b', 'a'), root(sum(squared('above'), squared('below')))),
    symbols: {
      a: { sign: 'p_1', words: 'left' },
      b: { sign: 'p_2', words: 'right' },
      above: { sign: 'u_2', words: 'from the right share up to the end of its Wilson interval' },
      below: { sign: 'l_1', words: 'from the left share down to the end of its own' },
    },
    source: 'newcombe',
  },
  unit: {
    result: 'z_k',
    expression: call('max', 0, sum(series('j', product('w', 'x'), 'rest'), 'b')),
    symbols: {
      w: { sign: 'w_kj', words: 'weight of input j' },
      x: { sign: 'x_j', words: 'input j' },
      b: { sign: 'b_k', words: 'bias' },
    },
  },
  unitAttacked: {
    result: '~z_k',
    expression: call('max', 0, sum(series('j', product('w', 'x'), 'rest'), 'b')),
    symbols: {
      w: { sign: 'w_kj', words: 'weight of input j' },
      x: { sign: '~x_j', words: 'input j under attack' },
      b: { sign: 'b_k', words: 'bias' },
    },
  },
  moved: {
    result: 'd_k',
    expression: size(less('z', 'attacked')),
    symbols: {
      z: { sign: 'z_k', words: 'output on the clean image' },
      attacked: { sign: '~z_k', words: 'output on its adversarial example' },
    },
  },
  distortion: {
    result: 'v_k',
    expression: product(over(1, 'n'), series('i', 'd', 'all')),
    symbols: {
      n: { sign: 'n', words: 'training images' },
      d: { sign: '|z_k−~z_k|_i', words: 'how far the attack moves the output on image i' },
    },
    source: 'madaan',
  },
  relative: {
    result: 'r_k',
    expression: over('v', 's'),
    symbols: {
      v: { sign: 'v_k', words: 'distortion' },
      s: { sign: 'σ_k', words: 'standard deviation of z over the clean images' },
    },
  },
  layerMean: {
    result: 'v_l',
    expression: product(over(1, 'K'), series('k', 'v', 'rest')),
    symbols: {
      K: { sign: 'K_l', words: 'units of the layer' },
      v: { sign: 'v_lk', words: 'distortion of unit k' },
    },
    source: 'madaan',
  },
  networkFigure: {
    result: 'V',
    expression: product(over(1, 'L'), series('l', 'v')),
    symbols: {
      L: { sign: 'L−2', words: 'hidden layers' },
      v: { sign: 'Σ_k v_lk', words: 'distortions of all units of layer l, summed' },
    },
    source: 'madaan',
  },
  softmax: {
    result: 'p_c',
    expression: over(call('exp', 'a'), series('j', call('exp', 'all'))),
    symbols: {
      a: { sign: 'a_c', words: 'logit of this digit' },
      all: { sign: 'a_j', words: 'logits of all ten' },
    },
  },
  softmaxAttacked: {
    result: '~p_c',
    expression: over(call('exp', 'a'), series('j', call('exp', 'all'))),
    symbols: {
      a: { sign: '~a_c', words: 'logit of this digit under attack' },
      all: { sign: '~a_j', words: 'logits of all ten' },
    },
  },
  crossEntropy: {
    result: 'L',
    expression: product(-1, call('ln', 'p')),
    symbols: { p: { sign: 'p_y', words: 'probability of the digit that the image shows' } },
  },
  linf: {
    result: '‖δ‖_∞',
    expression: size(less('attacked', 'x')),
    symbols: {
      attacked: { sign: '~x_j', words: 'the pixel that changed most, now' },
      x: { sign: 'x_j', words: 'the same pixel before' },
    },
  },
  l2: {
    result: '‖δ‖_2',
    expression: root(series('j', squared('d'), 'rest')),
    symbols: {
      d: { ...distance, sign: 'δ_j' },
    },
  },
  l1: {
    result: '‖δ‖_1',
    expression: series('j', size('d'), 'rest'),
    symbols: {
      d: { ...distance, sign: 'δ_j' },
    },
  },
  fgsm: {
    result: '~x_j',
    expression: call('clip', sum('x', product('e', 'g'))),
    symbols: {
      x: { sign: 'x_j', words: 'a pixel' },
      e: { sign: 'ε', words: 'size of the attack' },
      g: { sign: 'sign(∂L/∂x_j)', words: 'whether more ink there raises the loss' },
    },
    source: 'goodfellow',
  },
  batchLoss: {
    result: 'L',
    expression: product(over(-1, 'B'), series('i', call('ln', 'p'))),
    symbols: {
      B: { sign: 'B', words: 'images of a batch' },
      p: { sign: 'p_yi', words: 'probability of the digit that image i shows' },
    },
  },
  planned: {
    result: 'K',
    expression: series('l', call('floor', over(product('amount', 'units'), 100))),
    symbols: {
      amount: { sign: 'a', words: 'the amount, in per cent' },
      units: { sign: 'K_l', words: 'units of a layer' },
    },
  },
  rate: {
    result: 'images/s',
    expression: over('images', 'seconds'),
    symbols: {
      images: { sign: 'n', words: 'images gone through' },
      seconds: { sign: 't', words: 'seconds, without pauses' },
    },
  },
  timeLeft: {
    result: 't_left',
    expression: over(product('t', less(1, 'f')), 'f'),
    symbols: {
      t: { sign: 't', words: 'seconds so far' },
      f: { sign: 'f', words: 'share of the work that is done' },
    },
  },
  sparsity: {
    result: 's',
    expression: over('zero', 'all'),
    symbols: {
      zero: { sign: 'w_0', words: 'weights that a mask sets to zero' },
      all: { sign: 'w', words: 'weights in all, biases not counted' },
    },
  },
  weights: {
    result: 'w',
    expression: series('l', product('to', 'from')),
    symbols: {
      to: { sign: 'K_l', words: 'units of a layer' },
      from: { sign: 'K_{l−1}', words: 'inputs of it' },
    },
  },
  mean: {
    result: 'm',
    expression: product(over(1, 'n'), series('i', 'x')),
    symbols: {
      n: { sign: 'n', words: 'seeds' },
      x: { sign: 'x_i', words: 'the figure of seed i' },
    },
  },
  filterMean: {
    result: 'm',
    expression: product(over(1, 'n'), series('i', 'x')),
    symbols: {
      n: { sign: 'n', words: 'filters that are something' },
      x: { sign: 'x_i', words: 'the share of filter i' },
    },
  },
  deviation: {
    result: 's',
    expression: root(over(series('i', squared(less('x', 'm'))), less('n', 1))),
    symbols: {
      n: { sign: 'n', words: 'seeds' },
      x: { sign: 'x_i', words: 'the figure of seed i' },
      m: { sign: 'm', words: 'their mean' },
    },
  },
  student: {
    result: 'm_±',
    expression: giveOrTake('m', product('t', over('s', root('n')))),
    symbols: {
      m: { sign: 'm', words: 'mean over the seeds' },
      t: { sign: 't', words: '97.5 % quantile of Student’s t with n − 1 degrees of freedom' },
      s: { sign: 's', words: 'standard deviation over the seeds' },
      n: { sign: 'n', words: 'seeds' },
    },
    source: 'student',
  },
  area: {
    result: 'A',
    expression: over(series('i', product(over(sum('d', 'next'), 2), 'width')), 'whole'),
    symbols: {
      d: { sign: 'd_i', words: 'distance of the curves at an amount' },
      next: { sign: 'd_{i+1}', words: 'at the next amount' },
      width: { sign: 'h_i', words: 'from one amount to the next' },
      whole: { sign: 'h', words: 'from the first amount to the last' },
    },
  },
  jaccard: {
    result: 'J',
    expression: over('both', less(product(2, 'top'), 'both')),
    symbols: {
      both: { sign: '|A∩B|', words: 'units in both choices' },
      top: { sign: 'm', words: 'units chosen under each condition' },
    },
    source: 'jaccard',
  },
  concordance: {
    result: 'W',
    expression: over(
      product(12, 'S'),
      less(product(squared('m'), less(power('n', 3), 'n')), product('m', 'T')),
    ),
    symbols: {
      S: { sign: 'S', words: 'squared distances of the units’ rank sums from their mean, summed' },
      m: { sign: 'm', words: 'measures compared' },
      n: { sign: 'n', words: 'units' },
      T: { sign: 'T', words: 'correction for equal ranks' },
    },
    source: 'kendall',
  },
  pearson: {
    result: 'r',
    expression: over(series('k', product('x', 'y'), 'rest'), root(product('xx', 'yy'))),
    symbols: {
      x: { sign: 'x_k', words: 'one measure of unit k, less its mean' },
      y: { sign: 'y_k', words: 'the other one, less its mean' },
      xx: { sign: 'Σx²', words: 'squares of the one, summed' },
      yy: { sign: 'Σy²', words: 'squares of the other, summed' },
    },
  },
  partial: {
    result: 'r_{xy·c}',
    expression: over(
      less('xy', product('xc', 'yc')),
      root(product(less(1, squared('xc')), less(1, squared('yc')))),
    ),
    symbols: {
      xy: { sign: 'r_xy', words: 'correlation of the two' },
      xc: { sign: 'r_xc', words: 'of distortion with what is given' },
      yc: { sign: 'r_yc', words: 'of the other measure with what is given' },
    },
    source: 'yule',
  },
  beta: {
    result: 'β',
    expression: over('inner', 'square'),
    symbols: {
      inner: { sign: '⟨w,w′⟩', words: 'inner product of the filter before and after' },
      square: { sign: '‖w′‖²', words: 'squared length of the filter after' },
    },
    source: 'allenZhu',
  },
  cosine: {
    result: 'cos',
    expression: over('inner', product('before', 'after')),
    symbols: {
      inner: { sign: '⟨w,w′⟩', words: 'inner product of the filter before and after' },
      before: { sign: '‖w‖', words: 'length of the filter before' },
      after: { sign: '‖w′‖', words: 'length of the filter after' },
    },
  },
} satisfies Record<string, Formula>;

export type FormulaName = keyof typeof FORMULAS;

export const formula = (name: FormulaName): Formula => FORMULAS[name];
