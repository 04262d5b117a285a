/** Temporary: what the build will write to `../generated/secateurs.d.ts` (then this file goes). */
export type ImageSet = 'train' | 'test';
export interface Manifest {
  version: number;
  name: string;
  train: number;
  test: number;
  chunks: ChunkInfo[];
}
export interface ChunkInfo {
  file: string;
  set: ImageSet;
  first: number;
  count: number;
  bytes: number;
  sha256: string;
}
export interface DataStatus {
  train: number;
  test: number;
}
export interface NetworkSettings {
  hidden: number[];
  seed: number;
}
export interface MeasureSettings {
  eps: number;
  images: number;
}
export interface Recipe {
  version: number;
  network: NetworkSettings;
  steps: Step[];
  attack: AttackSettings;
  measure: MeasureSettings;
  distortion: ScoreSettings;
}
export type Step =
  | ({ step: 'train' } & TrainSettings)
  | ({ step: 'prune' } & PruneSettings)
  | { step: 'cut'; units: number[][] };
export interface TrainSettings {
  from: 'scratch' | 'current';
  epochs: number;
  images: number;
  optimiser: 'adam' | 'sgd';
  rate: number;
  momentum: number;
  decay: number;
  batch: number;
}
export interface PruneSettings {
  what: 'units' | 'weights';
  by: 'distortion' | 'magnitude' | 'random';
  order: 'usual' | 'reverse';
  scope: 'layer' | 'global';
  amount: number;
  empty: boolean;
  draw: number;
  method: AttackMethod;
  eps: number;
  steps: number;
  images: number;
}
export type AttackMethod = 'pgd' | 'fgsm' | 'noise';
export interface AttackSettings {
  method: AttackMethod;
  eps: number;
  steps: number;
  step: number;
  start: 'random' | 'image';
  target: number;
}
export interface ScoreSettings {
  method: AttackMethod;
  eps: number;
  steps: number;
  images: number;
}
export interface View {
  image: number;
}
export interface ParsedLink {
  recipe: Recipe;
  view: View;
  digest?: string;
}
export type Job =
  | { job: 'replay'; recipe: Recipe }
  | { job: 'score'; prune?: PruneSettings; units?: number[][] }
  | { job: 'distortion'; settings: ScoreSettings }
  | {
      job: 'attack';
      settings: AttackSettings;
      seed: number;
      from: number;
      to: number;
      purpose: 'evaluate' | 'craft';
    };
export interface Progress {
  done: boolean;
  fraction: number;
  stage: 'waiting' | 'training' | 'attacking' | 'scoring';
  needs?: { set: ImageSet; images: number };
  stepIndex: number;
  steps: number;
  epoch: number;
  epochs: number;
  imagesDone: number;
  imagesTotal: number;
  losses: number[];
  checkpoint: boolean;
}
export type JobResult =
  | ({ job: 'replay' } & NetworkFacts)
  | ({ job: 'score' } & Scores)
  | ({ job: 'distortion' } & DistortionResult)
  | ({ job: 'attack' } & AttackBlock);
export interface Count {
  correct: number;
  total: number;
  low: number;
  high: number;
}
export interface Scores {
  digest: string;
  clean: Count;
  transfer?: Count;
  pruned: number[][];
  sparsity: number;
  unitsPruned: number;
  units: number;
}
export interface DistortionResult {
  digest: string;
  layers: { units: number[]; relative: number[]; mean: number }[];
  network: number;
  images: number;
  adversarialCorrect: number;
}
export interface AttackBlock {
  from: number;
  to: number;
  correct: number;
  total: number;
  predictions: number[];
  medianNorm: number;
}
export interface NetworkFacts {
  digest: string;
  referenceDigest: string;
  oldKey: string;
  hidden: number[];
  pruned: number[][];
  sparsity: number;
  unitsPruned: number;
  units: number;
  parameters: number;
  trained: boolean;
}
export interface ImageAttack {
  index: number;
  label: number;
  image: number[];
  adversarial: number[];
  clean: number[];
  attacked: number[];
  layers: { clean: number[]; attacked: number[] }[];
  norm: number;
  fooled: boolean;
}
export interface GalleryItem {
  index: number;
  label: number;
  clean: number;
  attacked: number;
  pixels: number[];
}
export declare class Lab {
  constructor();
  free(): void;
  addChunk(info: ChunkInfo, bytes: Uint8Array): DataStatus;
  dataStatus(): DataStatus;
  images(set: ImageSet, from: number, count: number): Uint8Array;
  labels(set: ImageSet, from: number, count: number): Uint8Array;
  begin(job: Job): void;
  step(budgetMs: number): Progress;
  cancel(): void;
  result(): JobResult;
  facts(): NetworkFacts;
  hasNetwork(): boolean;
  networkBytes(): Uint8Array;
  referenceBytes(): Uint8Array;
  candidateBytes(): Uint8Array;
  loadNetwork(bytes: Uint8Array): string;
  checkpoint(): Uint8Array;
  restore(bytes: Uint8Array): void;
  weights(layer: number): Float32Array;
  patterns(layer: number): Float32Array;
  attackImages(): Float32Array;
  setOldImages(key: string, from: number, images: Float32Array): void;
  attackImage(attack: AttackSettings, seed: number, index: number): ImageAttack;
  gallery(attack: AttackSettings, seed: number, from: number, count: number): GalleryItem[];
}
export declare function parseLink(link: string): ParsedLink;
export declare function formatLink(recipe: Recipe, view: View, digest: string | undefined): string;
export declare function checkRecipe(json: string): Recipe;
