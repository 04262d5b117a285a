/** A task for a class: what is to be reached, what is met, and the score. */
import { computed, effect, signal, useComputed } from '@preact/signals';
import { openLink } from '../../actions';
import { emptyRecipe } from '../../engine/defaults';
import { keyOf, networkKey } from '../../engine/keys';
import type { TaskSettings } from '../../engine/types';
import { count, halfWidth, percent, share } from '../../plots/measured';
import { figures, network, preview, recipe, training } from '../../state';
import '../../styles/task.css';
import { type Condition, confirmation, type Standing, standing } from '../../teaching/task';
import {
  conditionWords,
  goalWords,
  measuredWords,
  misfitWords,
  SCORES,
} from '../../teaching/taskWords';
import { classLink, endTask, measureAsTask, scoreLink } from '../../teachingActions';
import { claim, teaching } from '../../teachingState';
import { Explained } from '../parts/explained';
import { lazy } from '../parts/lazy';

const CompareLinks = lazy(
  async () => (await import('./CompareLinks')).CompareLinks,
  'The comparison of links',
);

/** How the network on screen stands; null while there is none. */
const stands = computed<Standing | null>(() => {
  const { task } = teaching.value;
  const facts = network.value;
  if (!task || !facts || preview.value) return null;
  const { clean, adaptive, certified } = figures.value;
  const cut = {
    weights: facts.sparsity,
    units: facts.unitsPruned / Math.max(1, facts.units),
    pixels: facts.pixelsPruned / 784,
  };
  return standing(task, { recipe: recipe.value, cut, accuracies: { clean, adaptive, certified } });
});

/** The best of this visit, by task. */
const best = signal<ReadonlyMap<string, { score: number; link: string }>>(new Map());
const comparing = signal(false);
const copied = signal('');

effect(() => {
  const { task } = teaching.value;
  const { counts = false, score = null } = stands.value ?? {};
  const facts = network.value;
  if (!task || !counts || !score || !facts) return;
  const key = keyOf(task);
  if ((best.peek().get(key)?.score ?? 0) >= score.correct) return;
  const { digest } = facts;
  const { correct } = score;
  classLink(teaching.peek(), correct).then(
    (link) => {
      if (network.peek()?.digest !== digest) return;
      best.value = new Map(best.peek()).set(key, { score: correct, link });
    },
    // The core's worker is being replaced; the next change tries again.
    () => {},
  );
});

/** What the conditions are, before there is a network that could meet them. */
const unmeasured = (task: TaskSettings): Condition[] =>
  standing(task, {
    recipe: emptyRecipe(),
    cut: { weights: 0, units: 0, pixels: 0 },
    accuracies: { clean: null, adaptive: null, certified: null },
  }).conditions.map((condition) => ({ ...condition, value: null, met: null }));

function Line({ condition }: { condition: Condition }) {
  const { met } = condition;
  const state = met === null ? 'open' : met ? 'met' : 'unmet';
  return (
    <li class={`condition ${state}`} data-testid={`condition-${condition.key}`} data-met={state}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {met === true && <path d="M1.5 6.5 4.5 9.5 10.5 2.5" />}
        {met === false && <path d="M2.5 2.5 9.5 9.5 M9.5 2.5 2.5 9.5" />}
        {met === null && <path d="M2 6h8" />}
      </svg>
      <span>{conditionWords(condition)}</span>
      <span class="muted">
        {condition.value === null ? '' : `now ${condition.value.toFixed(1)} %`}
        {met === null ? '' : met ? ' · met' : ' · not met'}
      </span>
    </li>
  );
}

function Claimed({ task, now }: { task: TaskSettings; now: Standing | null }) {
  const said = claim.value;
  if (!said) return null;
  const here = said.network === networkKey(recipe.value);
  const state = now && here ? confirmation(said.score, now) : null;
  const claimed = `${percent(said.score / task.images)} % (${count(said.score)} of ${count(task.images)})`;
  return (
    <p class={`claimed ${state ?? ''}`} data-testid="claim" data-state={state ?? 'elsewhere'}>
      {state === null && <>The link claims {claimed} for its own network.</>}
      {state === 'measuring' && <>The link claims {claimed}; being measured again here.</>}
      {state === 'confirmed' && <>The link claims {claimed}: confirmed, image by image.</>}
      {state === 'differs' && (
        <>
          The link claims {claimed}, but here it differs
          {now?.score ? `: ${count(now.score.correct)} images.` : '.'}
        </>
      )}
    </p>
  );
}

export function Task() {
  const { task } = teaching.value;
  const now = stands.value;
  const busy = useComputed(() => training.value.phase !== 'idle').value;
  const top = useComputed(() => (task ? best.value.get(keyOf(task)) : undefined)).value;
  if (!task) return null;
  const figure = now?.score ?? null;
  const copy = async () => {
    if (!figure) return;
    const link = await scoreLink(figure.correct);
    try {
      await navigator.clipboard.writeText(link);
      copied.value = 'Copied.';
    } catch {
      // Some browsers refuse the clipboard; the address bar holds the same link.
      copied.value = 'The link is in the address bar.';
    }
  };
  const conditions = now?.conditions ?? unmeasured(task);
  return (
    <section class="task" aria-labelledby="task-title" data-testid="task">
      <div class="task-words">
        <h2 id="task-title">{goalWords(task)}</h2>
        <p class="small muted">{measuredWords(task)}</p>
      </div>
      <ul class="conditions">
        {conditions.map((condition) => (
          <Line key={condition.key} condition={condition} />
        ))}
      </ul>
      <div
        class="task-score"
        data-testid="task-score"
        data-counts={now?.counts ? 'yes' : 'no'}
        data-score={figure?.correct ?? ''}
      >
        <p>
          <span>{SCORES[task.maximise]}</span>{' '}
          {figure ? (
            <Explained of={['accuracy', task.maximise]}>
              <b class={now?.counts ? '' : 'muted'}>{percent(share(figure))}</b>
              <span class="muted"> ± {halfWidth(figure).toFixed(1)}</span>
            </Explained>
          ) : (
            <b class="muted">–</b>
          )}
        </p>
        <p class="small muted" role="status">
          {now?.fits
            ? misfitWords(now.fits, task)
            : now === null
              ? busy
                ? 'A network is being made.'
                : 'There is no network yet.'
              : now.counts
                ? 'All conditions are met: this counts.'
                : figure
                  ? 'This does not count yet: a condition is not met.'
                  : 'Being measured.'}
        </p>
        {top && (
          <p class="small muted" data-testid="best">
            Best here so far: {percent(top.score / task.images)}{' '}
            <button type="button" class="link" onClick={() => openLink(top.link)}>
              Open it
            </button>
          </p>
        )}
        <Claimed task={task} now={now} />
      </div>
      <div class="buttons">
        {now?.fits && (
          <button type="button" class="button main" onClick={() => measureAsTask(task)}>
            Measure as the task says
          </button>
        )}
        <button
          type="button"
          class={`button ${now?.counts ? 'main' : ''}`}
          data-testid="copy-score"
          disabled={!now?.counts}
          onClick={copy}
        >
          Copy link with my score
        </button>
        <button
          type="button"
          class="button"
          aria-expanded={comparing.value}
          data-testid="compare-links"
          onClick={() => {
            comparing.value = !comparing.value;
          }}
        >
          Compare links
        </button>
        <button type="button" class="button plain" onClick={endTask}>
          End the task
        </button>
        <span class="small muted" role="status">
          {copied.value}
        </span>
      </div>
      {comparing.value && <CompareLinks />}
    </section>
  );
}
