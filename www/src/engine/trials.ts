/** What the page and the core say to each other about trials, sweeps and findings. */
import type { Count, Recipe } from './types';

/** What is to be measured of a network, beside its clean accuracy. */
export interface Asked {
  /** Images crafted against the network before its first cut, at the measured size. */
  transfer: boolean;
  /** Sizes at which every image is attacked anew. */
  adaptive: number[];
  /** Sizes at which images are to be proven. */
  certified: number[];
  /** Whether the weights that are left are those from before the last step, bit for bit. */
  frozen: boolean;
}

/** A network and what is asked of it; what it comes to depends on nothing else. */
export interface Trial {
  recipe: Recipe;
  asked: Asked;
}

export interface AtSize {
  eps: number;
  count: Count;
}

export interface TrialResult {
  digest: string;
  reference: string;
  sparsity: number;
  unitsPruned: number;
  units: number;
  pixelsPruned: number;
  /** Test images measured on. */
  images: number;
  clean: Count;
  transfer: AtSize[];
  adaptive: AtSize[];
  certified: AtSize[];
  frozen?: boolean | undefined;
}

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
