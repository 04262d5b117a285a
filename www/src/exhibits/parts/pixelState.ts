/** Which pixels of the input are cut, as it is and as a brush under way leaves it. */
import { computed, signal } from '@preact/signals';
import { pixelsByHand } from '../../engine/recipes';
import { network, preview, recipe } from '../../state';

/** The brush is out. */
export const brushing = signal(false);
/** Pixels along the brush's side. */
export const brushSize = signal<1 | 3>(3);
/** What the brush went over: cut, or restored. */
export const brushed = signal<{ cut: boolean; pixels: ReadonlySet<number> } | null>(null);

export const cutNow = computed<ReadonlySet<number>>(() => new Set(network.value?.pixels));
/** Those that can be restored: the others are cut by a step before. */
export const cutByHand = computed<ReadonlySet<number>>(() => new Set(pixelsByHand(recipe.value)));

/** What is hatched. */
export const masked = computed<ReadonlySet<number>>(() => {
  const held = brushed.value;
  const pixels = new Set((preview.value ?? network.value)?.pixels);
  for (const pixel of held?.pixels ?? []) {
    if (held?.cut) pixels.add(pixel);
    else if (cutByHand.value.has(pixel)) pixels.delete(pixel);
  }
  return pixels;
});
