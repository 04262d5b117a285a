/** Plots as files: SVG as drawn, PNG at twice the size, CSV of the figures. */

/** What makes a drawing look as it does on the page, where the style sheet is not. */
const LOOKS = [
  'fill',
  'fill-opacity',
  'stroke',
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
  'paint-order',
] as const;

/** The drawing as a file of its own: looks written out, paper behind it. */
export function standalone(svg: SVGSVGElement, paper: string, title: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [originals, copies] = [svg.querySelectorAll('*'), copy.querySelectorAll('*')];
  originals.forEach((original, at) => {
    const computed = getComputedStyle(original);
    const target = copies[at];
    for (const look of LOOKS) target?.setAttribute(look, computed.getPropertyValue(look));
    target?.removeAttribute('class');
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.removeAttribute('class');
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', `${width}`);
  copy.setAttribute('height', `${height}`);
  const make = (name: string) => document.createElementNS('http://www.w3.org/2000/svg', name);
  const back = make('rect');
  back.setAttribute('width', '100%');
  back.setAttribute('height', '100%');
  back.setAttribute('fill', paper);
  const named = make('title');
  named.textContent = title;
  copy.prepend(named, back);
  return new XMLSerializer().serializeToString(copy);
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

/** The drawing as pixels, twice as fine as on the page. */
export async function png(svg: SVGSVGElement, paper: string, title: string): Promise<Blob> {
  const { width, height } = svg.getBoundingClientRect();
  const source = new Blob([standalone(svg, paper, title)], { type: 'image/svg+xml' });
  const address = URL.createObjectURL(source);
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * 2);
    canvas.height = Math.round(height * 2);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('No picture was made.'))));
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
