/** Plots as files: SVG as drawn, PNG at twice the size, CSV of the figures. */

import { css, parseColour } from './colour';

/** What makes a drawing look as it does on the page, where the style sheet is not. */
export const LOOKS = [
  'display',
  'visibility',
  'fill',
  'fill-opacity',
  'fill-rule',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-style',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'paint-order',
  'image-rendering',
] as const;

type Look = (typeof LOOKS)[number];

/** A colour that every viewer knows, and how opaque it is; browsers tell mixed ones as `color(…)`. */
export function plainColour(value: string): { colour: string; opacity: number } {
  const told = /^(rgba?|color)\(/.test(value);
  if (!told) return { colour: value, opacity: 1 };
  const numbers = value.match(/-?[\d.]+(e-?\d+)?%?/g) ?? [];
  const [, , , alpha] = numbers;
  return { colour: css(parseColour(value)), opacity: alpha === undefined ? 1 : Number(alpha) };
}

/** The attributes that stand for what the browser computed. */
export function looksOf(computed: (look: Look) => string): Map<Look, string> {
  const looks = new Map<Look, string>();
  for (const look of LOOKS) {
    const value = computed(look);
    if (value !== '') looks.set(look, value);
  }
  for (const what of ['fill', 'stroke'] as const) {
    const value = looks.get(what);
    if (value === undefined) continue;
    const { colour, opacity } = plainColour(value);
    looks.set(what, colour);
    if (opacity < 1) {
      const own = Number(looks.get(`${what}-opacity`) ?? 1);
      looks.set(`${what}-opacity`, `${opacity * own}`);
    }
  }
  return looks;
}

/** Room for the title above the drawing, room around it, and about how wide a letter is. */
const CAPTION = 26;
const MARGIN = 8;
const LETTER = 6.4;

/** How large the file's picture is: the drawing, below a line with its title. */
export function sheetOf(width: number, height: number, title: string) {
  const written = Math.ceil(title.length * LETTER);
  return {
    width: Math.max(width, written) + 2 * MARGIN,
    height: height + CAPTION + MARGIN,
  };
}

/** What a plot is saved on: most are for a paper or a slide, so it is light, whatever the page is. */
export const PAPER = '#ffffff';

/** The drawing as a file of its own: looks written out, title above it, paper behind it. */
export function standalone(svg: SVGSVGElement, title: string): string {
  // For as long as it is read it is drawn in the light scheme; nothing of that reaches the screen.
  svg.setAttribute('data-scheme', 'light');
  try {
    return writtenOut(svg, title);
  } finally {
    svg.removeAttribute('data-scheme');
  }
}

function writtenOut(svg: SVGSVGElement, title: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [originals, copies] = [svg.querySelectorAll('*'), copy.querySelectorAll('*')];
  originals.forEach((original, at) => {
    const computed = getComputedStyle(original);
    const target = copies[at];
    const looks = looksOf((look) => computed.getPropertyValue(look));
    for (const [look, value] of looks) target?.setAttribute(look, value);
    target?.removeAttribute('class');
    target?.removeAttribute('style');
  });
  const { width, height } = svg.getBoundingClientRect();
  const own = getComputedStyle(svg);
  for (const name of ['data-scheme', 'class', 'style', 'role', 'aria-label', 'aria-hidden']) {
    copy.removeAttribute(name);
  }
  copy.setAttribute('x', `${MARGIN}`);
  copy.setAttribute('y', `${CAPTION}`);
  copy.setAttribute('width', `${width}`);
  copy.setAttribute('height', `${height}`);
  const make = (name: string, attributes: Record<string, string | number>, text = '') => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, `${value}`);
    element.textContent = text;
    return element;
  };
  const sheet = sheetOf(width, height, title);
  const { colour } = plainColour(own.color);
  const letters = { 'font-family': own.fontFamily, 'font-size': 12 };
  const file = make('svg', { ...sheet, viewBox: `0 0 ${sheet.width} ${sheet.height}` });
  file.append(
    make('title', {}, title),
    make('desc', {}, 'A plot of Secateurs, a playground for adversarial pruning.'),
    make('rect', { width: '100%', height: '100%', fill: PAPER }),
    make('text', { x: MARGIN, y: 17, fill: colour, ...letters }, title),
    copy,
  );
  return new XMLSerializer().serializeToString(file);
}

/** Offers `blob` as a file. */
export function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the address after the click returns.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** How much finer pictures are than the page. */
const FINER = 2;

const blobOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('No picture was made.'))));
  });

/** The drawing as pixels, twice as fine as on the page. */
export async function png(svg: SVGSVGElement, title: string): Promise<Blob> {
  const box = svg.getBoundingClientRect();
  const { width, height } = sheetOf(box.width, box.height, title);
  const source = new Blob([standalone(svg, title)], { type: 'image/svg+xml' });
  const address = URL.createObjectURL(source);
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * FINER);
    canvas.height = Math.round(height * FINER);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await blobOf(canvas);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Everything that is painted in a part of the page, where it stands there, as one picture. */
export async function painting(part: Element, paper: string): Promise<Blob> {
  const canvases = [...part.querySelectorAll('canvas')].filter(({ width }) => width > 0);
  const boxes = canvases.map((canvas) => canvas.getBoundingClientRect());
  const edge = (side: 'left' | 'top' | 'right' | 'bottom') => boxes.map((box) => box[side]);
  const [left, top] = [Math.min(...edge('left')), Math.min(...edge('top'))];
  const [right, bottom] = [Math.max(...edge('right')), Math.max(...edge('bottom'))];
  const picture = document.createElement('canvas');
  picture.width = Math.round((right - left + 2 * MARGIN) * FINER);
  picture.height = Math.round((bottom - top + 2 * MARGIN) * FINER);
  const context = picture.getContext('2d');
  if (!context || canvases.length === 0) throw new Error('Nothing is painted there yet.');
  context.scale(FINER, FINER);
  context.fillStyle = paper;
  context.fillRect(0, 0, picture.width, picture.height);
  canvases.forEach((canvas, at) => {
    const box = boxes[at];
    if (!box) return;
    // Pixels of an image stay pixels.
    context.imageSmoothingEnabled = canvas.width > box.width;
    const [x, y] = [box.left - left + MARGIN, box.top - top + MARGIN];
    context.drawImage(canvas, x, y, box.width, box.height);
  });
  return blobOf(picture);
}
