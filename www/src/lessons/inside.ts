/** Lesson 2: how far an attack moves the units inside, and whether it is the same ones each time. */
import { openStudy } from '../actions';
import { distortion, laboratory } from '../state';
import { isWhole, still, tenths } from './lab';
import type { Lesson } from './types';

/** The most distorted tenth of the first layer: how much of its whole distortion it holds. */
function topTenth(): number | null {
  const units = distortion.value?.layers[0]?.units;
  if (!units || !still() || !isWhole()) return null;
  const ordered = [...units].sort((a, b) => b - a);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return tenths((100 * sum(ordered.slice(0, Math.round(units.length / 10)))) / sum(units));
}

function layer() {
  const { phase, found } = laboratory.similarity.value;
  return phase === 'done' && isWhole() ? found?.layers[0] : undefined;
}

function overlap(kind: string): number | null {
  const group = layer()?.groups.find((each) => each.kind === kind);
  return group ? tenths(100 * group.jaccard) : null;
}

const open = () => openStudy('similarity', true);
const isOpen = () => laboratory.similarity.value.open;

export const INSIDE: Lesson = {
  name: 'inside',
  steps: [
    {
      id: 'tenth',
      title: 'Two answers of every unit',
      words: [
        'Show the network a picture, and every hidden unit gives an output, called z. Show it the attacked picture, and the same unit gives another one, z̃. How far they are apart, on average over 2,000 training images, is the unit’s *distortion*: v = E|z − z̃| (Madaan, Shin & Hwang 2020).',
        'Every tile in the lab is a unit, and the stronger its frame, the larger its distortion. Point at one, or walk there with the arrow keys, to read its figures.',
      ],
      begins: 'whole',
      look: 'distortion',
      predict: {
        kind: 'number',
        ask: 'Take the 13 units of layer 1 that are distorted most, a tenth of them. What share of the whole layer’s distortion is theirs?',
        covers: ['distortion'],
        name: 'theirs',
        series: 'other',
        mark: { label: 'if all were equal', value: () => 10.2 },
        from: 50,
        near: 5,
        outcome: topTenth,
        said: {
          near: 'Close: {measured} %.',
          above: 'It is less concentrated than that: {measured} %.',
          below: 'It is more concentrated than that: {measured} %.',
        },
      },
      after: [
        'The bars below the network show it for every unit, largest first. A few stand out, but there is no small band of culprits: nearly every unit is moved.',
      ],
    },
    {
      id: 'halves',
      title: 'Is it the same ones every time?',
      words: [
        'Whoever cuts the most distorted units trusts that they are the same ones for other pictures. So split the 2,000 images into halves and take the 13 most distorted units of each.',
        'How much two such choices have in common is their *overlap* (Jaccard’s index): of all units that either names, the share that both name. Two choices at random overlap by 5.5 %.',
      ],
      begins: 'whole',
      fits: isWhole,
      look: 'similarity',
      predict: {
        kind: 'number',
        ask: 'What is the overlap between the two halves?',
        covers: ['similarity'],
        name: 'two halves',
        series: 'other',
        mark: { label: 'by chance', value: () => 5.5 },
        from: 50,
        near: 8,
        outcome: () => overlap('halves'),
        said: {
          near: 'Close: {measured} %.',
          above: 'Less than you thought, but far above chance: {measured} %.',
          below: 'More than you thought: {measured} %.',
        },
      },
      task: {
        says: 'Below the lab, open “Is it the same units every time?”. It is measured in some seconds.',
        button: 'Open it for me',
        done: isOpen,
        help: open,
      },
      after: [
        'On average, then, it is the same units: two large crowds of digits name nearly the same ones.',
      ],
    },
    {
      id: 'digits',
      title: 'And for another digit?',
      words: [
        'The halves held all ten digits alike. Now take the images of one digit, say all threes, and of another one, say all eights, and compare their most distorted tenths. This is done for all 45 pairs.',
      ],
      begins: 'whole',
      fits: isWhole,
      enter: open,
      look: 'similarity',
      predict: {
        kind: 'number',
        ask: 'What is the overlap between two digits, on average over the pairs?',
        covers: ['similarity'],
        name: 'two digits',
        series: 'other',
        mark: { label: 'by chance', value: () => 5.5 },
        from: 50,
        near: 5,
        outcome: () => overlap('digits'),
        said: {
          near: 'Yes: {measured} %, hardly more than chance.',
          above: 'Much less: {measured} %, hardly more than chance.',
          below: 'It is {measured} %, if hardly more than chance.',
        },
      },
      after: [
        'The claim that distorted units sit in the same places is true of the average over all digits, and of nothing that is attacked: a picture is always a picture of one digit.',
      ],
    },
    {
      id: 'use',
      title: 'Or does it only measure use?',
      words: [
        'Perhaps a distorted unit is not a weak spot at all. A unit that is often active, with large weights, moves much whatever happens, as a loud voice changes more than a whisper.',
        'Two figures say how loud a unit is: its mean activation, and the sum of its incoming weights without their signs. How much of the order of distortion follows from these two alone can be computed: the share of the *variance of the ranks* that they explain.',
      ],
      begins: 'whole',
      fits: isWhole,
      enter: open,
      look: 'similarity',
      predict: {
        kind: 'number',
        ask: 'How much of the order of layer 1’s units by distortion do activation and weights explain?',
        covers: ['similarity'],
        name: 'explained',
        series: 'other',
        from: 50,
        near: 8,
        outcome: () => {
          const explained = layer()?.mereUse.explainedRanks;
          return explained === undefined || Number.isNaN(explained)
            ? null
            : tenths(100 * explained);
        },
        said: {
          near: 'Close: {measured} %.',
          above: 'Less than you thought: {measured} %.',
          below: 'More than you thought: {measured} %.',
        },
      },
      after: [
        'So distortion is for the most part a measure of use. What you cut when you cut the most distorted units are, to a good deal, the units that the network uses most. Keep that in mind for lesson 4.',
      ],
    },
  ],
  question: [
    'If an attack moves other units for every digit, is there any set of units whose removal would stop it? Or is the weakness spread over the weights of all of them?',
    'In the lab: train the network on for an epoch against FGSM (“+1 epoch against FGSM”), then look at the distortion again. Are the same units at the top?',
  ],
};
