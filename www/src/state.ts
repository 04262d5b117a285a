/**
 * The one store of the page. Exhibits read these signals and call the functions of `actions.ts`;
 * only the engine (and the tests) write them.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { normalise } from './drawing/normalise';
import type { Stroke } from './drawing/strokes';
import { type Controls, defaultControls, emptyRecipe } from './engine/defaults';
import type { DataState } from './engine/protocol';
import { settingsDiffer } from './engine/recipes';
import { shareCut } from './engine/shares';
import type {
  AttackSettings,
  Check,
  DistortionResult,
  Evidence,
  GalleryItem,
  ImageAttack,
  MixtureResult,
  NetworkDifference,
  NetworkFacts,
  Norm,
  PixelsResult,
  PruneSettings,
  Recipe,
  Scores,
  SimilarityResult,
  Trajectory,
  Watched,
} from './engine/types';
import type { Effort, Opened } from './engine/work';

export interface Figure {
  correct: number;
  /** Images measured so far. */
  total: number;
  /** Images there are to measure. */
  of: number;
  /** 95 % Wilson interval, as fractions. */
  low: number;
  high: number;
  done: boolean;
}

export interface CurvePoint {
  /** Percent pruned. */
  amount: number;
  clean: Figure | null;
  transfer: Figure | null;
  adaptive: Figure | null;
}

/** One size of the attack, with what is measured and what is proven there. */
export interface SecurityPoint {
  eps: number;
  adaptive: Figure | null;
  certified: Figure | null;
}

/** An attack beside the one that the figures are measured with, on the same first images. */
export interface Rival {
  attack: AttackSettings;
  /** How many images withstand it. */
  correct: number;
  /** Whether it fools more images than chance explains. */
  beats: boolean;
}

/** A network that the visitor put aside to compare others with. */
export interface Kept {
  digest: string;
  name: string;
  hidden: readonly number[];
  sparsity: number;
}

/** The exhibits of the laboratory. */
export type StudyName = 'similarity' | 'mixture' | 'pixels';

/** An exhibit of the laboratory; nothing is measured before it is open. */
export interface Study<T> {
  open: boolean;
  phase: 'none' | 'running' | 'done';
  fraction: number;
  /** What was found last; of the network before while a new one is being measured. */
  found: T | null;
}

/** What filters are compared with: the network after some of the recipe's steps, or a kept one. */
export type Before = { kind: 'steps'; steps: number } | { kind: 'kept'; digest: string };
/** The patterns of every unit of each hidden layer, units × 784 values a layer. */
export type Tiles = { units: number; patterns: Float32Array }[];

/** What is known of a network's accuracies; nothing is measured for their sake. */
export interface StepFigures {
  clean: Figure | null;
  transfer: Figure | null;
  adaptive: Figure | null;
  certified: Figure | null;
}

/** A network along the history that was on screen, or was looked at. */
export interface Visit {
  facts: NetworkFacts;
  figures: StepFigures;
}

export interface Notice {
  id: number;
  kind: 'info' | 'problem';
  sentence: string;
  retry?: () => void;
  /** What the button says that retries, if it is not to try again. */
  label?: string;
}

export const controls: Signal<Controls> = signal(defaultControls());

export const data: Signal<DataState> = signal({
  phase: 'loading',
  train: 0,
  test: 0,
  trainTotal: 60_000,
  testTotal: 10_000,
});

export const engine: Signal<{
  phase: 'starting' | 'ready' | 'unsupported' | 'restarting';
  sentence?: string;
  /** How many workers measure beside the one that trains. */
  workers: number;
}> = signal({ phase: 'starting', workers: 0 });

export const history: Signal<{ entries: Recipe[]; at: number }> = signal({
  entries: [emptyRecipe()],
  at: 0,
});

/** What is known of the networks along the history, and what they are called, by `networkKey`. */
export const visits: Signal<ReadonlyMap<string, Visit>> = signal(new Map());
export const stepNames: Signal<ReadonlyMap<string, string>> = signal(new Map());

/** Two networks side by side, with what tells them apart as far as it is known. */
export const compared: Signal<{
  /** By `networkKey`, left and right. */
  keys: [string, string];
  recipes: [Recipe, Recipe];
  tiles: [Tiles | null, Tiles | null];
  /** Only of networks of one shape. */
  difference: NetworkDifference | null;
} | null> = signal(null);

/** The recipe of what is on screen. */
export const recipe: ReadonlySignal<Recipe> = computed(
  () => history.value.entries[history.value.at] ?? emptyRecipe(),
);

export const canUndo: ReadonlySignal<boolean> = computed(() => history.value.at > 0);
export const canRedo: ReadonlySignal<boolean> = computed(
  () => history.value.at < history.value.entries.length - 1,
);

/** The network on screen; null before anything is trained. */
export const network: Signal<NetworkFacts | null> = signal(null);

/** A sentence when the controls are no longer those that the network was trained with. */
export const belongsToOldSetting: ReadonlySignal<string | null> = computed(() =>
  settingsDiffer(recipe.value, controls.value.network, controls.value.train),
);

export const training: Signal<{
  phase: 'idle' | 'running' | 'paused' | 'waiting';
  /** The panel it was started from, which shows how far it is. */
  panel: 'train' | 'prune';
  /** What is going on, for example "Training, epoch 2 of 3". */
  what: string;
  fraction: number;
  epoch: number;
  epochs: number;
  losses: number[];
  imagesPerSecond: number;
  /** What the pace was computed from: images gone through in the present step, and how long. */
  counted: { images: number; seconds: number };
  secondsLeft: number;
  secondsTaken: number;
}> = signal({
  phase: 'idle',
  panel: 'train',
  what: '',
  fraction: 0,
  epoch: 0,
  epochs: 0,
  losses: [],
  imagesPerSecond: 0,
  counted: { images: 0, seconds: 0 },
  secondsLeft: 0,
  secondsTaken: 0,
});

/**
 * How many of some training images withstand FGSM and PGD after each epoch of the newest training
 * against an attack, and whether it has learned to hide from one step alone; null of any other.
 */
export const watched: Signal<{ epochs: readonly Watched[]; overfitting: boolean } | null> =
  signal(null);

export const figures: Signal<{
  clean: Figure | null;
  transfer: Figure | null;
  adaptive: Figure | null;
  /** Proven at the measured size; certificates exist for L∞ alone. */
  certified: Figure | null;
  /** Fractions, of the network before the first cut. */
  before: { clean?: number; transfer?: number; adaptive?: number; certified?: number };
}> = signal({ clean: null, transfer: null, adaptive: null, certified: null, before: {} });

/**
 * The median norm of what fooled the network, over the images it reads right; Infinity where most
 * of them withstood. Null unless the attack looks for the smallest perturbation.
 */
export const medianNorm: Signal<{ value: number; images: number } | null> = signal(null);

/** Scores of what the slider or brush would do, while it is held; null otherwise. */
export const preview: Signal<Scores | null> = signal(null);

/**
 * Distortion of the network before the newest cuts, so that its bars stay in place while the
 * visitor cuts; of the network itself when it ends in a training step.
 */
export const distortion: Signal<DistortionResult | null> = signal(null);

/**
 * What each unit of each hidden layer looks for, units × 784 values a layer, and the weights of
 * every layer, the output's last, outputs × inputs.
 */
export const tiles: Signal<{
  digest: string;
  layers: Tiles;
  weights: readonly Float32Array[];
} | null> = signal(null);

/** What the tiles of deeper layers show. */
export const deepTiles: Signal<'patterns' | 'weights'> = signal('patterns');

/**
 * The patterns of deeper layers through the units alone that are active on the chosen image, by
 * layer; of the first there are none. Null where nothing is attacked, or nobody looks.
 */
export const imageTiles: Signal<readonly (Float32Array | null)[] | null> = signal(null);

/** What is attacked before the visitor's eyes: a test image, or what the visitor draws. */
export const subject: Signal<'test' | 'drawing'> = signal('test');
export const imageIndex: Signal<number> = signal(0);

/** The visitor's drawing, kept while a test image is looked at. */
export const drawing: Signal<readonly Stroke[]> = signal([]);
/** A picture that was brought in, as an image of MNIST; it stands in the drawing's place. */
export const picture: Signal<Uint8Array | null> = signal(null);
/** The drawing, or the picture in its place, as an image of MNIST. */
export const drawn: ReadonlySignal<Uint8Array> = computed(
  () => picture.value ?? normalise(drawing.value),
);
/** The pen is on the surface. */
export const penDown: Signal<boolean> = signal(false);

/** Something with the attack it came from, which the controls may have left behind since. */
export type By<T> = T & { by: AttackSettings };

/** Everything about the attack on the chosen image; the index of a drawing is -1. */
export const image: Signal<By<ImageAttack> | null> = signal(null);
/** The way that attack took; null until it is known. */
export const trajectory: Signal<By<Trajectory> | null> = signal(null);
/** Attacks that take so long that what is shown meanwhile is of the one before. */
export const slow: Signal<{ image: boolean; gallery: boolean }> = signal({
  image: false,
  gallery: false,
});
/** The place along the trajectory that is looked at; null for what the attack came to. */
export const frame: Signal<number | null> = signal(null);

/** The first test images under attack; empty before a network exists. */
export const gallery: Signal<GalleryItem[]> = signal([]);

/** The first test digits as they are, as soon as they are here. */
export const rawDigits: Signal<{ label: number; pixels: Uint8Array }[]> = signal([]);

export const curve: Signal<{
  phase: 'none' | 'running' | 'done';
  what: PruneSettings['what'];
  points: CurvePoint[];
}> = signal({ phase: 'none', what: 'units', points: [] });

/** Accuracy against the size of the attack, from above and from below. */
export const security: Signal<{
  phase: 'none' | 'running' | 'done';
  norm: Norm;
  points: SecurityPoint[];
  fraction: number;
}> = signal({ phase: 'none', norm: 'linf', points: [], fraction: 0 });

/** Which of the two curves is looked at. */
export const curveShown: Signal<'amount' | 'size'> = signal('amount');

/** What speaks for or against the re-attacked figure, as far as it is gathered. */
export const checks: Signal<{
  evidence: Evidence | null;
  /** What the core makes of that evidence; null before there is any. */
  found: readonly Check[] | null;
  /** The strongest other attack that was tried; null before all of them were. */
  rival: Rival | null;
}> = signal({ evidence: null, found: null, rival: null });

/** Label × what is read under attack: images. */
export const confusion: Signal<{ counts: number[][]; total: number; of: number } | null> =
  signal(null);

/** Attacks from every digit to every other one: what share of the images gets there. */
export const targets: Signal<{
  phase: 'none' | 'running' | 'done';
  /** The attack that was, or would be, aimed. */
  attack: AttackSettings;
  images: number;
  fraction: number;
  /** By digit shown and digit aimed at: images that are read as aimed, … */
  reached: number[][];
  /** … and images attacked, which are those read right before. */
  of: number[][];
}> = signal({
  phase: 'none',
  attack: emptyRecipe().attack,
  images: 0,
  fraction: 0,
  reached: [],
  of: [],
});

export const kept: Signal<Kept[]> = signal([]);

/** Accuracy of each kept network (columns) on images crafted against each (rows). */
export const transfers: Signal<{
  attack: AttackSettings;
  images: number;
  cells: (Figure | null)[][];
}> = signal({ attack: emptyRecipe().attack, images: 0, cells: [] });

const study = <T>(): Signal<Study<T>> =>
  signal({ open: false, phase: 'none', fraction: 0, found: null });

export const laboratory = {
  similarity: study<SimilarityResult>(),
  mixture: study<MixtureResult>(),
  pixels: study<PixelsResult>(),
};

/** What the visitor chose to compare filters with; null for the usual. */
export const filtersBefore: Signal<Before | null> = signal(null);

/** Percent pruned now, of what the curve's axis counts; null where that is not known. */
export const now: ReadonlySignal<number | null> = computed(() => {
  const facts = network.value;
  if (!facts) return null;
  const { what } = curve.value;
  const { layers, amount } = controls.value.prune;
  const held = preview.value;
  const top = recipe.value.steps.at(-1);
  const share = shareCut({ ...facts, ...held }, { what, layers }, top);
  return held && what === 'weights' && !layers.includes(0) ? amount : share;
});

/** How a link that was opened is being, or was, reproduced. */
export const verification: Signal<{
  phase: 'replaying' | 'same' | 'differs';
  fraction: number;
  sentence: string;
} | null> = signal(null);

export const notices: Signal<Notice[]> = signal([]);

/** A link that would start much work, and waits for the visitor's word. */
export const offered: Signal<{ link: Opened; fresh: boolean; effort: Effort } | null> =
  signal(null);

/** The whole address of what is on screen. */
export const shareLink: Signal<string> = signal('');
