/** Lesson 3: how many weights can go, and what becomes of the attack. */
import { showCurve } from '../actions';
import type { PruneSettings } from '../engine/types';
import { controls, curve, network } from '../state';
import { before, bring, isCut, isWhole, measured, newest } from './lab';
import { setPrune } from './settings';
import type { Dot, Lesson } from './types';

const AMOUNTS = [0, 20, 40, 60, 80, 90, 95];
const SMALLEST = { what: 'weights', by: 'magnitude', scope: 'global' } as const;

const prepare = (amount: number) => () => setPrune({ ...SMALLEST, amount });

const asked = (prune: PruneSettings) =>
  prune.what === 'weights' && prune.by === 'magnitude' && prune.scope === 'global';

function clean(): readonly Dot[] | null {
  const { what, points } = curve.value;
  if (what !== 'weights' || !asked(controls.value.prune)) return null;
  const found = AMOUNTS.flatMap((amount): Dot[] => {
    const figure = points.find((point) => point.amount === amount)?.clean;
    return figure ? [[amount, (100 * figure.correct) / figure.total]] : [];
  });
  return found.length === AMOUNTS.length ? found : null;
}

/** Nine of ten weights are gone. */
const isSparse = () => (network.value?.sparsity ?? 0) >= 0.895;

const isTuned = () => {
  const top = newest();
  return (
    isSparse() &&
    (top?.step === 'train'
      ? top.from === 'current' && top.against === 'none'
      : top?.step === 'prune' && top.tune > 0)
  );
};

const isRandom = () => isCut({ what: 'weights', by: 'random' }, 45);

export const CUT: Lesson = {
  name: 'cut',
  steps: [
    {
      id: 'curve',
      title: 'Cut the small ones',
      words: [
        'To *prune* a weight is to set it to zero and keep it there. The simplest rule is the oldest: the smallest weights go first, wherever in the network they are (*magnitude pruning*; Han et al. 2015).',
        'Nothing is trained afterwards. The network has to make do with what is left.',
      ],
      begins: 'whole',
      enter: () => {
        prepare(50)();
        showCurve('amount');
      },
      look: 'curve',
      predict: {
        kind: 'curve',
        ask: 'Draw it: how many of a hundred unchanged digits are read right, the more of the weights are cut?',
        covers: ['amount'],
        name: 'clean',
        series: 'clean',
        of: 'read right, %',
        axis: 'weights cut, % →',
        at: AMOUNTS,
        near: 6,
        outcome: clean,
        said: {
          near: 'Well drawn: on average you are {apart} points away.',
          above: 'It falls sooner than you drew it, on average by {apart} points.',
          below: 'It holds out longer than you drew it, on average by {apart} points.',
        },
      },
      after: [
        'Nothing happens for a long time, and then everything at once. Most of the 109,184 weights were hardly needed.',
        'Move the amount in the Prune panel and watch the figures follow: every position is measured on all the images before the next frame is drawn.',
      ],
    },
    {
      id: 'lot',
      title: 'The control: by lot',
      words: [
        'Is that the merit of the rule, or are there simply too many weights? Cut half of them by lot, the large with the small. Of the smallest half, you have just seen, nobody misses any.',
      ],
      begins: 'whole',
      fits: () => isWhole() || isRandom(),
      enter: () => {
        if (isWhole()) setPrune({ ...SMALLEST, by: 'random', amount: 50 });
      },
      look: 'prune',
      predict: {
        kind: 'number',
        ask: 'Half of all weights are cut by lot. How many digits of a hundred are still read right?',
        covers: ['clean', 'amount'],
        name: 'half cut by lot',
        series: 'clean',
        mark: { label: 'uncut', value: () => before('clean') },
        from: 50,
        near: 6,
        outcome: () => (isRandom() ? measured('clean') : null),
        said: {
          near: 'Close: {measured} of a hundred.',
          above: 'Fewer than that: {measured} of a hundred.',
          below: 'More than that: {measured} of a hundred.',
        },
      },
      task: {
        says: 'In the Prune panel all is set: random order, 50 % of the weights. Press “Cut 50 % of weights”.',
        button: 'Cut them for me',
        done: isRandom,
        help: () => void bring('cut-random'),
      },
      after: [
        'There are too many weights, but not any of them will do. A rule is worth what it gains on the lot: whenever somebody shows you a way to prune, ask for this control.',
      ],
    },
    {
      id: 'tuned',
      title: 'A second chance',
      words: [
        'Back to the smallest, and nine of ten of them. As your curve has shown, this network has begun to forget. Now let it train for one more epoch. What is cut stays cut; only the tenth that is left may move. This is *fine-tuning*.',
      ],
      begins: 'whole',
      fits: () => isWhole() || isSparse(),
      enter: () => {
        if (isWhole()) prepare(90)();
      },
      look: 'prune',
      hides: ['transfer', 'adaptive', 'certified', 'size'],
      predict: {
        kind: 'number',
        ask: 'With a tenth of its weights and one epoch to recover, how many digits of a hundred does it read right?',
        covers: ['clean'],
        name: 'cut and tuned',
        series: 'clean',
        mark: { label: 'uncut', value: () => before('clean') },
        from: 50,
        near: 3,
        outcome: () => (isTuned() ? measured('clean') : null),
        said: {
          near: 'Yes: {measured} of a hundred, nearly as before the cut.',
          above: 'You expected even more: it is {measured} of a hundred.',
          below: 'It recovers better than that: {measured} of a hundred.',
        },
      },
      task: {
        says: 'Press “Cut 90 % of weights”, then “Fine-tune”.',
        button: 'Do both for me',
        done: isTuned,
        help: () => void bring('cut-tuned'),
      },
      after: [
        'That most of a network can go is one of the firmest findings on pruning. Frankle & Carbin (2019) ask the sharper question: had the tenth that is left been enough from the beginning, had one known which?',
      ],
    },
    {
      id: 'attack',
      title: 'And the attack?',
      words: [
        'A sparse network has fewer weights that an attack could use. It would be handy if it were also harder to fool. Compare the re-attacked accuracy, at ε 0.05, with that of the whole network.',
      ],
      begins: 'cut-tuned',
      fits: isTuned,
      look: 'figures',
      predict: {
        kind: 'choose',
        ask: 'With nine of ten weights gone and the rest fine-tuned, how does it stand an attack made anew?',
        covers: ['transfer', 'adaptive', 'certified', 'size'],
        name: 're-attacked',
        series: 'adaptive',
        options: [
          { value: 'more', label: 'Better: at least 5 points more than the whole network.' },
          { value: 'same', label: 'About the same: within 5 points.' },
          { value: 'less', label: 'Worse: at least 5 points less.' },
        ],
        outcome: () => {
          const [now, then] = [measured('adaptive'), before('adaptive')];
          if (!isTuned() || now === null || then === null || measured('transfer') === null) {
            return null;
          }
          return now - then >= 5 ? 'more' : now - then <= -5 ? 'less' : 'same';
        },
        said: {
          right: 'So it is.',
          wrong: 'Not so.',
        },
      },
      after: [
        'Being sparse is not being robust. But look at the figure above, *old adversarial*: on pictures that were crafted against the network before the cut it reads far more than before. Who measures only there would report a defence.',
        'Those pictures were made for another network. The next lesson is about this difference.',
      ],
    },
  ],
  question: [
    'Nine of ten weights can go, and the same ones could have been spared from the first day. Why, then, do small networks that are trained from scratch read worse than large ones that are cut down?',
    'In the lab: cut 90 % again, but under “All settings” rewind to the first weights before fine-tuning. Does the ticket win?',
  ],
};
