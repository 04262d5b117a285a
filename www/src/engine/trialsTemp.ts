import type { Asked, Measure, Recipe } from './types';
export interface FindingFacts {
  name: string;
  title: string;
  claim: string;
  source: string;
  rule: string;
  about: string;
}
export interface FindingTrial {
  label: string;
  seed: number;
  recipe: Recipe;
  asked: Asked;
  group: number;
}
export interface Verdict {
  stands: 'holds' | 'only' | 'fails';
  sentence: string;
  checks: { says: string; met: boolean }[];
  figures: {
    label: string;
    measure: Measure;
    eps?: number | null;
    value: number;
    low: number;
    high: number;
    interval: string;
    n: number;
    of: number;
    unit: string;
  }[];
  digest: string;
}
