/** Lesson 5: pixels and single weights, where the same idea works. */
import { openStudy, setControl } from '../actions';
import { laboratory, recipe } from '../state';
import { before, bring, isCut, isWhole, measured, tenths } from './lab';
import { setPrune } from './settings';
import type { Lesson } from './types';

const BY_DISTORTION = { what: 'pixels', by: 'distortion-activation' } as const;
const byDistortion = () => isCut({ ...BY_DISTORTION, order: 'usual' }, 45);
const byLot = () => isCut({ what: 'pixels', by: 'random' }, 45);
const byWanda = () => isCut({ what: 'weights', by: 'wanda', layers: [1] }, 65);
const eps = () => recipe.value.measure.eps;

/** The share of the first layer's weights, by magnitude, on pixels that are rarely lit. */
function rare(): number | null {
  const { phase, found } = laboratory.mixture.value;
  return phase === 'done' && found && isWhole() ? tenths(100 * found.mixture.after.sum.rare) : null;
}

export const ENTER: Lesson = {
  name: 'enter',
  steps: [
    {
      id: 'rare',
      title: 'Where nothing is ever written',
      words: [
        'Digits stand in the middle of their picture. Of the 784 pixels 67 are black in every training image, and 326 are lit so rarely that their mean is below 0.01. Let us call them *rarely lit*.',
        'Each of them has 128 weights of its own, one to every unit of layer 1. Training hardly ever moves these: where no ink is, a weight gets no gradient. So they stay what they were at first, random.',
      ],
      begins: 'whole',
      look: 'mixture',
      predict: {
        kind: 'number',
        ask: 'What share of layer 1’s weights, by magnitude, sits on pixels that are rarely lit?',
        covers: ['mixture'],
        name: 'on rarely lit pixels',
        series: 'other',
        from: 50,
        near: 6,
        outcome: rare,
        said: {
          near: 'Close: {measured} %.',
          above: 'Less than that, but a great deal: {measured} %.',
          below: 'More than that: {measured} %.',
        },
      },
      task: {
        says: 'Below the lab, open “What are filters made of?”. It is measured in some seconds.',
        button: 'Open it for me',
        done: () => laboratory.mixture.value.open,
        help: () => openStudy('mixture', true),
      },
      after: [
        'These weights read nothing, because there is nothing to read. But an attack may put ink there: every pixel is allowed ε. Each random weight is then a door that leads inside.',
      ],
    },
    {
      id: 'pixels',
      title: 'Close the doors',
      words: [
        'Give pixels the measure that failed for units: how far the attack moves a pixel, divided by how much ink it has on average (*relative distortion*, E|x − x̃| / E x). Then cut the worse half of all pixels. What the network no longer sees, nobody can use against it.',
      ],
      begins: 'whole',
      fits: () => isWhole() || byDistortion(),
      enter: () => {
        if (isWhole()) setPrune({ ...BY_DISTORTION, amount: 50 });
      },
      look: 'prune',
      hides: ['amount', 'certified'],
      predict: {
        kind: 'number',
        ask: 'Half of all pixels are cut, nothing is trained. Of a hundred images attacked anew, how many are read right?',
        covers: ['transfer', 'adaptive'],
        name: 're-attacked',
        series: 'adaptive',
        mark: { label: 'before the cut', value: () => before('adaptive') },
        from: 50,
        near: 6,
        outcome: () => (byDistortion() && eps() === 0.05 ? measured('adaptive') : null),
        said: {
          near: 'Well judged: {measured} of a hundred.',
          above: 'Not quite so many: {measured} of a hundred.',
          below: 'More than that: {measured} of a hundred. This time the gain is real.',
        },
      },
      task: {
        says: 'In the Prune panel all is set: input pixels, 50 %. Press “Cut 50 % of pixels”.',
        button: 'Cut them for me',
        done: byDistortion,
        help: () => void bring('pixels'),
      },
      after: [
        'This is the re-attacked figure, the honest one, and it more than doubles; the clean one hardly moves. The old images tell nearly the same story, as they should when a gain is real.',
      ],
    },
    {
      id: 'lot',
      title: 'The control: by lot',
      words: ['By now you know what to ask for: the same number of pixels, cut by lot.'],
      begins: 'whole',
      fits: () => isWhole() || byLot(),
      enter: () => {
        if (isWhole()) setPrune({ what: 'pixels', by: 'random', amount: 50 });
      },
      look: 'prune',
      hides: ['amount', 'certified'],
      predict: {
        kind: 'number',
        ask: 'Half of the pixels are cut by lot. Of a hundred images attacked anew, how many are read right?',
        covers: ['transfer', 'adaptive'],
        name: 'cut by lot',
        series: 'adaptive',
        beside: { label: 'by distortion', step: 'pixels' },
        mark: { label: 'before the cut', value: () => before('adaptive') },
        from: 50,
        near: 6,
        outcome: () => (byLot() && eps() === 0.05 ? measured('adaptive') : null),
        said: {
          near: 'Yes: {measured} of a hundred, fewer than before the cut.',
          above: 'Fewer: {measured} of a hundred, and fewer than before the cut.',
          below: 'A few more: {measured} of a hundred, but fewer than before the cut.',
        },
      },
      task: {
        says: 'The random order is chosen. Press “Cut 50 % of pixels”.',
        button: 'Cut them for me',
        done: byLot,
        help: () => void bring('pixels-random'),
      },
      after: ['So it does matter which ones. The gain is not that of a smaller target.'],
    },
    {
      id: 'weights',
      title: 'More finely still',
      words: [
        'A pixel that some units read well need not be closed to all of them. *Wanda* (Sun et al. 2023) weighs each weight by how much ever comes through it: its size times the root mean square of its pixel, |w|·‖x‖. It was made to shrink language models and knows nothing of attacks.',
        'Cut 70 % of layer 1’s weights by it. Cut by size alone, this gives a re-attacked figure below that of the whole network.',
      ],
      begins: 'whole',
      fits: () => isWhole() || byWanda(),
      enter: () => {
        if (isWhole()) setPrune({ what: 'weights', by: 'wanda', layers: [1], amount: 70 });
      },
      look: 'prune',
      hides: ['amount', 'certified'],
      predict: {
        kind: 'number',
        ask: 'Of a hundred images attacked anew, how many does the network read right after Wanda’s cut?',
        covers: ['transfer', 'adaptive'],
        name: 're-attacked',
        series: 'adaptive',
        mark: { label: 'before the cut', value: () => before('adaptive') },
        from: 50,
        near: 6,
        outcome: () => (byWanda() && eps() === 0.05 ? measured('adaptive') : null),
        said: {
          near: 'Well judged: {measured} of a hundred.',
          above: 'Not quite so many: {measured} of a hundred.',
          below: 'More than that: {measured} of a hundred.',
        },
      },
      task: {
        says: 'In the Prune panel all is set. Press “Cut 70 % of weights”.',
        button: 'Cut them for me',
        done: byWanda,
        help: () => void bring('wanda'),
      },
      after: [
        'A small weight on a busy pixel stays, a large one on an idle pixel goes. That closes the same doors, each for itself.',
      ],
    },
    {
      id: 'far',
      title: 'How far does it carry?',
      words: [
        'All this was measured at ε 0.05. Double the size of the attack, on the network as it is now. The whole network reads next to nothing there, as lesson 1 has shown.',
      ],
      begins: 'wanda',
      fits: byWanda,
      look: 'adaptive',
      predict: {
        kind: 'number',
        ask: 'At ε 0.1, of a hundred images attacked anew, how many does it read right?',
        covers: ['transfer', 'adaptive'],
        name: 'at ε 0.1',
        series: 'adaptive',
        beside: { label: 'at ε 0.05', step: 'weights' },
        from: 50,
        near: 5,
        outcome: () => (byWanda() && eps() === 0.1 ? measured('adaptive') : null),
        said: {
          near: 'Yes: {measured} of a hundred.',
          above: 'Far fewer: {measured} of a hundred.',
          below: 'A few more: {measured} of a hundred.',
        },
      },
      task: {
        says: 'Open “All settings” of the Attack panel, and set the size that the figures are measured at to 0.1.',
        button: 'Set it for me',
        done: () => eps() === 0.1,
        help: () => setControl('measure', 'eps', 0.1),
      },
      after: [
        'The idle doors are closed; the attack now comes through those that the digits need. Training against the attack holds about seven in ten at this size. Can deletion alone? That is the next lesson.',
      ],
    },
  ],
  question: [
    'Is a network robust because it no longer looks at the margin, or has it merely gone blind there? What if tomorrow’s digits were written a little to the side?',
    'In the lab: cut half of the pixels once more, then draw a digit at the edge of the surface. (The page centres what you draw, as MNIST did. Does that settle the question?)',
  ],
};
