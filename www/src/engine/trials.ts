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
  images: number;
  clean: Count;
  transfer?: AtSize;
  adaptive: AtSize[];
  certified: AtSize[];
  frozen?: boolean;
}
