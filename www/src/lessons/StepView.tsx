/** One step: words, a prediction, something to do in the lab, and what came of it. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { engineRunning } from '../actions';
import { covered } from '../lessonState';
import { engine, network, training } from '../state';
import { bring, grewFrom, isOn } from './lab';
import { Predict } from './Predict';
import { show } from './places';
import { Reveal } from './Reveal';
import { courseOf, note } from './store';
import type { Answer, Step, Task } from './types';
import { Paragraphs, Says } from './words';

/** So long an outcome has to stay what it is: figures of the network before may still be there. */
const SETTLED_MS = 350;
/** So long nothing may be under way before it is said that something is missing. */
const PATIENCE_MS = 1500;

/** Puts the network of the step on screen, and what else the step begins with. */
function useBeginning(step: Step): void {
  const ready = useComputed(() => engine.value.phase === 'ready').value;
  useEffect(() => {
    if (!ready) return;
    let here = true;
    const begin = async () => {
      const fits = step.fits
        ? (await grewFrom(step.begins)) && step.fits()
        : await isOn(step.begins);
      if (!fits) await bring(step.begins);
      if (here) step.enter?.();
    };
    // A worker that is lost is replaced, and then this begins anew.
    begin().catch(() => {});
    return () => {
      here = false;
    };
  }, [step, ready]);
}

/** Notes what the lab measures, once it is asked for and has settled. */
function useOutcome(name: string, { id, predict }: Step, wanted: boolean): void {
  const live = useComputed(() => JSON.stringify(predict?.outcome() ?? null)).value;
  useEffect(() => {
    if (!wanted || !predict || live === 'null') return;
    let timer: ReturnType<typeof setTimeout>;
    const take = () => {
      const found = predict.outcome();
      if (!engineRunning()?.session.settled) timer = setTimeout(take, SETTLED_MS);
      else if (found !== null && JSON.stringify(found) === live) {
        note(name, id, { measured: found });
      }
    };
    timer = setTimeout(take, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [name, id, predict, live, wanted]);
}

function ToDo({ task }: { task: Task }) {
  const done = useComputed(task.done).value;
  const busy = useComputed(() => training.value.phase !== 'idle').value;
  return (
    <div class={`todo ${done ? 'done' : ''}`} data-testid="task" data-done={done}>
      <p class="tag">{done ? 'Done' : 'In the lab'}</p>
      <p>
        <Says text={task.says} />
      </p>
      {!done && (
        <div class="buttons">
          <button
            type="button"
            class="button"
            data-testid="do-it"
            disabled={busy}
            onClick={task.help}
          >
            {task.button}
          </button>
        </div>
      )}
    </div>
  );
}

/** How far what is under way is. */
function UnderWay() {
  const { phase, what, fraction } = training.value;
  if (phase === 'idle') return null;
  return (
    <div class="under-way">
      <p class="small muted">{what || 'Preparing the network'}</p>
      <div class="meter" aria-hidden="true">
        <span style={{ width: `${100 * fraction}%` }} />
      </div>
    </div>
  );
}

/** The network that a step begins with was given up while it was made. */
function Missing({ step }: { step: Step }) {
  const missing = useComputed(
    () =>
      network.value === null && training.value.phase === 'idle' && engine.value.phase === 'ready',
  ).value;
  const said = useSignal(false);
  useEffect(() => {
    if (!missing) return;
    // It may be about to be made.
    const timer = setTimeout(() => {
      said.value = true;
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      said.value = false;
    };
  }, [missing]);
  if (!said.value || step.begins === 'nothing') return null;
  return (
    <div class="todo">
      <p>There is no network on screen, but this step needs one.</p>
      <div class="buttons">
        <button type="button" class="button" onClick={() => void bring(step.begins)}>
          Make it
        </button>
      </div>
    </div>
  );
}

export function StepView({ lesson: name, step }: { lesson: string; step: Step }) {
  const { id, title, words, predict, task, after, look, hides } = step;
  const others = useComputed(() => courseOf(name).noted).value;
  const noted = others[id] ?? null;
  const fresh = useSignal(false);
  const answered = noted !== null;
  const revealed = noted !== null && noted.measured !== null;
  const done = useComputed(() => task?.done() ?? true).value;
  useEffect(() => {
    const all = [...(hides ?? []), ...(predict && !answered ? predict.covers : [])];
    covered.value = new Set(all);
    document.documentElement.dataset.covered = all.join(' ');
  }, [hides, predict, answered]);
  useEffect(() => {
    document.documentElement.dataset.look = look;
    show(look);
  }, [look]);
  useBeginning(step);
  useOutcome(name, step, answered && !revealed);
  const answer = (predicted: Answer | null) => {
    fresh.value = true;
    note(name, id, { predicted });
  };
  return (
    <article>
      <h2 tabIndex={-1}>{title}</h2>
      <Paragraphs words={words} />
      {predict && !answered && <Predict asked={predict} onAnswer={answer} />}
      <Missing step={step} />
      {task && <ToDo task={task} />}
      <UnderWay />
      <div aria-live="polite">
        {predict && answered && !revealed && (
          <p class="waiting small muted">
            {done
              ? 'Being measured: the answer comes here.'
              : 'Noted. Once it is done in the lab, the answer comes here.'}
          </p>
        )}
        {predict && noted && revealed && (
          <>
            <Reveal asked={predict} noted={noted} others={others} fresh={fresh.value} />
            {after && <Paragraphs words={after} />}
          </>
        )}
      </div>
      {!predict && after && done && <Paragraphs words={after} />}
    </article>
  );
}
