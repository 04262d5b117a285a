/** The steps of a lesson: which one is on, which ones are answered, and a way to each. */
import { useComputed } from '@preact/signals';
import type { Entry } from './index';
import { go } from './stay';
import { courseOf } from './store';
import type { Lesson } from './types';

export function Progress({ entry, content, at }: { entry: Entry; content: Lesson; at: number }) {
  const noted = useComputed(() => courseOf(entry.name).noted).value;
  const { steps } = content;
  return (
    <>
      <ol class="lesson-steps">
        {steps.map(({ id, title }, index) => (
          <li key={id}>
            <button
              type="button"
              class={noted[id] ? 'answered' : ''}
              aria-current={at === index + 1 ? 'step' : undefined}
              aria-label={`Step ${index + 1}: ${title}${noted[id] ? ', answered' : ''}`}
              title={title}
              onClick={() => go(entry.name, index + 1)}
            />
          </li>
        ))}
      </ol>
      <span class="heard" aria-live="polite">
        {at <= steps.length ? `Step ${at} of ${steps.length}` : 'The end of the lesson'}
      </span>
    </>
  );
}
