/** The open lesson, beside the lab or, on a phone, below it. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { arrival, NotArrived } from '../exhibits/parts/arrival';
import { lesson } from '../lessonState';
import { End } from './End';
import { ENTRIES, type Entry, entryOf } from './index';
import './lessons.css';
import { Progress } from './Progress';
import { StepView } from './StepView';
import { begin, closed, go, leave } from './stay';
import { loaded, reached } from './store';
import type { Lesson as Content } from './types';

export { loaded };

/** The step that is shown; past the last one is the end. */
const within = (step: number, content: Content) => Math.min(step, content.steps.length + 1);

function Head({ entry, folded, fold }: { entry: Entry; folded: boolean; fold: () => void }) {
  return (
    <header class="lesson-head">
      <p class="lesson-name">
        <span class="muted">Lesson {ENTRIES.indexOf(entry) + 1}</span> <b>{entry.title}</b>
      </p>
      <button
        type="button"
        class="button plain icon"
        aria-expanded={!folded}
        aria-controls="lesson-body"
        aria-label={folded ? 'Unfold the lesson' : 'Fold the lesson'}
        title={folded ? 'Unfold the lesson' : 'Fold the lesson'}
        data-testid="lesson-fold"
        onClick={fold}
      >
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <path
            d={folded ? 'M2 9.5 7 4.5 12 9.5' : 'M2 4.5 7 9.5 12 4.5'}
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
          />
        </svg>
      </button>
      <button
        type="button"
        class="button plain"
        title="Closes the lesson and brings back what you had before it."
        data-testid="lesson-leave"
        onClick={() => void leave()}
      >
        Leave
      </button>
    </header>
  );
}

function Loaded({ entry, content }: { entry: Entry; content: Content }) {
  const at = useComputed(() => within(lesson.value?.step ?? 1, content)).value;
  const step = content.steps[at - 1];
  const body = useRef<HTMLElement>(null);
  /** Whether the visitor walked here, and did not just open the page. */
  const walked = useRef(false);
  useEffect(() => reached(entry.name, at, at > content.steps.length), [entry, content, at]);
  useLayoutEffect(() => {
    if (body.current) body.current.scrollTop = 0;
    if (walked.current) body.current?.querySelector<HTMLElement>('h2')?.focus();
    walked.current = true;
  }, [at]);
  return (
    <>
      <section
        class="lesson-body"
        id="lesson-body"
        ref={body}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="The step"
        data-step={at}
      >
        {step ? (
          <StepView key={step.id} lesson={entry.name} step={step} />
        ) : (
          <End entry={entry} content={content} />
        )}
      </section>
      <nav class="lesson-foot" aria-label="Steps of the lesson">
        <button
          type="button"
          class="button"
          data-testid="lesson-back"
          disabled={at === 1}
          onClick={() => go(entry.name, at - 1)}
        >
          Back
        </button>
        <Progress entry={entry} content={content} at={at} />
        <button
          type="button"
          class="button"
          data-testid="lesson-next"
          disabled={!step}
          onClick={() => go(entry.name, at + 1)}
        >
          Next
        </button>
      </nav>
    </>
  );
}

function Open({ entry }: { entry: Entry }) {
  const content = useSignal<Content | null>(null);
  const failed = useSignal(false);
  const folded = useSignal(false);
  const fetch = () => {
    failed.value = false;
    arrival(entry.load).then(
      (found) => {
        content.value = found;
      },
      () => {
        failed.value = true;
      },
    );
  };
  useEffect(fetch, [entry]);
  useLayoutEffect(() => {
    document.documentElement.dataset.lesson = folded.value ? 'folded' : 'open';
  }, [folded.value]);
  const fold = () => {
    folded.value = !folded.value;
  };
  return (
    <aside
      class={`lesson ${folded.value ? 'folded' : ''}`}
      aria-label={`Lesson: ${entry.title}`}
      data-testid="lesson"
      data-lesson={entry.name}
    >
      <Head entry={entry} folded={folded.value} fold={fold} />
      {!folded.value && content.value && <Loaded entry={entry} content={content.value} />}
      {failed.value && (
        <NotArrived
          className="lesson-body"
          sentence="The lesson did not arrive; is the connection down?"
          load={entry.load}
          again={fetch}
        />
      )}
    </aside>
  );
}

export function Lesson() {
  const name = useComputed(() => lesson.value?.name ?? '').value;
  const entry = entryOf(name);
  useLayoutEffect(() => {
    begin();
    return () => {
      // A link without a lesson closes it, too.
      closed();
      const { dataset } = document.documentElement;
      for (const key of ['lesson', 'look', 'covered']) delete dataset[key];
    };
  }, []);
  return entry ? <Open key={entry.name} entry={entry} /> : null;
}
