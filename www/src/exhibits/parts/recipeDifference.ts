/** What tells two recipes apart, step by step. */
import { meant } from '../../engine/meaning';
import { same } from '../../engine/recipes';
import type { Recipe, Step } from '../../engine/types';
import { networkWords, stepWords } from './describe';
import { type Property, propertiesOf } from './properties';

export interface DifferenceRow {
  /** “network”, “step 1”, … */
  place: string;
  /** In words; null where a recipe has no such step. */
  left: string | null;
  right: string | null;
  same: boolean;
  /** Of steps of one kind, the settings that are not the same. */
  settings: { label: string; left: string; right: string }[];
}

function valueWords({ kind, options, unit }: Property, value: unknown): string {
  if (kind === 'choice') return options?.find((option) => option.value === value)?.label ?? '';
  if (kind === 'flag') return value === true ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 1 && value[0] === 0 ? 'all' : value.join('-');
  return unit ? `${value} ${unit}` : `${value}`;
}

function settingsOf(
  group: 'network' | 'train' | 'prune' | 'learn',
  left: object,
  right: object,
): DifferenceRow['settings'] {
  const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>];
  return propertiesOf(group)
    .filter(({ key }) => !same(a[key], b[key]))
    .map((property) => ({
      label: property.label,
      left: valueWords(property, a[property.key]),
      right: valueWords(property, b[property.key]),
    }));
}

/** A step without what means nothing in it. */
function essence(step: Step): Step {
  if (step.step === 'train') return { ...meant('train', step), step: 'train' };
  if (step.step === 'prune') return { ...meant('prune', step), step: 'prune' };
  if (step.step === 'learn') return { ...meant('learn', step), step: 'learn' };
  return step;
}

function stepRow(place: string, a: Step | undefined, b: Step | undefined): DifferenceRow {
  const [left, right] = [a && essence(a), b && essence(b)];
  const alike = left !== undefined && left.step === right?.step;
  const group = alike && left.step !== 'cut' && left.step !== 'file' ? left.step : null;
  return {
    place,
    left: left ? stepWords(left) : null,
    right: right ? stepWords(right) : null,
    same: same(left, right),
    settings: group && left && right ? settingsOf(group, left, right) : [],
  };
}

/** One row for the network before any training, and one for each step that either has. */
export function recipeDifference(left: Recipe, right: Recipe): DifferenceRow[] {
  const most = Math.max(left.steps.length, right.steps.length);
  return [
    {
      place: 'network',
      left: networkWords(left.network),
      right: networkWords(right.network),
      same: same(left.network, right.network),
      settings: settingsOf('network', left.network, right.network),
    },
    ...Array.from({ length: most }, (_, at) =>
      stepRow(`step ${at + 1}`, left.steps[at], right.steps[at]),
    ),
  ];
}
