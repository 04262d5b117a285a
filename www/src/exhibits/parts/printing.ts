/** Paper is light, whatever the screen is; what is painted has to be painted anew before that. */
import { computed, signal } from '@preact/signals';

/** The longest that this takes, of the largest networks. */
const REPAINT_MS = 400;

const paper = matchMedia('print');
const asked = signal(false);

/** The page is being printed, whoever has heard of it yet. */
export const isPrinting = () => paper.matches;

/** The same: some browsers leave out what is painted meanwhile. */
export const printing = signal(paper.matches);

/** The page is on paper, or about to be. */
export const onPaper = computed(() => asked.value || printing.value);

paper.addEventListener('change', () => {
  printing.value = paper.matches;
});

/** Prints the page as a report. */
export async function printPage(): Promise<void> {
  asked.value = true;
  try {
    await new Promise((resolve) => setTimeout(resolve, REPAINT_MS));
    print();
  } finally {
    asked.value = false;
  }
}
