/** The strongest connections of a unit. Pure: weights in, a few of them out. */

export interface Link {
  /** The unit, pixel or digit at the other end. */
  at: number;
  weight: number;
}

/** The `most` weights of largest absolute value among some, largest first; zeros are none. */
function strongest(count: number, weightOf: (at: number) => number, most: number): Link[] {
  const found: Link[] = [];
  for (let at = 0; at < count; at += 1) {
    const weight = weightOf(at);
    const size = Math.abs(weight);
    const least = found[most - 1];
    if (!(size > 0) || (least && size <= Math.abs(least.weight))) continue;
    let place = Math.min(found.length, most - 1);
    while (place > 0 && Math.abs(found[place - 1]?.weight ?? 0) < size) {
      found[place] = found[place - 1] as Link;
      place -= 1;
    }
    found[place] = { at, weight };
  }
  return found;
}

/** The strongest weights into an output of a layer (`weights` are outputs × inputs). */
export function linksInto(
  weights: Float32Array,
  outputs: number,
  output: number,
  most: number,
): Link[] {
  const inputs = outputs > 0 ? Math.floor(weights.length / outputs) : 0;
  return strongest(inputs, (input) => weights[output * inputs + input] ?? 0, most);
}

/** The strongest weights out of an input of a layer. */
export function linksOutOf(
  weights: Float32Array,
  outputs: number,
  input: number,
  most: number,
): Link[] {
  const inputs = outputs > 0 ? Math.floor(weights.length / outputs) : 0;
  return strongest(outputs, (output) => weights[output * inputs + input] ?? 0, most);
}
