/** Lesson 1: a network is trained, and fooled by a change too small to bother a person. */
import { chooseMethod, selectImage, showCurve } from '../actions';
import { read } from '../exhibits/parts/reading';
import { curveShown, image, network, recipe, security } from '../state';
import { bring, isWhole, measured } from './lab';
import type { Dot, Lesson } from './types';

/** Sizes of the attack at which a curve is drawn; all are measured. */
const SIZES = [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15];

/** Below this probability a reading counts as unsure. */
const SURE = 0.6;

const method = () => recipe.value.attack.method;

function outcomeOfImage(): 'same' | 'unsure' | 'sure' | null {
  const attacked = image.value;
  if (attacked?.index !== 0 || attacked.by.method !== 'pgd') return null;
  const digit = read(attacked.attacked);
  if (digit === attacked.label) return 'same';
  return (attacked.attacked[digit] ?? 0) < SURE ? 'unsure' : 'sure';
}

function curve(): readonly Dot[] | null {
  const { phase, points } = security.value;
  if (phase !== 'done' || method() !== 'pgd') return null;
  const found = SIZES.flatMap((eps): Dot[] => {
    const figure = points.find((point) => point.eps === eps)?.adaptive;
    return figure && figure.total > 0 ? [[eps, (100 * figure.correct) / figure.total]] : [];
  });
  return found.length === SIZES.length ? found : null;
}

export const FOOL: Lesson = {
  name: 'fool',
  steps: [
    {
      id: 'train',
      title: 'A network learns to read',
      words: [
        'The network takes 784 numbers, one for the ink in each pixel of a small picture, and gives ten, one for each digit. Between them stand two *hidden layers* of 128 and 64 *units*: each adds up what it is given, every input times a *weight* of its own, and passes the sum on if it is above zero.',
        'At first all 109,184 weights are random. Training goes three times through 60,000 handwritten digits, and after every 128 of them moves each weight a little so that the right answers become more probable.',
      ],
      begins: 'nothing',
      fits: isWhole,
      look: 'train',
      hides: ['transfer', 'adaptive', 'certified', 'amount', 'size', 'reading'],
      predict: {
        kind: 'number',
        ask: 'Then it is shown 2,000 digits that it has never seen. How many of a hundred will it read right?',
        covers: ['clean'],
        name: 'read right',
        series: 'clean',
        from: 50,
        near: 3,
        outcome: () => (isWhole() ? measured('clean') : null),
        said: {
          near: 'You know these networks: it reads {measured} of a hundred.',
          above: 'Not quite so many, but {measured} of a hundred, after some seconds of training.',
          below:
            'It is better than you gave it credit for: {measured} of a hundred, after some seconds of training.',
        },
      },
      task: {
        says: 'Press “Train a network”. It takes some seconds, and the line that falls is its error.',
        button: 'Train it for me',
        done: isWhole,
        help: () => void bring('fool'),
      },
      after: [
        'This is its *clean accuracy*: of test images as they are. Every figure on this page bears the 95 % interval that comes of having only so many images.',
      ],
    },
    {
      id: 'image',
      title: 'One picture, hardly changed',
      words: [
        'Now an *attack*. It may change every pixel of a picture, but none by more than ε, here 0.1 on the scale from white to black. It knows the network: it computes how the error would grow with every pixel, moves all of them a little that way, and repeats this ten times. That is *projected gradient descent*, PGD (Madry et al. 2018).',
        'The lab shows the picture, the change, magnified, and their sum. You would still read the same digit.',
      ],
      begins: 'fool',
      enter: () => selectImage(0),
      look: 'equation',
      hides: ['transfer', 'adaptive', 'certified', 'amount', 'size'],
      predict: {
        kind: 'choose',
        ask: 'What does the network make of this 7 once it is attacked?',
        covers: ['reading'],
        name: 'the attacked picture',
        series: 'adaptive',
        options: [
          { value: 'same', label: 'It still reads a 7.' },
          { value: 'unsure', label: 'It reads another digit, but is unsure: less than 60 %.' },
          { value: 'sure', label: 'It reads another digit, and is sure of it.' },
        ],
        outcome: outcomeOfImage,
        said: {
          right: 'So it is. The bars under “output” show what it thinks before and after.',
          wrong: 'Not this time. The bars under “output” show what it thinks before and after.',
        },
      },
      after: [
        'Look at some other digits: choose them in the row of test images. Those that the attack flips are marked. Below the layers is the path of the attack, step by step.',
      ],
    },
    {
      id: 'noise',
      title: 'Is it just the noise?',
      words: [
        'The change looks like noise. Perhaps noise is all it is, and the network is simply delicate.',
        'So here is the control: every pixel is moved by the same ε, up or down, as a coin decides. This “attack” has the size of the other one, but it is blind.',
      ],
      begins: 'fool',
      fits: isWhole,
      look: 'attack',
      hides: ['certified', 'amount', 'size'],
      predict: {
        kind: 'number',
        ask: 'Of a hundred digits with such noise on them, how many will it read right?',
        covers: ['transfer', 'adaptive', 'reading'],
        name: 'with blind noise',
        series: 'adaptive',
        mark: { label: 'unchanged', value: () => measured('clean') },
        from: 50,
        near: 5,
        outcome: () => (isWhole() && method() === 'noise' ? measured('adaptive') : null),
        said: {
          near: 'Well judged: {measured} of a hundred. Noise of this size is hardly a bother.',
          above: 'A little less, {measured} of a hundred; but most digits survive.',
          below: 'It takes noise far better than that: {measured} of a hundred are read right.',
        },
      },
      task: {
        says: 'In the Attack panel, choose the method “Random signs”.',
        button: 'Choose it for me',
        done: () => network.value !== null && method() === 'noise',
        help: () => chooseMethod('noise'),
      },
      after: ['Remember this figure. The next one has changes of exactly the same size.'],
    },
    {
      id: 'all',
      title: 'The same size, but aimed',
      words: [
        'Back to PGD: again no pixel moves by more than 0.1. The only difference is that each one moves the way that hurts.',
      ],
      begins: 'fool-noise',
      fits: isWhole,
      look: 'adaptive',
      hides: ['certified', 'amount', 'size'],
      predict: {
        kind: 'number',
        ask: 'Of a hundred digits under this attack, how many will it still read right?',
        covers: ['transfer', 'adaptive', 'reading'],
        name: 'under PGD',
        series: 'adaptive',
        beside: { label: 'with blind noise', step: 'noise' },
        mark: { label: 'unchanged', value: () => measured('clean') },
        from: 50,
        near: 3,
        outcome: () => (isWhole() && method() === 'pgd' ? measured('adaptive') : null),
        said: {
          near: 'Yes: {measured} of a hundred. The network is all but helpless.',
          above: 'It is worse than that: {measured} of a hundred.',
          below: 'It still reads {measured} of a hundred, a little more than you feared.',
        },
      },
      task: {
        says: 'In the Attack panel, choose the method “PGD” again.',
        button: 'Choose it for me',
        done: () => network.value !== null && method() === 'pgd',
        help: () => chooseMethod('pgd'),
      },
      after: [
        'So it is not the size of the change but its direction. A small push on each of 784 pixels, all of them agreeing, adds up to a large one inside (Goodfellow, Shlens & Szegedy 2015).',
        'This accuracy is called *re-attacked* here, because every picture is attacked anew on the network as it is. It is the honest figure, and the following lessons are about it.',
      ],
    },
    {
      id: 'sizes',
      title: 'How small is small enough?',
      words: [
        'At ε 0 nothing is attacked, and the network reads what it always reads. At 0.1 next to nothing is left. In between there has to be a slope.',
      ],
      begins: 'fool',
      fits: () => isWhole() && method() === 'pgd',
      look: 'curve',
      predict: {
        kind: 'curve',
        ask: 'Draw it: of a hundred digits, how many are read right at each size of the attack?',
        covers: ['size'],
        name: 're-attacked',
        series: 'adaptive',
        of: 'read right, %',
        axis: 'ε, the most a pixel may change →',
        at: SIZES,
        near: 6,
        outcome: curve,
        said: {
          near: 'Well drawn: on average you are {apart} points away.',
          above: 'It falls sooner than you drew it, on average by {apart} points.',
          below: 'It holds out longer than you drew it, on average by {apart} points.',
        },
      },
      task: {
        says: 'Above the curve, choose “If the attack grows”.',
        button: 'Show the curve',
        done: () => curveShown.value === 'size',
        help: () => showCurve('size'),
      },
      after: [
        'Papers on MNIST usually attack at ε 0.3. Long before, nothing is left of a network trained like this one. The dotted line below is what can be proven; the last lesson comes back to it.',
      ],
    },
  ],
  question: [
    'You see a 7, the network sees something else, and it is sure. Is it wrong, or does it use something that really is in the pictures, only too fine for you to see? There is evidence for the second: networks that learn from nothing but such changes still read ordinary pictures (Ilyas et al. 2019, “Adversarial examples are not bugs, they are features”).',
    'In the lab: draw a digit of your own with a thick pen and with a thin one. Which is easier to flip, and why?',
  ],
};
