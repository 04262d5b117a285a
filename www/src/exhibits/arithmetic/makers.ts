/** Which card a key names. What belongs to exhibits far down the page is fetched with their cards. */
import { signal } from '@preact/signals';
import { ACCURACY } from './accuracy';
import type { CardContent, Maker } from './card';
import { IMAGE } from './image';
import { LESSONS } from './revealed';
import { TRAINING } from './training';
import { UNITS } from './units';

type Makers = Readonly<Record<string, Maker>>;

const HERE: Makers = { ...ACCURACY, ...UNITS, ...IMAGE, ...TRAINING, ...LESSONS };

const TRIALS = ['finding', 'raced', 'racer', 'area', 'swept'];
const LABORATORY = [
  'agreement',
  'relation',
  'overlap',
  'moved',
  'makeup',
  'filter',
  'pixel',
  'pixel-count',
];

/** What has been fetched besides. */
const fetched = signal<Makers>({});
const asked = new Set<string>();

async function fetch(name: string, load: () => Promise<Makers>): Promise<void> {
  if (asked.has(name)) return;
  asked.add(name);
  try {
    const more = await load();
    fetched.value = { ...fetched.peek(), ...more };
  } catch {
    // Offline, say: whoever asks next tries again.
    asked.delete(name);
  }
}

/** Fetches what the card of this key needs, if it is not here yet. */
export function prepare(key: string): void {
  const [kind = ''] = key.split('/');
  if (TRIALS.includes(kind)) void fetch('trials', async () => (await import('./trials')).TRIALS);
  if (LABORATORY.includes(kind)) {
    void fetch('laboratory', async () => (await import('./laboratory')).LABORATORY);
  }
}

/** The card of a key; null where what it names is not on the page (any more). */
export function contentOf(key: string): CardContent | null {
  const [kind = '', ...of] = key.split('/');
  const maker = HERE[kind] ?? fetched.value[kind];
  return maker?.(...of) ?? null;
}
