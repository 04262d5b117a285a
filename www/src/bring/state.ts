/**
 * What the visitor brought in, and what a link lacks that only the visitor can bring. Written by
 * `bring/actions.ts`, and by the engine where a link is opened.
 */
import { type Signal, signal } from '@preact/signals';
import type { Controls } from '../engine/defaults';
import { lastScratch } from '../engine/recipes';
import type { ImageFiles, NetworkFile, Recipe } from '../engine/types';
import type { Opened } from '../engine/work';

/** The visitor's own images, while they stand in the place of MNIST's. */
export const ownImages: Signal<{ digest: string; train: number; test: number } | null> =
  signal(null);

export interface Lack {
  kind: 'network' | 'images' | 'mnist';
  /** Of what is lacking. */
  digest: string;
}

/** A link that waits for a file which it cannot carry. */
export const lacking: Signal<(Lack & { link: Opened; fresh: boolean }) | null> = signal(null);

/** A file on its way into the lab. */
export type Item =
  | { kind: 'reading'; name: string }
  | { kind: 'problem'; sentence: string }
  | {
      kind: 'network';
      name: string;
      source: Uint8Array;
      file: NetworkFile;
      zerosPruned: boolean;
      normalised: boolean;
    }
  | { kind: 'images'; names: string[]; files: ImageFiles }
  | {
      kind: 'picture';
      name: string;
      width: number;
      height: number;
      /** Red, green, blue and opacity of every pixel. */
      bytes: Uint8ClampedArray<ArrayBuffer>;
      invert: boolean;
      whole: boolean;
    }
  | { kind: 'recipe'; name: string; recipe: Recipe };

/** What is looked at before it is used; null before anything was chosen. */
export const item: Signal<Item | null> = signal(null);

/** Whether the dialog is open. */
export const bringOpen = signal(false);

/** What a recipe needs that is not here. */
export function lackOf(
  recipe: Recipe,
  has: (digest: string) => boolean,
  images: string | undefined,
): Lack | null {
  if (recipe.data !== images) {
    return recipe.data === undefined
      ? { kind: 'mnist', digest: '' }
      : { kind: 'images', digest: recipe.data };
  }
  const [first] = recipe.steps;
  // Trained from fresh weights afterwards, the file is of no use any more.
  if (first?.step !== 'file' || lastScratch(recipe) > 0 || has(first.digest)) return null;
  return { kind: 'network', digest: first.digest };
}

/** The controls for the visitor's own images: no more of them are used than there are. */
export function fittingImages(controls: Controls, images: ImageFiles | null): Controls {
  if (!images) return controls;
  const [train, test] = [images.trainLabels.length, images.testLabels.length];
  const few = <T extends { images: number }>(settings: T, most: number): T => ({
    ...settings,
    images: Math.min(settings.images, most),
  });
  return {
    ...controls,
    data: images.digest,
    train: few(controls.train, train),
    prune: few(controls.prune, train),
    learn: few(controls.learn, train),
    distortion: few(controls.distortion, train),
    measure: few(controls.measure, test),
  };
}
