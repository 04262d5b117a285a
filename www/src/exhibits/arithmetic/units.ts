/** Cards of units and layers: the sum in a unit, its output, how far an attack moves it. */
import { apart } from '../../arithmeticState';
import type { Contributions } from '../../engine/types';
import { count, short } from '../../plots/measured';
import { rank } from '../../plots/ranking';
import { controls, distortion, image } from '../../state';
import { prunedNow } from '../parts/plan';
import { optionLabel } from '../parts/properties';
import { integer, type Maker, type Worked } from './card';

/** The attack that distortion is measured with, in words. */
export function distortedHow(): string {
  const { method, eps, steps } = controls.value.distortion;
  const attack = optionLabel('distortion', 'method', method);
  return `${attack}${method === 'pgd' ? `-${steps}` : ''}, ε ${eps}`;
}

const measuredOn = (some: number) =>
  `The first ${count(some)} training images, attacked by ${distortedHow()}.`;

/** What a unit puts out: its sum, then ReLU, of the clean inputs or of the adversarial ones. */
function summed(found: Contributions, which: 0 | 1, label: string): Worked {
  const { sums, weights, values, rests, bias } = found;
  return {
    of: which === 0 ? 'unit' : 'unitAttacked',
    given: { w: weights, x: values[which], rest: rests[which], b: bias },
    result: Math.max(0, sums[which]),
    label,
  };
}

/** The sum of this unit on the chosen image, if it is of the network on screen. */
export function apartOf(layer: number, unit: number): Contributions | null {
  const [known, now] = [apart.value, image.value];
  const own = known !== null && known.of === now && known.layer === layer && known.unit === unit;
  return own ? known.found : null;
}

const unitCard: Maker = (layerText, unitText) => {
  const [layer, unit] = [integer(layerText), integer(unitText)];
  const measured = distortion.value?.layers[layer];
  const outputs = image.value?.layers[layer];
  const cut = prunedNow.value[layer]?.has(unit) ?? false;
  const [v, relative, deviation] = [
    measured?.units[unit],
    measured?.relative[unit],
    measured?.deviation[unit],
  ];
  const [z, attacked] = [outputs?.clean[unit], outputs?.attacked[unit]];
  const found = apartOf(layer, unit);
  const worked: Worked[] = [];
  const below = layer === 0 ? 'pixels' : `outputs of layer ${layer}`;
  // A network that was cut a moment ago is not yet the one that the image was attacked on.
  if (found && !cut && z !== undefined && Math.max(0, found.sums[0]) === z) {
    worked.push(summed(found, 0, `on this image; its inputs x are the ${below}`));
    worked.push(summed(found, 1, 'on its adversarial example'));
  }
  if (z !== undefined && attacked !== undefined) {
    worked.push({
      of: 'moved',
      given: { z, attacked },
      result: Math.abs(z - attacked),
      label: 'moved here by',
    });
  }
  const images = distortion.value?.images;
  if (v !== undefined && images !== undefined) {
    worked.push({
      of: 'distortion',
      given: { n: images, d: [], all: v * images },
      result: v,
      label: 'distortion: the mean over images',
    });
  }
  if (v !== undefined && relative !== undefined && deviation !== undefined && deviation > 0) {
    worked.push({
      of: 'relative',
      given: { v, s: deviation },
      result: relative,
      label: 'relative',
    });
  }
  const place =
    measured && v !== undefined
      ? `${count(rank(measured.units, v))} of ${count(measured.units.length)} by distortion in its layer.`
      : '';
  return {
    title: `Layer ${layer + 1}, unit ${unit}`,
    value: v === undefined ? '' : short(v),
    what: cut
      ? 'This unit is cut: a mask sets its output to zero. Its distortion is that of before the cut.'
      : 'How far an attack moves this unit’s output z: v is the mean of |z − z̃| over images.',
    worked,
    on: [
      ...(place === '' ? [] : [place]),
      ...(images === undefined ? [] : [measuredOn(images)]),
      ...(distortion.value && measured
        ? [
            `Mean of the layer ${short(measured.mean)}; the paper’s figure of the network ${short(distortion.value.network)}.`,
          ]
        : []),
    ],
    sources: ['madaan'],
    ...(cut ? {} : { asks: { layer, unit } }),
  };
};

/** The largest few of a list one by one, and the others together. */
function largest(values: readonly number[], most: number): { told: number[]; rest: number } {
  const told = [...values].sort((a, b) => b - a).slice(0, most);
  const all = values.reduce((sum, value) => sum + value, 0);
  return { told, rest: all - told.reduce((sum, value) => sum + value, 0) };
}

const layerCard: Maker = (layerText) => {
  const layer = integer(layerText);
  const measured = distortion.value?.layers[layer];
  if (!measured || !distortion.value) return null;
  const { told, rest } = largest(measured.units, 3);
  return {
    title: `Distortion of layer ${layer + 1}`,
    value: short(measured.mean),
    what: 'The mean of the distortions of all its units, as in the code that the paper released.',
    worked: [
      {
        of: 'layerMean',
        given: { K: measured.units.length, v: told, rest },
        result: measured.mean,
      },
    ],
    on: [measuredOn(distortion.value.images)],
    sources: ['madaan'],
  };
};

const networkCard: Maker = () => {
  const measured = distortion.value;
  if (!measured) return null;
  const sums = measured.layers.map(({ units }) => units.reduce((sum, v) => sum + v, 0));
  return {
    title: 'Distortion of the network',
    value: short(measured.network),
    what: 'The paper’s figure of a whole network: the distortions of all hidden units summed, divided by the number of hidden layers; L counts input and output, too.',
    worked: [{ of: 'networkFigure', given: { L: sums.length, v: sums }, result: measured.network }],
    on: [measuredOn(measured.images)],
    sources: ['madaan'],
  };
};

/** The unit that a scale of distortion ends with. */
const scaleCard: Maker = (layerText, kind) => {
  const layer = integer(layerText);
  const measured = distortion.value?.layers[layer];
  if (!measured || !distortion.value || (kind !== 'units' && kind !== 'relative')) return null;
  const values = measured[kind];
  const most = Math.max(...values);
  const unit = values.indexOf(most);
  const [v, s] = [measured.units[unit] ?? 0, measured.deviation[unit] ?? 0];
  const worked: Worked[] =
    kind === 'units'
      ? [
          {
            of: 'distortion',
            given: { n: distortion.value.images, d: [], all: v * distortion.value.images },
            result: most,
          },
        ]
      : [{ of: 'relative', given: { v, s }, result: most }];
  return {
    title: `Most distorted unit of layer ${layer + 1}`,
    value: short(most),
    what: `The scale ends with unit ${unit}, the most distorted one of the layer.`,
    worked,
    on: [measuredOn(distortion.value.images)],
    sources: ['madaan'],
  };
};

/** The output that the scale of a layer's bars ends with. */
const outputsCard: Maker = (layerText) => {
  const layer = integer(layerText);
  const now = image.value?.layers[layer];
  if (!now) return null;
  const both = [...now.clean, ...now.attacked];
  const most = Math.max(...both);
  const place = both.indexOf(most);
  const which = place < now.clean.length ? 0 : 1;
  const unit = place % now.clean.length;
  const found = apartOf(layer, unit);
  const below = layer === 0 ? 'pixels' : `outputs of layer ${layer}`;
  const label = which === 0 ? 'on this image' : 'on its adversarial example';
  return {
    title: `Largest output of layer ${layer + 1}`,
    value: short(most),
    what:
      which === 0
        ? `The bars of this layer’s tiles end with unit ${unit}, whose output on the clean image is the largest.`
        : `The bars of this layer’s tiles end with unit ${unit}, whose output on the adversarial example is the largest.`,
    worked: found && Math.max(0, found.sums[which]) === most ? [summed(found, which, label)] : [],
    on: [`The chosen image and its adversarial example; the inputs x are the ${below}.`],
    sources: [],
    asks: { layer, unit },
  };
};

export const UNITS = {
  unit: unitCard,
  layer: layerCard,
  network: networkCard,
  scale: scaleCard,
  outputs: outputsCard,
};
