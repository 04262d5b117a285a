/** A recipe in words. */
import { meaningful } from '../../engine/meaning';
import { same } from '../../engine/recipes';
import type { LearnSettings, PruneSettings, Recipe, Step, TrainSettings } from '../../engine/types';
import { count } from '../../plots/measured';
import { optionLabel } from './properties';

const epochWords = (epochs: number) => (epochs === 1 ? '1 epoch' : `${epochs} epochs`);

function trainWords(train: TrainSettings): string {
  const { from, epochs, images, optimiser, rate, against, eps, ramp } = train;
  const start = from === 'scratch' ? 'train from fresh weights' : 'train on';
  const how = optionLabel('train', 'optimiser', optimiser);
  const growing = ramp > 0 ? `, growing over ${epochWords(ramp)}` : '';
  const attack =
    against === 'none'
      ? ''
      : `, against ${optionLabel('train', 'against', against)} at ε ${eps}${growing}`;
  return `${start}: ${epochWords(epochs)} of ${count(images)} images, ${how}, rate ${rate}${attack}`;
}

/** “layer 1”, “layers 1 and 3”; nothing where all are meant. */
function layerWords(layers: readonly number[]): string {
  if (layers.includes(0)) return '';
  const last = `${layers.at(-1)}`;
  if (layers.length === 1) return `, layer ${last} only`;
  return `, layers ${layers.slice(0, -1).join(', ')} and ${last} only`;
}

function pruneWords(prune: PruneSettings): string {
  const has = meaningful('prune', prune);
  const label = (key: 'what' | 'by' | 'scope' | 'tuning' | 'when' | 'rewind' | 'schedule') =>
    optionLabel('prune', key, prune[key]);
  const parts = [`cut ${prune.amount} % of ${label('what')} by ${label('by')}`];
  if (has('draw') && prune.draw > 0) parts.push(` (draw ${prune.draw})`);
  if (has('order') && prune.order === 'reverse') parts.push(', reversed');
  if (has('scope')) parts.push(`, ${label('scope')}`);
  if (has('layers')) parts.push(layerWords(prune.layers));
  if (has('rounds')) parts.push(`, ${label('schedule')}, in ${prune.rounds} steps`);
  if (has('on') && prune.on === 'test') parts.push(', scored on test images');
  if (has('tuning')) {
    const when = has('when') ? ` ${label('when')}` : '';
    parts.push(`, fine-tuned ${epochWords(prune.tune)} on ${label('tuning')}${when}`);
  }
  if (prune.rewind !== 'no') parts.push(`, rewound to ${label('rewind')}`);
  return parts.join('');
}

function learnStepWords(learn: LearnSettings): string {
  const has = meaningful('learn', learn);
  const label = (key: 'what' | 'on' | 'scope') => optionLabel('learn', key, learn[key]);
  const rule = learn.mask === 'bayes' ? ', by learned probabilities' : '';
  const size = has('eps') ? ` at ε ${learn.eps}` : '';
  const suppress = learn.suppress > 0 ? `, distortion suppressed by λ ${learn.suppress}` : '';
  const joint = learn.joint ? ', weights trained too' : '';
  return `learn which ${learn.amount} % of ${label('what')} to cut${rule}, ${label('scope')}, on ${label('on')}${size}, ${epochWords(learn.epochs)}${suppress}${joint}`;
}

/** One step in words. */
export function stepWords(step: Step): string {
  if (step.step === 'file') return `a network from a file, digest ${step.digest}`;
  if (step.step === 'train') return trainWords(step);
  if (step.step === 'prune') return pruneWords(step);
  if (step.step === 'learn') return learnStepWords(step);
  const units = step.units.reduce((sum, layer) => sum + layer.length, 0);
  const pixels = step.pixels?.length ?? 0;
  const counted = (many: number, one: string) => `${count(many)} ${many === 1 ? one : `${one}s`}`;
  if (pixels === 0) return `cut by hand, ${counted(units, 'unit')} in all`;
  if (units === 0) return `cut by hand, ${counted(pixels, 'pixel')}`;
  return `cut by hand, ${counted(units, 'unit')} in all and ${counted(pixels, 'pixel')}`;
}

/** The network before any training. */
export function networkWords({ hidden, seed, init }: Recipe['network']): string {
  const drawn = init === 'he' ? '' : `, first weights ${optionLabel('network', 'init', init)}`;
  return `a network ${[784, ...hidden, 10].join('-')}, seed ${seed}${drawn}`;
}

/** One line for the network, one for each step, one for the attack. */
export function describe({ data, network, steps, attack, measure }: Recipe): string[] {
  const method = optionLabel('attack', 'method', attack.method);
  const how = attack.method === 'pgd' ? `${method}, ${attack.steps} steps` : method;
  return [
    ...(data === undefined ? [] : [`your own images, digest ${data}`]),
    networkWords(network),
    ...steps.map(stepWords),
    `attack ${how}, ε ${attack.eps}; figures measured at ε ${measure.eps}`,
  ];
}

/** What an entry of the history did that the one before it had not done. */
export function entryWords(entry: Recipe, before: Recipe | undefined): string {
  if (entry.steps.length === 0) return 'start over';
  const fresh = !before || !same(before.network, entry.network);
  const known = fresh ? [] : before.steps;
  let shared = 0;
  while (shared < entry.steps.length && same(entry.steps[shared], known[shared])) shared += 1;
  const news = entry.steps.slice(shared).map(stepWords);
  if (news.length === 0) {
    const top = entry.steps.at(-1);
    return `back to: ${top ? stepWords(top) : networkWords(entry.network)}`;
  }
  return [...(fresh && before?.steps.length ? [networkWords(entry.network)] : []), ...news].join(
    '; ',
  );
}
