/** Asks the core for what a card wants to know of the network on screen and the chosen image. */
import { engineRunning } from '../actions';
import { apart, logits } from '../arithmeticState';
import { image, network } from '../state';
import type { LabDesk } from './lab';

/** So many terms of a sum are told one by one. */
const TERMS = 2;
const CLASSES = 10;

/** The bytes of the network on screen, where it is known. */
function asked(): { desk: LabDesk; bytes: Uint8Array } | null {
  const [desk, facts] = [engineRunning()?.session.desk, network.peek()];
  const bytes = facts && desk?.bytesOf(facts.digest);
  return desk && bytes ? { desk, bytes } : null;
}

/** Takes apart the sum of a unit on the chosen image; `layer` may be that of the logits. */
export async function takeApart(layer: number, unit: number): Promise<void> {
  const [of, from] = [image.peek(), asked()];
  if (!of || !from) return;
  const known = apart.peek();
  if (known?.of === of && known.layer === layer && known.unit === unit) return;
  const below = layer === 0 ? null : of.layers[layer - 1];
  const clean = Float32Array.from(below?.clean ?? of.image);
  const attacked = Float32Array.from(below?.attacked ?? of.adversarial);
  try {
    const args = [from.bytes, layer, unit, clean, attacked, TERMS] as const;
    const found = await from.desk.client.call('contributions', [...args]);
    if (image.peek() === of) apart.value = { of, layer, unit, found };
  } catch {
    // The worker was lost, or the network is another one by now: whoever asks next is answered.
  }
}

/** The logits of the chosen image, and of an adversarial image of it. */
export async function findLogits(attackedPixels: ArrayLike<number>): Promise<void> {
  const [of, from] = [image.peek(), asked()];
  if (!of || !from) return;
  const known = logits.peek();
  if (known?.of === of && known.attackedPixels === attackedPixels) return;
  const pixels = Float32Array.from([...of.image, ...Array.from(attackedPixels)]);
  try {
    const all = await from.desk.client.call('logits', [from.bytes, pixels]);
    const [clean, attacked] = [[...all.slice(0, CLASSES)], [...all.slice(CLASSES)]];
    if (image.peek() === of) logits.value = { of, attackedPixels, clean, attacked };
  } catch {
    // As above.
  }
}
