/** Cards of the chosen image: what is read in it, the perturbation, the way of the attack. */
import { logits } from '../../arithmeticState';
import { methodOf, normOf, size } from '../../engine/attacks';
import { count, percent, short } from '../../plots/measured';
import { difference, largestChange } from '../../plots/perturbation';
import { gallery, image, recipe, subject, trajectory } from '../../state';
import { attackWords } from '../parts/attackWords';
import { tileScales } from '../parts/layerAtlas';
import { type Shown, shown } from '../parts/shown';
import { type CardContent, integer, type Maker, type Worked } from './card';
import { RULES } from './rules';
import type { SourceName } from './sources';

const SIDE = 28;

/** What is attacked, and how. */
function attackedImage({ by }: Shown): string[] {
  const what =
    subject.value === 'drawing' ? 'Your drawing.' : `Test image ${image.value?.index ?? 0}.`;
  return [what, `Attack: ${attackWords(by)}.`];
}

/** The logits of what is shown, where they have come. */
function logitsOf(now: Shown): { clean: readonly number[]; attacked: readonly number[] } | null {
  const known = logits.value;
  return known?.of === image.value && known?.attackedPixels === now.adversarial ? known : null;
}

function softmaxOf(
  all: readonly number[],
  digit: number,
  result: number,
  attacked: boolean,
): Worked {
  return {
    of: attacked ? 'softmaxAttacked' : 'softmax',
    given: { a: all[digit] ?? 0, all },
    result,
    as: 'share',
    label: attacked ? 'adversarial image' : 'clean image',
  };
}

const output: Maker = (digitText) => {
  const now = shown.value;
  const digit = integer(digitText);
  if (!now) return null;
  const [clean, attacked] = [
    now.clean.probabilities[digit] ?? 0,
    now.attacked.probabilities[digit] ?? 0,
  ];
  const known = logitsOf(now);
  return {
    title: `How sure the network is of a ${digit}`,
    value: `${percent(clean)} % → ${percent(attacked)} %`,
    what: `Each digit’s logit is the sum in one of the ten outputs; softmax makes shares of all ten logits.${now.label === digit ? ` The image shows a ${digit}.` : ''}`,
    worked: known
      ? [
          softmaxOf(known.clean, digit, clean, false),
          softmaxOf(known.attacked, digit, attacked, true),
        ]
      : [],
    on: attackedImage(now),
    sources: [],
    asks: 'logits',
  };
};

/** The loss of an image that shows `label`, as the attack minds it. */
function lossOf(probabilities: readonly number[], label: number, said: string): Worked[] {
  const p = probabilities[label] ?? 0;
  return p > 0 ? [{ of: 'crossEntropy', given: { p }, result: -Math.log(p), label: said }] : [];
}

const reading: Maker = (which) => {
  const now = shown.value;
  if (!now || (which !== 'clean' && which !== 'attacked')) return null;
  const { digit, probabilities } = now[which];
  const p = probabilities[digit] ?? 0;
  const known = logitsOf(now);
  return {
    title:
      which === 'clean' ? `The image, read as ${digit}` : `The adversarial image, read as ${digit}`,
    value: `${percent(p)} %`,
    what: 'What is read is the digit with the largest logit; softmax makes shares of all ten logits.',
    worked: [
      ...(known ? [softmaxOf(known[which], digit, p, which === 'attacked')] : []),
      ...lossOf(probabilities, now.label, 'loss, of the digit that the image shows'),
    ],
    on: attackedImage(now),
    sources: [],
    asks: 'logits',
  };
};

const square = (value: number) => value * value;

/** The norm of a perturbation with its largest changes told one by one. */
function normWorked(now: Shown): Worked {
  const change = difference(now.adversarial, now.image);
  const places = Array.from(change, (_, at) => at).sort(
    (a, b) => Math.abs(change[b] ?? 0) - Math.abs(change[a] ?? 0),
  );
  const told = places.slice(0, 3).map((at) => change[at] ?? 0);
  const others = places.slice(3).map((at) => change[at] ?? 0);
  const { norm } = now.by;
  if (norm === 'linf') {
    const at = places[0] ?? 0;
    return {
      of: 'linf',
      given: { attacked: now.adversarial[at] ?? 0, x: now.image[at] ?? 0 },
      result: now.norm,
      label: `the pixel that changed most: row ${Math.floor(at / SIDE) + 1}, column ${(at % SIDE) + 1}`,
    };
  }
  const power = norm === 'l2' ? square : Math.abs;
  const rest = others.reduce((sum, value) => sum + power(value), 0);
  return { of: norm, given: { d: told, rest }, result: now.norm, label: 'largest changes first' };
}

/** FGSM’s single step at the pixel that changed most. */
function fgsmWorked(now: Shown): Worked[] {
  if (now.by.method !== 'fgsm' || now.by.norm !== 'linf' || now.step !== null) return [];
  const change = difference(now.adversarial, now.image);
  const most = largestChange(change);
  const at = change.findIndex((value) => Math.abs(value) === most);
  const x = now.image[at] ?? 0;
  return [
    {
      of: 'fgsm',
      given: { x, e: now.by.eps, g: Math.sign(change[at] ?? 0) },
      result: now.adversarial[at] ?? 0,
      label: 'that pixel, after the one step',
    },
  ];
}

const delta: Maker = () => {
  const now = shown.value;
  if (!now) return null;
  const { label, uses } = methodOf(now.by.method);
  const norm = normOf(now.by.norm).label;
  const rule = RULES[now.by.method];
  const sources: SourceName[] = rule?.source ? [rule.source] : [];
  return {
    title: `The perturbation δ = x̃ − x`,
    value: `${norm} ${size(now.norm)}`,
    what: `What the attack adds to the image: ${methodOf(now.by.method).about}`,
    worked: [
      normWorked(now),
      ...fgsmWorked(now),
      ...lossOf(now.clean.probabilities, now.label, 'loss before'),
      ...lossOf(now.attacked.probabilities, now.label, 'loss after'),
    ],
    on: [
      ...attackedImage(now),
      ...(rule ? [] : [`${label}: ${methodOf(now.by.method).cites}.`]),
      ...(uses.includes('step') && now.by.step > 0 ? [`Step size ${now.by.step}.`] : []),
    ],
    sources,
    ...(rule ? { rule: now.by.method } : {}),
  };
};

const effort: Maker = () => {
  const [now, attacked] = [shown.value, image.value];
  if (!now || !attacked) return null;
  const { stepsLabel, uses } = methodOf(now.by.method);
  return {
    title: 'How long the attack took',
    value:
      now.step === null
        ? `${count(attacked.iterations)} ${stepsLabel.toLowerCase()}`
        : `step ${count(now.step)}`,
    what: `The attack looked at the image ${count(attacked.queries)} times, its first look and every restart counted.`,
    worked: [],
    on: [
      ...attackedImage(now),
      ...(uses.includes('steps')
        ? [`At most ${count(now.by.steps)} ${stepsLabel.toLowerCase()}.`]
        : []),
    ],
    sources: [],
  };
};

/** Of a way’s probabilities, ten a look. */
const CLASSES = 10;

const look: Maker = (place) => {
  const way = trajectory.value;
  const at = integer(place);
  const [loss, read, norm] = [way?.losses[at], way?.read[at], way?.norms[at]];
  if (!way || loss === undefined || read === undefined || norm === undefined) return null;
  const probabilities = way.probabilities.slice(at * CLASSES, (at + 1) * CLASSES);
  const { target } = way.by;
  const minded = target >= 0 ? target : way.label;
  const p = probabilities[minded] ?? 0;
  const content: CardContent = {
    title: `The attack at step ${count(way.steps[at] ?? at)}`,
    value: `loss ${short(loss)}`,
    what:
      target >= 0
        ? `The loss of reading a ${target}, which the attack lowers. Here the network reads a ${read}.`
        : `The loss of reading a ${way.label}, which the attack raises. Here the network reads a ${read}.`,
    worked: [
      // Where a probability is rounded to nothing its logarithm says no more.
      ...(p > 1e-30
        ? [
            {
              of: 'crossEntropy' as const,
              given: { p },
              result: loss,
              label: `p of a ${minded}`,
            },
          ]
        : []),
    ],
    on: [
      `The perturbation is as large as ${normOf(way.by.norm).label} ${size(norm)} here.`,
      way.index < 0 ? 'Your drawing.' : `Test image ${way.index}.`,
      `Attack: ${attackWords(way.by)}.`,
    ],
    sources: [],
  };
  const rule = RULES[way.by.method];
  return rule
    ? { ...content, rule: way.by.method, sources: rule.source ? [rule.source] : [] }
    : content;
};

const galleryCard: Maker = () => {
  const all = gallery.value;
  if (all.length === 0) return null;
  const flipped = all.filter(({ clean, attacked }) => clean !== attacked).length;
  return {
    title: 'Flipped by the attack',
    value: `${flipped} of ${all.length}`,
    what: 'Test images of the row in which the network reads another digit once they are attacked, whether or not it read the right one before.',
    worked: [
      {
        of: 'share',
        given: { k: flipped, n: all.length },
        result: flipped / all.length,
        as: 'share',
      },
    ],
    on: [`The first ${all.length} test images.`, `Attack: ${attackWords(recipe.value.attack)}.`],
    sources: [],
  };
};

/** Where the colours of a layer’s weights end. */
const weightsCard: Maker = (layerText) => {
  const layer = integer(layerText);
  const scale = tileScales.value[layer];
  if (scale === undefined) return null;
  return {
    title: `Scale of the weights, layer ${layer + 1}`,
    value: `±${short(scale)}`,
    what: 'The size that gets full colour: half a per cent of the values is larger, so that one outlier does not bleach all others. One scale for the whole layer.',
    worked: [],
    on: ['What the tiles of the layer show: weights, or products of weights through units below.'],
    sources: [],
  };
};

export const IMAGE = {
  gallery: galleryCard,
  weights: weightsCard,
  output,
  reading,
  delta,
  effort,
  look,
};
