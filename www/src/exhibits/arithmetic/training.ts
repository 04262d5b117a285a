/** Cards of training and cutting: loss, pace, what is left, what is zero, the digest. */
import { networkKey } from '../../engine/keys';
import { count, percent, seconds, short } from '../../plots/measured';
import { controls, history, kept, network, preview, training, visits, watched } from '../../state';
import { losses, pace } from '../parts/course';
import { plannedUnits } from '../parts/plan';
import { cutWords } from '../parts/pruneWords';
import { type CardContent, integer, type Maker, type Worked } from './card';

const PIXELS = 784;
const CLASSES = 10;

const loss: Maker = () => {
  const last = losses.value.at(-1);
  if (last === undefined) return null;
  const { batch, against } = controls.value.train;
  return {
    title: 'Training loss',
    value: short(last),
    what: 'How surprised the network is by the digits of the batch it learns from: the mean of −ln p over its images. The line is its course, from the first batch to the newest.',
    worked: [{ of: 'batchLoss', given: null, result: last, label: 'newest' }],
    on: [
      `Batches of ${count(batch)} training images${against === 'none' ? '' : ', which are attacked'}.`,
    ],
    sources: [],
  };
};

const paceCard: Maker = () => {
  const newest = training.value.phase === 'idle' ? pace.value : training.value;
  if (!newest || newest.counted.seconds <= 0) return null;
  const rate = 'rate' in newest ? newest.rate : newest.imagesPerSecond;
  return {
    title: 'Pace',
    value: `${count(rate)} images/s`,
    what: 'Images that the network learned from, every one as often as it came, by the seconds that took in this browser.',
    worked: [
      {
        of: 'rate',
        given: { images: newest.counted.images, seconds: newest.counted.seconds },
        result: rate,
      },
    ],
    on: ['The step that trains now, or trained last; pauses are not counted.'],
    sources: [],
  };
};

const taken: Maker = () => {
  const newest = pace.value;
  if (!newest) return null;
  return {
    title: 'Time taken',
    value: seconds(newest.seconds),
    what: 'From the first batch of the newest training to its last, by the clock of this browser. Another machine takes another time, and comes to the same network.',
    worked: [],
    on: ['Pauses are not counted.'],
    sources: [],
  };
};

const left: Maker = () => {
  const { fraction, secondsLeft, secondsTaken, phase } = training.value;
  if (phase === 'idle' || fraction <= 0) return null;
  return {
    title: 'Time left',
    value: seconds(secondsLeft),
    what: 'What is left of the work, if it goes on as fast as it has gone so far.',
    worked: [{ of: 'timeLeft', given: { t: secondsTaken, f: fraction }, result: secondsLeft }],
    on: ['Work is counted in passes through the network; pauses are not counted.'],
    sources: [],
  };
};

const watchedCard: Maker = (which) => {
  const last = watched.value?.epochs.at(-1);
  if (!last || (which !== 'fgsm' && which !== 'pgd')) return null;
  return {
    title: which === 'fgsm' ? 'Robust to one step' : 'Robust to many steps',
    value: `${percent(last[which])} %`,
    what: 'The share of some training images that withstand after the newest epoch. Where one step is withstood and many are not, the network has learned to hide from one step.',
    worked: [],
    on: [
      `After epoch ${last.epoch}; the last 512 training images, ${which === 'fgsm' ? 'FGSM' : 'PGD, 10 steps'}, of the size that is trained against.`,
    ],
    sources: ['wong'],
  };
};

/** Weights of a perceptron of these hidden layers, layer by layer. */
function layersOf(hidden: readonly number[]): { to: number[]; from: number[] } {
  const to = [...hidden, CLASSES];
  return { to, from: [PIXELS, ...to.slice(0, -1)] };
}

const weightsOf = (hidden: readonly number[]) => {
  const { to, from } = layersOf(hidden);
  return to.reduce((sum, units, layer) => sum + units * (from[layer] ?? 0), 0);
};

function sparsityCard(
  hidden: readonly number[],
  sparsity: number,
  all: number,
  words: string,
): CardContent {
  const worked: Worked[] = [
    {
      of: 'sparsity',
      given: { zero: Math.round(sparsity * all), all },
      result: sparsity,
      as: 'share',
    },
    { of: 'weights', given: layersOf(hidden), result: all, label: 'weights in all' },
  ];
  return {
    title: 'What is cut',
    value: `${percent(sparsity)} %`,
    what: 'Sparsity: the share of weights that a mask sets to zero. A unit or a pixel that is cut takes all weights in and out of it along.',
    worked,
    on: [words === '' ? 'Nothing is cut.' : `Cut: ${words}.`],
    sources: [],
  };
}

/** Of the network on screen, or after a step of the history. */
const sparsity: Maker = (at) => {
  const entry = at === undefined ? undefined : history.value.entries[integer(at)];
  const facts = entry ? visits.value.get(networkKey(entry))?.facts : network.value;
  if (!facts) return null;
  return sparsityCard(facts.hidden, facts.sparsity, facts.parameters, cutWords(facts));
};

const keptCard: Maker = (at) => {
  const entry = kept.value[integer(at)];
  if (!entry) return null;
  const all = weightsOf(entry.hidden);
  const words = entry.sparsity > 0 ? `${percent(entry.sparsity)} % of weights` : '';
  return sparsityCard(entry.hidden, entry.sparsity, all, words);
};

const planned: Maker = () => {
  const { amount, what, scope, layers } = controls.value.prune;
  if (what === 'pixels') {
    return {
      title: 'Pixels that would be cut',
      value: count(Math.floor((PIXELS * amount) / 100 + 1e-9)),
      what: 'The amount’s share of all pixels of an image, rounded down.',
      worked: [
        {
          of: 'planned',
          given: { amount: [amount], units: [PIXELS] },
          result: Math.floor((PIXELS * amount) / 100 + 1e-9),
        },
      ],
      on: [],
      sources: [],
    };
  }
  const held = preview.value;
  const hidden = network.value?.hidden ?? controls.value.network.hidden;
  const chosen = hidden.filter((_, layer) => layers.includes(0) || layers.includes(layer + 1));
  const whole = chosen.reduce((sum, units) => sum + units, 0);
  const units = scope === 'global' ? [whole] : chosen;
  const all = plannedUnits.value;
  return {
    title: 'Units that would be cut',
    value: count(held?.unitsPruned ?? all),
    what:
      scope === 'global'
        ? 'The amount’s share of the units of all chosen layers together, rounded down.'
        : 'The amount’s share of the units of each chosen layer, rounded down layer by layer.',
    worked: [
      {
        of: 'planned',
        given: { amount: units.map(() => amount), units },
        result: all,
      },
    ],
    on: held ? ['While the slider is held: counted in the network as it would be.'] : [],
    sources: [],
  };
};

const pixelsCut: Maker = () => {
  const facts = preview.value ?? network.value;
  if (!facts) return null;
  return {
    title: 'Pixels that are cut',
    value: `${count(facts.pixelsPruned)} of ${PIXELS}`,
    what: 'Pixels that no weight acts on any more: every weight that reads them is zero by a mask, or its unit is cut.',
    worked: [
      {
        of: 'share',
        given: { k: facts.pixelsPruned, n: PIXELS },
        result: facts.pixelsPruned / PIXELS,
        as: 'share',
      },
    ],
    on: [],
    sources: [],
  };
};

const digest: Maker = () => {
  const facts = network.value;
  if (!facts) return null;
  return {
    title: 'Digest of the network',
    value: facts.digest,
    what: 'The first 64 bits of a SHA-256 over all weights, biases and masks, bit by bit. Two networks of the same digest are the same network; a link carries the one its sender saw.',
    worked: [],
    on: [`${count(facts.parameters)} weights in all.`],
    sources: [],
  };
};

export const TRAINING = {
  loss,
  pace: paceCard,
  taken,
  left,
  watched: watchedCard,
  sparsity,
  kept: keptCard,
  planned,
  'pixels-cut': pixelsCut,
  digest,
};
