/** A recipe in words. */
import type { Recipe, Step } from '../../engine/types';
import { count } from '../../plots/measured';
import { optionLabel } from './properties';

/** One step of a recipe. */
export function stepWords(step: Step): string {
  if (step.step === 'train') {
    const start = step.from === 'scratch' ? 'train from fresh weights' : 'train on';
    const epochs = step.epochs === 1 ? '1 epoch' : `${step.epochs} epochs`;
    const optimiser = optionLabel('train', 'optimiser', step.optimiser);
    return `${start}: ${epochs} of ${count(step.images)} images, ${optimiser}, rate ${step.rate}`;
  }
  if (step.step === 'prune') {
    const what = optionLabel('prune', 'what', step.what);
    const by = optionLabel('prune', 'by', step.by);
    const reversed = step.order === 'reverse' ? ', reversed' : '';
    return `cut ${step.amount} % of ${what} by ${by}${reversed}, ${optionLabel('prune', 'scope', step.scope)}`;
  }
  if (step.step === 'learn') {
    const what = optionLabel('learn', 'what', step.what);
    const on = optionLabel('learn', 'on', step.on);
    return `learn which ${step.amount} % of ${what} to cut, on ${on}`;
  }
  const units = step.units.reduce((sum, layer) => sum + layer.length, 0);
  return `cut by hand, ${count(units)} ${units === 1 ? 'unit' : 'units'} in all`;
}

/** One line for the network, one for each step, one for the attack. */
export function describe({ network, steps, attack, measure }: Recipe): string[] {
  const shape = [784, ...network.hidden, 10].join('-');
  const method = optionLabel('attack', 'method', attack.method);
  const how = attack.method === 'pgd' ? `${method}, ${attack.steps} steps` : method;
  return [
    `a network ${shape}, seed ${network.seed}`,
    ...steps.map(stepWords),
    `attack ${how}, ε ${attack.eps}; figures measured at ε ${measure.eps}`,
  ];
}
