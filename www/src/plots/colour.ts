/**
 * Colours as numbers. Mixing happens in OKLab (Ottosson 2020), where equal steps look equal, so
 * that a ramp from paper to orange does not hide half of its range.
 */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A colour as the browser reports it (`rgb(…)`, `color(srgb …)`) or as we write it (`#rrggbb`). */
export function parseColour(text: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  if (hex) return [hex[1], hex[2], hex[3]].map((part) => Number.parseInt(part ?? '0', 16)) as never;
  const numbers = (text.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
  const scale = text.trim().startsWith('color(') ? 255 : 1;
  const [red = 0, green = 0, blue = 0] = numbers;
  return [red * scale, green * scale, blue * scale];
}

/** The colour as CSS writes it. */
export function css([red, green, blue]: Rgb): string {
  const part = (value: number) => Math.round(value).toString(16).padStart(2, '0');
  return `#${part(red)}${part(green)}${part(blue)}`;
}

const toLinear = (value: number) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

const fromLinear = (value: number) => {
  const share = value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
  return Math.min(255, Math.max(0, Math.round(share * 255)));
};

function toLab(colour: Rgb): Rgb {
  const [r, g, b] = [toLinear(colour[0]), toLinear(colour[1]), toLinear(colour[2])];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromLab([light, a, b]: Rgb): Rgb {
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** The colour `share` of the way from one to the other. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const [a, b] = [toLab(from), toLab(to)];
  const at = (index: 0 | 1 | 2) => a[index] + (b[index] - a[index]) * share;
  return fromLab([at(0), at(1), at(2)]);
}

/** The scale of signed values: blue below zero, red above, zero is paper. */
export interface Signed {
  negative: Rgb;
  zero: Rgb;
  positive: Rgb;
}

/** Colour of a value from −1 to 1; values beyond are shown at full colour. */
export function signedColour(value: number, { negative, zero, positive }: Signed): Rgb {
  const share = Math.min(1, Math.abs(value));
  if (!(share > 0)) return zero;
  return mix(zero, value < 0 ? negative : positive, share);
}

/** Steps on each side of zero: finer than eight bits of colour can tell apart. */
const STEPS = 255;

/** `signedColour` as a table of pixels, since a network has a hundred thousand weights. */
export function signedTable(colours: Signed): Uint32Array {
  const table = new Uint32Array(2 * STEPS + 1);
  for (let step = -STEPS; step <= STEPS; step += 1) {
    table[step + STEPS] = pixel(signedColour(step / STEPS, colours));
  }
  return table;
}

/** The row of a `signedTable` for a value from −1 to 1. */
export function signedIndex(value: number): number {
  if (!(value > -1)) return value <= -1 ? 0 : STEPS;
  return value >= 1 ? 2 * STEPS : Math.round(value * STEPS) + STEPS;
}

/** One opaque pixel of an `ImageData` seen as 32-bit words (every browser's machine is little endian). */
export function pixel([red, green, blue]: Rgb): number {
  return (
    ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0
  );
}

/** Colours between two ends, evenly spaced to the eye. */
export function rampTable(from: Rgb, to: Rgb, steps = 32): string[] {
  return Array.from({ length: steps }, (_, step) => css(mix(from, to, step / (steps - 1))));
}
