/** The end of a lesson: what stays open, and where to go from here. */
import { useEffect } from 'preact/hooks';
import { covered } from '../lessonState';
import { after, type Entry } from './index';
import { go, leave, stay } from './stay';
import type { Lesson } from './types';
import { Paragraphs } from './words';

export function End({ entry, content }: { entry: Entry; content: Lesson }) {
  const next = after(entry.name);
  useEffect(() => {
    covered.value = new Set();
    const { dataset } = document.documentElement;
    delete dataset.covered;
    delete dataset.look;
  }, []);
  return (
    <article data-testid="lesson-end">
      <h2 tabIndex={-1}>An open question</h2>
      <Paragraphs words={content.question} />
      <div class="ways">
        {next && (
          <button type="button" class="button main" onClick={() => go(next.name, 1)}>
            Next: {next.title}
          </button>
        )}
        <button
          type="button"
          class="button"
          data-testid="lesson-stay"
          title="Closes the lesson; the network on screen stays, and Undo leads back to yours."
          onClick={stay}
        >
          Go on in the lab with this network
        </button>
        <button type="button" class="button plain" onClick={() => void leave()}>
          Back to what I had before
        </button>
      </div>
    </article>
  );
}
