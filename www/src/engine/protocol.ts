/**
 * Every message between the page and a worker, typed once. The types of the calls come from the
 * Lab that Rust exports, so a call that Rust does not know does not compile here.
 */
import type {
  checkRecipe,
  checks,
  experimentFile,
  experimentScript,
  findings,
  findingTrials,
  formatLink,
  ImageFiles,
  ImageSet,
  Job,
  JobResult,
  judge,
  Lab,
  networkFile,
  Progress,
  parseLink,
  readImageFiles,
  readNetworkFile,
  sweepAreas,
  sweepAxes,
  sweepCells,
  sweepSummary,
  zipTexts,
} from './types';

/** The Lab's quick calls: answered between two steps of whatever job is running. */
export type LabCalls = Pick<
  Lab,
  | 'attackImages'
  | 'bringNetwork'
  | 'candidateBytes'
  | 'checkpoint'
  | 'compare'
  | 'contributions'
  | 'facts'
  | 'hasNetwork'
  | 'images'
  | 'labels'
  | 'loadBefore'
  | 'loadNetwork'
  | 'logits'
  | 'networkBytes'
  | 'patterns'
  | 'patternsThrough'
  | 'readImages'
  | 'referenceBytes'
  | 'restore'
  | 'setOldImages'
  | 'weights'
>;

/** Functions beside the Lab, which need no network. */
export interface LinkCalls {
  checkRecipe: typeof checkRecipe;
  checks: typeof checks;
  formatLink: typeof formatLink;
  parseLink: typeof parseLink;
}

/** What the core knows of sweeps and findings. */
export interface TrialCalls {
  sweepAreas: typeof sweepAreas;
  sweepAxes: typeof sweepAxes;
  sweepCells: typeof sweepCells;
  sweepSummary: typeof sweepSummary;
  findings: typeof findings;
  findingTrials: typeof findingTrials;
  judge: typeof judge;
}

/** Files of other tools, to take away and to bring in. */
export interface FileCalls {
  networkFile: typeof networkFile;
  experimentFile: typeof experimentFile;
  experimentScript: typeof experimentScript;
  zipTexts: typeof zipTexts;
  readImageFiles: typeof readImageFiles;
  readNetworkFile: typeof readNetworkFile;
}

export type Calls = LabCalls & LinkCalls & TrialCalls & FileCalls;
export type Method = keyof Calls;
export type Arguments<M extends Method> = Parameters<Calls[M]>;
export type Answer<M extends Method> = ReturnType<Calls[M]>;
export type Outcome<J extends Job> = Extract<JobResult, { job: J['job'] }>;

/** What has arrived of the images. */
export interface DataState {
  phase: 'loading' | 'ready' | 'failed';
  train: number;
  test: number;
  trainTotal: number;
  testTotal: number;
  sentence?: string;
}

export interface Start {
  kind: 'start';
  /** Folder of the packed images, ending in a slash. */
  data: string;
  /** The visitor's own images, in place of those. */
  images?: ImageFiles | undefined;
  /** Which images this worker needs. */
  sets: ImageSet[];
  /** How long one step may keep the worker from its messages. */
  budgetMs: number;
}

/** The first half, compiled; null: the worker is to fetch it itself, or why it did not arrive. */
export interface Handed {
  kind: 'core';
  module: WebAssembly.Module | null;
  sentence?: string;
}

export type ToWorker =
  | Start
  | Handed
  | { kind: 'call'; id: number; method: Method; args: unknown[] }
  | { kind: 'job'; id: number; job: Job }
  | { kind: 'cancel'; id: number }
  | { kind: 'pause'; paused: boolean }
  | { kind: 'retryData' }
  | { kind: 'ping' };

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'answer'; id: number; value: unknown }
  /**
   * The call failed or the job was refused, in one sentence; the worker goes on. `lacking`: something
   * was not to be had, which may be had another time.
   */
  | { kind: 'refused'; id: number; sentence: string; lacking?: true }
  | { kind: 'cancelled'; id: number }
  | { kind: 'progress'; id: number; progress: Progress }
  /** `whole`: of a finished step; else of a training under way. */
  | { kind: 'checkpoint'; bytes: Uint8Array; whole: boolean }
  | { kind: 'data'; state: DataState }
  | { kind: 'pong' }
  /** The worker cannot be used any more. */
  | { kind: 'dead'; sentence: string };

/** The buffers in a message that can be handed over instead of copied. */
export function transferable(value: unknown): Transferable[] {
  if (!ArrayBuffer.isView(value) || !(value.buffer instanceof ArrayBuffer)) return [];
  // A part of a larger buffer (of the wasm's own memory, say) must not take the rest with it.
  return value.byteLength === value.buffer.byteLength ? [value.buffer] : [];
}
