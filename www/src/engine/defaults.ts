/** The controls, and their opening settings read from the one property table of the core. */
import properties from '../generated/properties.json';
import type {
  AttackSettings,
  LearnSettings,
  PruneSettings,
  Recipe,
  ScoreSettings,
  TrainSettings,
} from './types';

export const GROUPS = [
  'network',
  'train',
  'prune',
  'learn',
  'attack',
  'measure',
  'distortion',
] as const;
export type Group = (typeof GROUPS)[number];

/** What every control is set to; a recipe takes its settings from here when a step is made. */
export interface Controls {
  network: Recipe['network'];
  train: TrainSettings;
  prune: PruneSettings;
  learn: LearnSettings;
  attack: AttackSettings;
  measure: Recipe['measure'];
  distortion: ScoreSettings;
  /** The digest of the visitor's own images; none where they are MNIST's. */
  data?: string;
}

type Row = { key: string; default: unknown };

/** A fresh copy of every control at its default. */
export function defaultControls(): Controls {
  const groups: Record<string, Row[]> = properties.groups;
  const values = (group: string) =>
    Object.fromEntries((groups[group] ?? []).map((row) => [row.key, structuredClone(row.default)]));
  // The table and the types both come from the core; TypeScript cannot see that they agree.
  return Object.fromEntries(GROUPS.map((name) => [name, values(name)])) as unknown as Controls;
}

/** The recipe of a page on which nothing has been trained. */
export function emptyRecipe(controls: Controls = defaultControls()): Recipe {
  const { network, attack, measure, distortion, data } = controls;
  const recipe: Recipe = { version: 1, network, steps: [], attack, measure, distortion };
  return data === undefined ? recipe : { ...recipe, data };
}
