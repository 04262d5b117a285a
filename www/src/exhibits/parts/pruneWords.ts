/** What is said beside the controls of a pruning. */
import { needsImages } from '../../engine/criteria';
import { canPreview } from '../../engine/meaning';
import type { LearnSettings, NetworkFacts, PruneSettings } from '../../engine/types';
import { count, percent } from '../../plots/measured';

type CutFacts = Pick<NetworkFacts, 'sparsity' | 'unitsPruned' | 'pixelsPruned'>;

export interface PruneNotes {
  /** What the scores are measured on; null where they need no images. */
  images: string | null;
  /** Warns of scores that have seen the test images. */
  leak: string | null;
  /** What the preview leaves out; null where it shows everything. */
  preview: string | null;
}

/** “a”, “a and b”, “a, b and c”. */
function listed(words: readonly string[]): string {
  const [last, ...before] = [...words].reverse();
  return before.length === 0 ? `${last}` : `${before.reverse().join(', ')} and ${last}`;
}

export function pruneNotes(settings: PruneSettings): PruneNotes {
  const { by, on, images, schedule, tune, rewind } = settings;
  const scored = needsImages(by);
  const left = [
    ...(schedule === 'once' ? [] : ['the steps']),
    ...(rewind === 'no' ? [] : ['the rewinding']),
    ...(tune > 0 ? ['the fine-tuning'] : []),
  ];
  const leak =
    scored && on === 'test'
      ? 'Scores are measured on test images: the accuracies below have been peeked at, and flatter the cut.'
      : null;
  return {
    images: scored
      ? (leak ?? `Scores are measured on ${count(images)} training images, never on the test set.`)
      : null,
    leak,
    preview: !canPreview(settings)
      ? 'This search takes too long to be shown while the slider moves.'
      : left.length > 0
        ? `While the slider moves, the cut is shown without ${listed(left)}.`
        : null,
  };
}

/** What is cut of a network, for example “12 units, 8.1 % of weights, 392 pixels”. */
export function cutWords(facts: CutFacts | null): string {
  if (!facts || facts.sparsity === 0) return '';
  const { unitsPruned, pixelsPruned, sparsity } = facts;
  const counted = (many: number, one: string) =>
    many > 0 ? [`${count(many)} ${many === 1 ? one : `${one}s`}`] : [];
  const weights = `${percent(sparsity)} % of weights`;
  return [...counted(unitsPruned, 'unit'), weights, ...counted(pixelsPruned, 'pixel')].join(', ');
}

/** What learning a mask does, in a line or two, and whose it is. */
export function learnWords({ mask, joint, epochs }: LearnSettings): {
  about: string;
  cites: string;
} {
  const long = epochs === 1 ? 'one epoch' : `${epochs} epochs`;
  const rule =
    mask === 'top'
      ? `Every score follows the loss for ${long}; the lowest are cut.`
      : `The probability of keeping each unit follows the loss for ${long}.`;
  const weights = joint ? 'The weights are trained, too.' : 'No weight changes.';
  const cites = mask === 'top' ? 'Sehwag et al. 2020, HYDRA' : 'Madaan, Shin & Hwang 2020';
  return { about: `${rule} ${weights}`, cites };
}

/**
 * The chosen layers after one was pressed; 0 stands for all. None left, or every one chosen, is
 * all again.
 */
export function layersToggled(layers: readonly number[], pressed: number, most: number): number[] {
  if (pressed === 0) return [0];
  const chosen = new Set(layers.filter((layer) => layer > 0 && layer <= most));
  if (!chosen.delete(pressed)) chosen.add(pressed);
  const next = [...chosen].sort((a, b) => a - b);
  return next.length === 0 || next.length === most ? [0] : next;
}
