/** Where lessons come in: the places of what is fetched once one is asked for. */
import { useComputed } from '@preact/signals';
import { lesson, listed } from '../lessonState';
import { offer } from '../storageState';
import { lazy } from './parts/lazy';
import { useMay } from './parts/Place';
import { soon } from './parts/soon';

const Resume = soon((all) => all.Resume);

const Lesson = lazy(async () => {
  const { Lesson, loaded } = await import('../lessons/Lesson');
  // What was predicted must not be asked for again.
  await loaded;
  return Lesson;
}, 'the lesson');
const List = lazy(() => import('../lessons/List').then(({ List }) => List), 'the list of lessons');

/** For whoever sees the page for the first time; whoever comes back is led back. */
export function FirstLesson() {
  const open = useComputed(() => lesson.value !== null).value;
  const may = useMay('lessons');
  if (offer.value && !open) return <Resume />;
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
