/** What the page and the core say to each other about trials, sweeps and findings. */
import type { Asked, Recipe } from './types';

/** A network and what is asked of it; what it comes to depends on nothing else. */
export interface Trial {
  recipe: Recipe;
  asked: Asked;
}

export type { TrialResult } from './types';

/** A claim of the field that can be settled here. */
export interface FindingFacts {
  name: string;
  title: string;
  /** The claim, in the source's words. */
  claim: string;
  source: string;
  /** When it is said to hold, to hold only for something, or not to hold. */
  rule: string;
  about: string;
}

/** A figure of a finding, with its interval. */
export interface FindingFigure {
  label: string;
  value: number;
  low: number;
  high: number;
}

export interface Judgement {
  stands: 'holds' | 'only' | 'fails';
  sentence: string;
  figures: FindingFigure[];
  digest: string;
}
