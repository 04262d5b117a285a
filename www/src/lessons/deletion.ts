/** Lesson 6: a mask is learned on attacked images while no weight changes. */
import { before, bring, isWhole, measured, newest, steps } from './lab';
import type { Lesson } from './types';

const isLearned = (on: 'fgsm' | 'clean') => () => {
  const top = newest();
  return top?.step === 'learn' && top.on === on && !top.joint && top.amount >= 75;
};
const attacked = isLearned('fgsm');
const onClean = isLearned('clean');

/** Trained on clean images, and then on attacked ones, without any cut. */
const isHardened = () => {
  const top = newest();
  return (
    top?.step === 'train' &&
    top.from === 'current' &&
    top.against !== 'none' &&
    steps().every(({ step }) => step === 'train')
  );
};

export const DELETION: Lesson = {
  name: 'deletion',
  steps: [
    {
      id: 'learned',
      title: 'A network inside the network',
      words: [
        'Here is the network from before, trained as usual. At ε 0.1 next to nothing of it withstands the attack.',
        'The claim is strange: inside it there sleeps a robust network, and to find it one need only delete (HYDRA; Sehwag et al. 2020). Four of five weights are set to zero. Those that are left are not changed in the least.',
        'Which ones stay is *learned*. It takes about as long as the training did; read on meanwhile.',
      ],
      begins: 'fool',
      fits: () => isWhole() || attacked(),
      look: 'prune',
      hides: ['transfer', 'certified', 'amount', 'size', 'clean'],
      predict: {
        kind: 'number',
        ask: 'With 80 % of its weights deleted and none changed, how many images of a hundred, attacked anew at ε 0.1, does it read right?',
        covers: ['adaptive'],
        name: 're-attacked',
        series: 'adaptive',
        mark: { label: 'before the cut', value: () => before('adaptive') },
        from: 50,
        near: 6,
        outcome: () => (attacked() ? measured('adaptive') : null),
        said: {
          near: 'You believed it: {measured} of a hundred.',
          above: 'Not quite so many, but {measured} of a hundred, by deletion alone.',
          below: 'It is {measured} of a hundred, by deletion alone.',
        },
      },
      task: {
        says: 'In the Prune panel choose “learned”, leave the rest as it is, and press “Learn the mask”.',
        button: 'Learn it for me',
        done: attacked,
        help: () => void bring('learned'),
      },
      after: [
        'Nothing was added: every weight left is what it was, bit for bit. (Below the lab, the finding “Deletion alone can defend” checks it over three seeds.) The robust network was there all along, drowned by the other four fifths.',
      ],
    },
    {
      id: 'how',
      title: 'How a mask is learned',
      words: [
        'Deleting is all or nothing, and of that there is no gradient. So every weight gets a *score*, and the fifth with the highest scores is kept. The training images are attacked by FGSM, one step of the gradient; the error on them is computed with the masked network and sent back to the scores as if the mask were not there (a *straight-through* estimate). The scores move, the weights never (edge-popup; Ramanujan et al. 2020).',
      ],
      begins: 'learned',
      fits: attacked,
      look: 'clean',
      hides: ['transfer', 'certified', 'amount', 'size'],
      predict: {
        kind: 'number',
        ask: 'The mask was chosen for attacked images only. How many unchanged digits of a hundred does the fifth that is left read right?',
        covers: ['clean'],
        name: 'clean',
        series: 'clean',
        mark: { label: 'before the cut', value: () => before('clean') },
        from: 50,
        near: 2,
        outcome: () => (attacked() ? measured('clean') : null),
        said: {
          near: 'Close: {measured} of a hundred.',
          above: 'A little less: {measured} of a hundred.',
          below: 'More than you feared: {measured} of a hundred.',
        },
      },
      after: [
        'Robustness has cost about a point of clean accuracy. Keep this figure for the last step.',
      ],
    },
    {
      id: 'clean',
      title: 'The control: learned on clean images',
      words: [
        'Is it the learning that helps, or what it was learned on? Learn a mask in the same way, 80 % deleted, but on unchanged images.',
      ],
      begins: 'fool',
      fits: () => isWhole() || onClean(),
      look: 'prune',
      hides: ['transfer', 'certified', 'amount', 'size'],
      predict: {
        kind: 'number',
        beside: { label: 'on attacked ones', step: 'learned' },
        ask: 'With a mask learned on clean images, how many of a hundred, attacked anew at ε 0.1, are read right?',
        covers: ['adaptive'],
        name: 're-attacked',
        series: 'adaptive',
        mark: { label: 'before the cut', value: () => before('adaptive') },
        from: 50,
        near: 4,
        outcome: () => (onClean() ? measured('adaptive') : null),
        said: {
          near: 'Yes: {measured} of a hundred. Hardly anything is gained.',
          above: 'Much less: {measured} of a hundred. Hardly anything is gained.',
          below: 'A little more: {measured} of a hundred. Still, hardly anything is gained.',
        },
      },
      task: {
        says: 'Choose “learned on: clean images”, and press “Learn the mask”.',
        button: 'Learn it for me',
        done: onClean,
        help: () => void bring('learned-clean'),
      },
      after: [
        'So sparsity is not what defends, and learning is not either. The mask defends because it was asked to.',
      ],
    },
    {
      id: 'training',
      title: 'Beside training against the attack',
      words: [
        'The usual defence is *adversarial training*: go on training, on attacked images (Goodfellow et al. 2015; Madry et al. 2018). Here it is two epochs against FGSM, beginning with the same network; nothing is cut. This takes longest; on a phone perhaps a minute.',
        'It is often said that pruning is to be preferred, because adversarial training costs so much clean accuracy.',
      ],
      begins: 'fool',
      fits: () => isWhole() || isHardened(),
      look: 'train',
      predict: {
        kind: 'number',
        beside: { label: 'with the mask', step: 'how' },
        ask: 'After adversarial training, how many unchanged digits of a hundred does it read right?',
        covers: ['clean'],
        name: 'clean',
        series: 'clean',
        from: 50,
        near: 2,
        outcome: () => (isHardened() ? measured('clean') : null),
        said: {
          near: 'Close: {measured} of a hundred.',
          above: 'A little less: {measured} of a hundred.',
          below: 'More than you feared: {measured} of a hundred.',
        },
      },
      task: {
        says: 'Press “+1 epoch against FGSM” in the Train panel, twice.',
        button: 'Train it for me',
        done: isHardened,
        help: () => void bring('hardened'),
      },
      after: [
        'At this size of attack it costs next to nothing, when it begins with a trained network. The claim that pruning is cheaper does not hold here. Look at the re-attacked figures, too: both stand at about seven in ten. What remains remarkable is that deletion comes close at all.',
      ],
    },
  ],
  question: [
    'The mask holds one bit a weight, kept or not. Some 109,000 bits, chosen well, turn a helpless network into a robust one. Where, then, is robustness: in the values of the weights, or in which of them there are?',
    'In the lab: learn a mask of 30, of 50, of 90 %. Where is the best bargain between clean and re-attacked?',
  ],
};
