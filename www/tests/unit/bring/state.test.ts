import { describe, expect, test } from 'vitest';
import { fittingImages, lackOf } from '../../../src/bring/state';
import { defaultControls, emptyRecipe } from '../../../src/engine/defaults';
import { controlsOf, isCutting, lastScratch, withFile } from '../../../src/engine/recipes';
import type { ImageFiles } from '../../../src/engine/types';

const controls = defaultControls();
const DIGEST = '0123456789abcdef';
const none = () => false;

const images: ImageFiles = {
  digest: 'aa00aa00aa00aa00',
  split: false,
  train: new Uint8Array(784 * 50),
  trainLabels: new Uint8Array(50),
  test: new Uint8Array(784 * 9),
  testLabels: new Uint8Array(9),
};

describe('what a recipe lacks', () => {
  test('a network from a file, until it is here', () => {
    const recipe = withFile(controls, DIGEST, [5]);
    expect(lackOf(recipe, none, undefined)).toEqual({ kind: 'network', digest: DIGEST });
    expect(lackOf(recipe, (digest) => digest === DIGEST, undefined)).toBeNull();
    expect(lackOf(emptyRecipe(), none, undefined)).toBeNull();
  });

  test('images, before anything else', () => {
    const own = { ...withFile(controls, DIGEST, [5]), data: images.digest };
    expect(lackOf(own, none, undefined)).toEqual({ kind: 'images', digest: images.digest });
    expect(lackOf(own, none, images.digest)?.kind).toBe('network');
    expect(lackOf(emptyRecipe(), none, images.digest)?.kind).toBe('mnist');
  });
});

describe('a network from a file', () => {
  test('is where everything begins, and nothing that is cut', () => {
    const recipe = withFile(controls, DIGEST, [5, 4]);
    expect(recipe.network.hidden).toEqual([5, 4]);
    expect(recipe.steps.some(isCutting)).toBe(false);
    expect(lastScratch(recipe)).toBe(0);
  });

  test('controls keep to the images that are in use', () => {
    const fitted = fittingImages(controls, images);
    expect([fitted.train.images, fitted.distortion.images, fitted.measure.images]).toEqual([
      50, 50, 9,
    ]);
    const recipe = emptyRecipe(fitted);
    expect(recipe.data).toBe(images.digest);
    expect(controlsOf(recipe, controls).data).toBe(images.digest);
    expect('data' in controlsOf(emptyRecipe(), fitted)).toBe(false);
    expect(fittingImages(controls, null)).toEqual(controls);
  });
});
