/** What can be embedded: its name in addresses, what it is called, how high it is at first. */
export interface Embeddable {
  name: string;
  label: string;
  /** Pixels, at a width of 720. */
  height: number;
}

export const EMBEDDABLE: readonly Embeddable[] = [
  { name: 'network', label: 'Network', height: 640 },
  { name: 'train', label: 'Train', height: 420 },
  { name: 'attack', label: 'Attack on one image', height: 640 },
  { name: 'prune', label: 'Prune, with the figures', height: 760 },
  { name: 'outcome', label: 'Figures and curve', height: 700 },
  { name: 'curve', label: 'Curves of accuracy', height: 380 },
  { name: 'distortion', label: 'Distortion of every unit', height: 260 },
  { name: 'gallery', label: 'Test images under attack', height: 420 },
  { name: 'draw', label: 'Drawing a digit', height: 620 },
  { name: 'history', label: 'Every step so far', height: 360 },
  { name: 'matrices', label: 'Who is mistaken for whom', height: 700 },
  { name: 'laboratory', label: 'Laboratory', height: 520 },
  { name: 'findings', label: 'Findings', height: 900 },
  { name: 'race', label: 'Race of criteria', height: 900 },
  { name: 'sweep', label: 'Sweep', height: 700 },
];

const NAME = /^[a-z]{1,24}$/;

/** The exhibit of an address, or a sentence. */
export function embeddable(name: string): Embeddable | string {
  const found = EMBEDDABLE.find((each) => each.name === name);
  if (found) return found;
  const known = EMBEDDABLE.map((each) => each.name).join(', ');
  const asked = NAME.test(name) ? `“${name}”` : 'this';
  return `There is no exhibit ${asked} to embed; there are ${known}.`;
}

const escaped = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** Colours of a frame: the system's, unless its address says which. */
export type FrameTheme = 'system' | 'light' | 'dark';

/** The colours that the query of an address asks for. */
export function frameTheme(query: string): FrameTheme {
  const asked = new URLSearchParams(query).get('theme');
  return asked === 'light' || asked === 'dark' ? asked : 'system';
}

/** The address of an exhibit, of the recipe that an address of the page holds. */
export function embedAddress(
  page: string,
  name: string,
  recipe: boolean,
  theme: FrameTheme = 'system',
): string {
  const url = new URL(page);
  const fragment = url.hash;
  url.hash = '';
  url.search = '';
  const colours = theme === 'system' ? '' : `&theme=${theme}`;
  return `${url.href}?embed=${name}${colours}${recipe ? fragment : ''}`;
}

/** The same without the exhibit: the whole page. */
export function pageAddress(address: string): string {
  const url = new URL(address);
  url.search = '';
  return url.href;
}

/** What a host pastes into its page. */
export function snippet(address: string, { label, height }: Embeddable): string {
  return `<iframe src="${escaped(address)}" title="Secateurs: ${escaped(label)}" width="100%" height="${height}" loading="lazy" style="border: 0"></iframe>`;
}
