/** Lesson 4: the most distorted units are cut, and it depends on whom one asks. */

import { showCurve } from '../actions';
import { controls, curve, recipe } from '../state';
import { before, bring, isCut, isWhole, measured } from './lab';
import { setPrune } from './settings';
import type { Dot, Lesson } from './types';

const AMOUNTS = [0, 10, 20, 30, 50, 70];

const byDistortion = () => isCut({ what: 'units', by: 'distortion', order: 'usual' }, 5);
const byLot = () => isCut({ what: 'units', by: 'random' }, 5);
const seed = () => recipe.value.network.seed;
/** The first network of the lesson. */
const first = () => seed() === 1;

function reattacked(): readonly Dot[] | null {
  const { what, points, phase } = curve.value;
  if (what !== 'units' || controls.value.prune.by !== 'distortion' || phase !== 'done') return null;
  const found = AMOUNTS.flatMap((amount): Dot[] => {
    const figure = points.find((point) => point.amount === amount)?.adaptive;
    return figure?.done ? [[amount, (100 * figure.correct) / figure.total]] : [];
  });
  return found.length === AMOUNTS.length ? found : null;
}

export const ILLUSION: Lesson = {
  name: 'illusion',
  steps: [
    {
      id: 'old',
      title: 'A tempting idea',
      words: [
        'An attack works by moving units. So cut the ones that it moves most, and what is left should stand firm. This is the idea behind *adversarial neural pruning* (Madaan, Shin & Hwang 2020), here in its barest form: the tenth of each layer with the largest distortion goes, nothing is trained afterwards.',
        'First the usual test. Before the cut, every test image was attacked, and the attacked images were kept. Now the network that was cut reads these *old adversarial* images.',
      ],
      begins: 'illusion',
      fits: () => first() && (isWhole() || byDistortion()),
      look: 'transfer',
      hides: ['adaptive', 'amount'],
      predict: {
        kind: 'number',
        ask: 'Of a hundred old adversarial images, how many does the cut network read right?',
        covers: ['transfer'],
        name: 'old images',
        series: 'transfer',
        mark: { label: 'before the cut', value: () => before('transfer') },
        from: 50,
        near: 5,
        outcome: () => (first() && byDistortion() ? measured('transfer') : null),
        said: {
          near: 'Close: {measured} of a hundred, more than before the cut.',
          above: 'Not so many: {measured} of a hundred, but more than before the cut.',
          below: 'More than that: {measured} of a hundred, and more than before the cut.',
        },
      },
      task: {
        says: 'In the Prune panel all is set: hidden units, distortion, 10 %. Press “Cut 18 units”.',
        button: 'Cut them for me',
        done: byDistortion,
        help: () => void bring('illusion-cut'),
      },
      after: [
        'A defence, it seems: some clean accuracy is lost, but more of the attacked images are read. It would be easy to stop here.',
      ],
    },
    {
      id: 'anew',
      title: 'The attacker tries again',
      words: [
        'Those images were crafted against a network that no longer exists. No attacker would be so kind. This one looks at the network that was cut, and crafts every image anew: same method, same ε, same ten steps.',
      ],
      begins: 'illusion-cut',
      fits: () => first() && byDistortion(),
      look: 'adaptive',
      hides: ['amount'],
      predict: {
        kind: 'number',
        ask: 'Of a hundred images attacked anew, how many does the cut network read right?',
        covers: ['adaptive'],
        name: 're-attacked',
        series: 'adaptive',
        mark: { label: 'before the cut', value: () => before('adaptive') },
        from: 50,
        near: 4,
        outcome: () => (first() && byDistortion() ? measured('adaptive') : null),
        said: {
          near: 'Exactly: {measured} of a hundred.',
          above: 'Fewer: {measured} of a hundred.',
          below: 'It is not as bad as that: {measured} of a hundred.',
        },
      },
      after: [
        'Fewer than before the cut. What looked like a defence was a change of address: the old letters no longer arrive. The cut made the network different, not robust.',
        'From here on you need one habit: whenever something was done to a network, attack *that* network.',
      ],
    },
    {
      id: 'lot',
      title: 'The control: by lot',
      words: [
        'Does distortion at least pick better units than a lottery? Cut as many units at random and attack anew. The cut by distortion gave the figure that you have just seen.',
      ],
      begins: 'illusion',
      fits: () => first() && byLot(),
      enter: () => {
        if (!byLot()) setPrune({ by: 'random', amount: 10 });
      },
      look: 'prune',
      hides: ['amount'],
      predict: {
        kind: 'number',
        ask: 'A tenth of the units is cut by lot. Of a hundred images attacked anew, how many are read right?',
        covers: ['transfer', 'adaptive'],
        name: 'cut by lot',
        series: 'adaptive',
        beside: { label: 'by distortion', step: 'anew' },
        mark: { label: 'before the cut', value: () => before('adaptive') },
        from: 50,
        near: 4,
        outcome: () => (first() && byLot() ? measured('adaptive') : null),
        said: {
          near: 'Close: {measured} of a hundred.',
          above: 'Fewer: {measured} of a hundred.',
          below: 'More: {measured} of a hundred.',
        },
      },
      task: {
        says: 'In the Prune panel the random order is chosen. Press “Cut 18 units”.',
        button: 'Cut them for me',
        done: byLot,
        help: () => void bring('illusion-random'),
      },
      after: [
        'In this network the lot even does better; in others it is the other way round. What is the same in all of them is the price: the most distorted units are those that the network reads with, so clean accuracy falls much further than by lot.',
      ],
    },
    {
      id: 'seed',
      title: 'One network proves nothing',
      words: [
        'All this was one network, grown from the seed 1. Take the seed 0: the same training, other first weights. Then cut its most distorted tenth and attack anew.',
      ],
      begins: 'whole',
      fits: () => seed() === 0 && byDistortion(),
      enter: () => setPrune({ by: 'distortion', amount: 10 }),
      look: 'adaptive',
      hides: ['amount'],
      predict: {
        kind: 'choose',
        ask: 'With the other network, what does the cut do to the re-attacked accuracy?',
        covers: ['transfer', 'adaptive'],
        name: 're-attacked, seed 0',
        series: 'adaptive',
        options: [
          { value: 'less', label: 'It falls again, by 2 points or more.' },
          { value: 'same', label: 'It stays about what it was.' },
          { value: 'more', label: 'It rises, by 2 points or more.' },
        ],
        outcome: () => {
          const [now, then] = [measured('adaptive'), before('adaptive')];
          if (seed() !== 0 || !byDistortion() || now === null || then === null) return null;
          return now - then >= 2 ? 'more' : now - then <= -2 ? 'less' : 'same';
        },
        said: { right: 'It does.', wrong: 'It does not; networks differ.' },
      },
      task: {
        says: 'Cut the most distorted tenth of this network: “Cut 18 units”.',
        button: 'Cut them for me',
        done: () => seed() === 0 && byDistortion(),
        help: () => void bring('illusion-again'),
      },
      after: [
        'Of the seeds 0 to 4 every network reads the old images better after this cut. Attacked anew, two are better by 5 points and three worse by 8 or 9. Below the lab, among the findings, the same is done with five networks that are trained for longer, by a rule stated beforehand; you can run it here.',
        'An effect that changes its sign with the seed is none.',
      ],
    },
    {
      id: 'curve',
      title: 'Then cut more',
      words: [
        'Perhaps a tenth is only too little. Let the page cut up to nearly everything, measure each network anew, and draw the re-attacked accuracy against the share that is cut.',
      ],
      begins: 'illusion',
      fits: () => first() && (isWhole() || byDistortion()),
      enter: () => {
        setPrune({ what: 'units', by: 'distortion', order: 'usual', amount: 10 });
        showCurve('amount');
      },
      look: 'curve',
      predict: {
        kind: 'curve',
        ask: 'Draw it: of a hundred images attacked anew, how many are read right, the more of the most distorted units are cut?',
        covers: ['amount'],
        name: 're-attacked',
        series: 'adaptive',
        of: 'read right, %',
        axis: 'units cut per layer, % →',
        at: AMOUNTS,
        near: 5,
        outcome: reattacked,
        said: {
          near: 'Well drawn: on average you are {apart} points away.',
          above:
            'You hoped for more: on average the measured curve is {apart} points away, mostly below yours.',
          below: 'It holds out longer than you drew it, on average by {apart} points.',
        },
      },
      after: [
        'No amount makes it robust. Madaan, Shin & Hwang never claimed that bare cutting would: in their own table pruning without adversarial training withstands nothing, and their method trains against the attack all the while.',
      ],
    },
  ],
  question: [
    'The idea was sound: what an attack moves, it needs. Why does it fail for whole units? Perhaps because no unit is all bad: each carries what reads the digit and what the attack uses in one set of weights (Allen-Zhu & Li 2021 call it a mixture).',
    'If so, one would have to cut more finely. That is the next lesson.',
  ],
};
