/** Lesson 7: figures that flatter, and what to set against them. */
import { chooseMethod, showCurve } from '../actions';
import { checks, curveShown, network, recipe, security } from '../state';
import { before, bring, measured, newest, steps } from './lab';
import type { Dot, Lesson } from './types';

const SIZES = [0, 0.01, 0.02, 0.03, 0.04, 0.05];

/** Trained against one step of the gradient, in a ball that is too large for it. */
const isMasked = () => {
  const [first] = steps();
  return network.value !== null && first?.step === 'train' && first.against === 'fgsm';
};
const isOrdinary = () => {
  const [first] = steps();
  return network.value !== null && first?.step === 'train' && first.against === 'none';
};
const method = () => recipe.value.attack.method;
const isTuned = () => (network.value?.sparsity ?? 0) >= 0.895 && newest()?.step === 'train';

function proven(): readonly Dot[] | null {
  const { phase, points } = security.value;
  if (phase !== 'done' || !isOrdinary() || steps().length > 1) return null;
  const found = SIZES.flatMap((eps): Dot[] => {
    const figure = points.find((point) => point.eps === eps)?.certified;
    return figure?.done ? [[eps, (100 * figure.correct) / figure.total]] : [];
  });
  return found.length === SIZES.length ? found : null;
}

export const TRUST: Lesson = {
  name: 'trust',
  steps: [
    {
      id: 'fgsm',
      title: 'A network that looks robust',
      words: [
        'This network is trained against the attack from its first day: every training image is moved by one step of the gradient, FGSM, of size 0.2. Such training is quick, and so it is popular.',
        'When it is done we attack as it was trained, by FGSM at ε 0.2, four times the size at which an ordinary network loses most of its accuracy. The training takes some seconds.',
      ],
      begins: 'masked',
      fits: () => isMasked() && method() === 'fgsm',
      look: 'adaptive',
      hides: ['transfer', 'certified', 'amount', 'size'],
      predict: {
        kind: 'number',
        ask: 'Of a hundred images under FGSM at ε 0.2, how many does it read right?',
        covers: ['adaptive'],
        name: 'under FGSM',
        series: 'adaptive',
        from: 50,
        near: 6,
        outcome: () => (isMasked() && method() === 'fgsm' ? measured('adaptive') : null),
        said: {
          near: 'Close: {measured} of a hundred.',
          above: 'Fewer, but {measured} of a hundred is a great deal at this size.',
          below: 'More than that: {measured} of a hundred, a great deal at this size.',
        },
      },
      after: [
        'An ordinary network reads nothing at all here. One might write a paper. Let us rather be our own harshest critic.',
      ],
    },
    {
      id: 'pgd',
      title: 'Attack it harder',
      words: [
        'FGSM takes one large step along the gradient. PGD takes ten small ones and looks anew after each. The ball is the same, the gradients are those of the same network.',
      ],
      begins: 'masked',
      fits: isMasked,
      look: 'adaptive',
      hides: ['transfer', 'certified', 'amount', 'size'],
      predict: {
        kind: 'number',
        ask: 'Of a hundred images under PGD at ε 0.2, how many does it read right?',
        covers: ['adaptive'],
        name: 'under PGD',
        series: 'adaptive',
        beside: { label: 'under FGSM', step: 'fgsm' },
        from: 50,
        near: 4,
        outcome: () => (isMasked() && method() === 'pgd' ? measured('adaptive') : null),
        said: {
          near: 'You saw it coming: {measured} of a hundred.',
          above: 'Far fewer: {measured} of a hundred.',
          below: 'A few more: {measured} of a hundred.',
        },
      },
      task: {
        says: 'In the Attack panel, choose the method “PGD”.',
        button: 'Choose it for me',
        done: () => isMasked() && method() === 'pgd',
        help: () => chooseMethod('pgd'),
      },
      after: [
        'The network never became robust. It bent its gradients so that one step of that size leads nowhere: *catastrophic overfitting* (Wong, Rice & Kolter 2020), a kind of *gradient masking*. The attack had failed, not the attacker.',
      ],
    },
    {
      id: 'alarm',
      title: 'Would you have noticed?',
      words: [
        'Suppose that you knew FGSM only. There are signs that give a masked network away without any better attack: noise that fools more than the attack, larger attacks that fool less, a loss that does not grow along the gradient (Athalye, Carlini & Wagner 2018; Carlini et al. 2019).',
        'Beside the re-attacked figure the page looks for seven such signs. Set the attack back to FGSM, and wait for them.',
      ],
      begins: 'masked',
      fits: isMasked,
      look: 'checks',
      hides: ['certified', 'amount', 'size'],
      predict: {
        kind: 'choose',
        ask: 'Does any of the seven checks sound an alarm under FGSM?',
        covers: ['adaptive'],
        name: 'the checks',
        series: 'adaptive',
        options: [
          { value: 'yes', label: 'Yes, at least one.' },
          { value: 'no', label: 'No, all is quiet.' },
        ],
        outcome: () => {
          const { found, rival } = checks.value;
          if (!isMasked() || method() !== 'fgsm' || !found || measured('adaptive') === null) {
            return null;
          }
          if (rival?.beats || found.some(({ state }) => state === 'tripped')) return 'yes';
          return found.every(({ state }) => state !== 'unknown') && rival ? 'no' : null;
        },
        said: { right: 'So it is.', wrong: 'It is the other way.' },
      },
      task: {
        says: 'In the Attack panel, choose the method “FGSM”.',
        button: 'Choose it for me',
        done: () => isMasked() && method() === 'fgsm',
        help: () => chooseMethod('fgsm'),
      },
      after: [
        'Open the line below the re-attacked figure: every check says what was tried and what came of it. That they are quiet proves nothing; that one rings means that the figure is not to be believed.',
      ],
    },
    {
      id: 'proof',
      title: 'From below: proofs',
      words: [
        'An attack can only show that something is broken. What it does not break might break tomorrow. A *certificate* looks from the other side: it computes bounds on every unit for all changes within ε at once, and where the right digit wins in the worst case, no attack whatever can succeed (interval bounds; Gowal et al. 2019; linear bounds, CROWN; Zhang et al. 2018).',
        'Back to an ordinary network. The truth lies between the attack’s curve and the proof’s.',
      ],
      begins: 'whole',
      look: 'curve',
      hides: ['certified'],
      predict: {
        kind: 'curve',
        ask: 'Draw it: for how many of a hundred images can it be proven that they are read right, at each size of the attack?',
        covers: ['size'],
        name: 'certified',
        series: 'certified',
        of: 'proven, %',
        axis: 'ε, the most a pixel may change →',
        at: SIZES,
        near: 6,
        outcome: proven,
        said: {
          near: 'Well drawn: on average you are {apart} points away.',
          above: 'Less can be proven than you drew, on average by {apart} points.',
          below: 'More can be proven than you drew, on average by {apart} points.',
        },
      },
      task: {
        says: 'Above the curve, choose “If the attack grows”.',
        button: 'Show the curve',
        done: () => curveShown.value === 'size' && isOrdinary(),
        help: () => {
          showCurve('size');
          void bring('whole');
        },
      },
      after: [
        'At small sizes proof and attack all but meet: there the accuracy is known, whoever attacks. Further on a gap opens, and nobody knows what is in it.',
      ],
    },
    {
      id: 'sparse',
      title: 'What pruning is good for',
      words: [
        'Lesson 3 ended with a network that had lost nine of ten weights, was fine-tuned, and was fooled as easily as before. But a bound adds up over all the weights it passes, and here there are few.',
      ],
      begins: 'whole-02',
      fits: () =>
        (isOrdinary() && steps().length === 1 && recipe.value.measure.eps === 0.02) || isTuned(),
      look: 'certified',
      predict: {
        kind: 'number',
        ask: 'At ε 0.02, for how many of a hundred images can the sparse network be proven right?',
        covers: ['certified'],
        name: 'certified',
        series: 'certified',
        mark: { label: 'before the cut', value: () => before('certified') },
        from: 50,
        near: 5,
        outcome: () =>
          isTuned() && recipe.value.measure.eps === 0.02 ? measured('certified') : null,
        said: {
          near: 'Well judged: {measured} of a hundred.',
          above: 'Not quite so many: {measured} of a hundred.',
          below: 'More than that: {measured} of a hundred.',
        },
      },
      task: {
        says: 'Cut 90 % of the weights by magnitude, over the whole network, and fine-tune.',
        button: 'Do both for me',
        done: isTuned,
        help: () => void bring('sparse-02'),
      },
      after: [
        'Sparse networks are easier to prove things about, though no harder to attack. Both are true, and whoever reports only one of them misleads.',
      ],
    },
  ],
  question: [
    'So, before you believe that something makes a network robust: was it attacked anew? Harder, and in other ways? Did blind noise do less? Was there a control, and more than one seed? What could be proven?',
    'All these figures stand on this page for whatever you do in the lab. Which claim of your own field would you like to see put to this test?',
  ],
};
