/** Where lessons come in: the places of what is fetched once one is asked for. */
import { useComputed } from '@preact/signals';
import { lesson, listed } from '../lessonState';
import { lazy } from './parts/lazy';
import { useMay } from './parts/Place';

const Lesson = lazy(() => import('../lessons/Lesson').then(({ Lesson }) => Lesson), 'the lesson');
const List = lazy(() => import('../lessons/List').then(({ List }) => List), 'the list of lessons');

/** For whoever sees the page for the first time. */
export function FirstLesson() {
  const open = useComputed(() => lesson.value !== null).value;
  const may = useMay('lessons');
  if (open || may.hidden || may.locked) return null;
  return (
    <p class="muted small first-lesson">
      New to this?{' '}
      <button
        type="button"
        class="link"
        onClick={() => {
          lesson.value = { name: 'fool', step: 1 };
        }}
      >
        The first lesson
      </button>{' '}
      takes five minutes.
    </p>
  );
}

export function Lessons() {
  const open = useComputed(() => lesson.value !== null).value;
  const may = useMay('lessons');
  if (may.hidden) return null;
  return (
    <>
      {open && <Lesson />}
      {listed.value && !may.locked && <List />}
    </>
  );
}
