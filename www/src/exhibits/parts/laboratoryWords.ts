/** What the laboratory's figures show, in sentences that follow from the figures alone. */
import type { LayerStudy, Mixture } from '../../engine/types';
import { figure } from '../../plots/agreement';
import { count } from '../../plots/measured';
import type { PixelCounts } from '../../plots/pixelMap';

type Words = Pick<LayerStudy, 'groups' | 'mereUse' | 'top' | 'chance'>;

/** What compared conditions are called. */
export const GROUP_NAMES: Record<string, string> = {
  halves: 'half of the images, other half',
  digits: 'one digit, another digit',
  images: 'single image, mean of all',
  attacks: 'this attack, two other attacks',
  sizes: 'its size, half, twice, three times',
  noise: 'attack, blind noise as large',
  activation: 'distortion, mean activation',
};

/** How much two choices of the most distorted units have in common, by their overlap. */
export function common(overlap: number, chance: number): string {
  if (overlap < 2 * chance) return 'hardly more than by chance';
  if (overlap >= 0.7) return 'nearly all';
  // Of two equally large choices, .4 is more than half of each and .2 a third.
  if (overlap >= 0.4) return 'most';
  return overlap >= 0.2 ? 'some' : 'few';
}

/** How much of a whole, from 0 to 1, in words. */
function much(share: number): string {
  if (share >= 0.75) return 'most';
  if (share >= 0.5) return 'more than half';
  if (share >= 0.25) return 'a part';
  return 'little';
}

/** Per cent, never parted from its number at the end of a line. */
const whole = (share: number) => `${Math.round(100 * share)}\u00a0%`;

/** Whether it is the same units, and why. */
export function similarityWords({ groups, mereUse, top, chance }: Words): string[] {
  const of = (kind: string) => groups.find((group) => group.kind === kind);
  const [halves, digits, images] = [of('halves'), of('digits'), of('images')];
  const [attacks, noise] = [of('attacks'), of('noise')];
  if (!halves || !digits || !images || !attacks || !noise || Number.isNaN(halves.jaccard)) {
    return ['In this layer the attack moves no unit, so there is nothing to compare.'];
  }
  const most =
    top === 1 ? 'Of the single most distorted unit' : `Of the ${top} most distorted units`;
  const shared = (overlap: number) => `${common(overlap, chance)} (${figure(overlap)})`;
  const first = `${most}, two halves of the images have ${common(halves.jaccard, chance)} in common: the overlap is ${figure(halves.jaccard)}, where chance gives ${figure(chance)}. Two digits have ${shared(digits.jaccard)} in common, a single image and the mean of all ${shared(images.jaccard)}.`;
  const blind = `Two attacks have ${shared(attacks.jaccard)} in common. Noise that knows nothing of the network has ${shared(noise.jaccard)} in common with the attack, and the ranks of all units correlate by ${figure(noise.spearman)}.`;
  const { explainedRanks, halves: left } = mereUse;
  if (Number.isNaN(explainedRanks)) return [first, blind];
  const use = `How active a unit is and how large its incoming weights are explain ${much(explainedRanks)} of the order (${whole(explainedRanks)} of the variance of ranks).`;
  const repeats = left.partialSpearman >= 0.5 ? 'repeats' : 'does not repeat';
  const rest = `What they leave unexplained ${repeats} on other images (${figure(left.partialSpearman)}), so it is ${repeats === 'repeats' ? 'no accident' : 'chance for the most part'}.`;
  return [first, blind, Number.isNaN(left.partialSpearman) ? use : `${use} ${rest}`];
}

/** Shares that differ by less than this many points have not moved. */
const STILL = 0.02;

function went(from: number, to: number): string {
  if (Math.abs(to - from) < STILL) return `stays at ${whole(to)}`;
  return `${to > from ? 'rises' : 'falls'} from ${whole(from)} to ${whole(to)}`;
}

/** What was taken out of the filters. */
export function mixtureWords({ filters, left, before, after, residual, along }: Mixture): string[] {
  if (left === 0) return ['Nothing is left of the filters: every one is cut.'];
  const gone = filters - left;
  const first = `The share of a filter’s energy in waves shorter than four pixels ${went(before.mean.short, after.mean.short)}, and the share of all weights, by magnitude, on pixels that are rarely lit ${went(before.sum.rare, after.sum.rare)}.`;
  const sentences = [first];
  if (along > 1 - 1e-6) sentences.push('Every filter is what it was, up to its size.');
  else if (!Number.isNaN(residual.mean.short)) {
    const gap = residual.mean.short - after.mean.short;
    const finer =
      Math.abs(gap) < 0.05 ? 'about as fine as' : gap > 0 ? 'finer than' : 'coarser than';
    sentences.push(
      `Of a filter before, ${whole(along)} of the energy lies along the filter after. The rest is ${finer} what the filters are now: ${whole(residual.mean.short)} of it in short waves against ${whole(after.mean.short)}.`,
    );
  }
  if (gone > 0) {
    sentences.push(
      `${count(gone)} of ${count(filters)} filters are gone whole; that takes nothing out of the others.`,
    );
  }
  return sentences;
}

/** What a cut leaves of the image. */
export function pixelWords(counts: PixelCounts, units: number): string[] {
  const { cut, black, blackCut, rare, rareCut, inkCut, read } = counts;
  if (units === 0) return ['No unit of the first layer is left, so no pixel is read.'];
  const weights =
    read > 0.9995
      ? `Every pixel is read by all ${count(units)} units.`
      : `${whole(read)} of the weights between pixels and units are left.`;
  if (cut === 0) {
    const idle = `${count(black)} of the pixels are black in every training image and ${count(rare)} are lit so rarely that their mean is below 0.01.`;
    return [`No pixel is cut. ${weights}`, idle];
  }
  const kinds = `${count(blackCut)} of the ${count(black)} that are always black, ${count(rareCut)} of the ${count(rare)} that are rarely lit`;
  return [
    `${count(cut)} of 784 pixels ${cut === 1 ? 'is' : 'are'} read by nobody: ${kinds}. What is cut carries ${whole(inkCut)} of the mean digit’s ink.`,
    weights,
  ];
}
