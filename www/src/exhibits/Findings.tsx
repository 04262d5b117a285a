/** Claims of the field, each settled in this browser by a rule that was stated before. */
import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ownImages } from '../bring/state';
import { farmSize } from '../engine/farm';
import { count, seconds } from '../plots/measured';
import { recipe, training } from '../state';
import {
  cancelFinding,
  NOT_OF_MNIST,
  openCell,
  openFindings,
  pauseFinding,
  runFinding,
} from '../trialsActions';
import { type FindingView, findings, pace, sought } from '../trialsState';
import '../styles/findings.css';
import { Copyable } from './parts/Copyable';
import { describe } from './parts/describe';
import { FindingPlot } from './parts/FindingPlot';
import { narrow } from './parts/hooks';
import { RunBar } from './parts/RunBar';

function Tick({ met }: { met: boolean }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path d={met ? 'M1.5 6.5 4.5 10 10.5 2' : 'M2 2l8 8M10 2l-8 8'} />
    </svg>
  );
}

/** A verdict's first words, which say whether the claim holds. */
const FIRST = /^(Holds only for|Holds|Does not hold):?/;

function Settled({ view }: { view: FindingView }) {
  const { verdict, facts } = view;
  if (!verdict) return null;
  const { stands, sentence, clauses } = verdict;
  const [first = ''] = sentence.match(FIRST) ?? [];
  return (
    <div class="settled" data-testid={`verdict-${facts.name}`} data-stands={stands}>
      <p class="stands">
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
          {stands === 'holds' && <path d="M2 8.5 6.5 13 14 3" />}
          {stands === 'only' && (
            <>
              <circle cx="8" cy="8" r="6.5" />
              <path class="half" d="M8 1.5a6.5 6.5 0 0 1 0 13z" />
            </>
          )}
          {stands === 'fails' && <path d="M3 3l10 10M13 3 3 13" />}
        </svg>
        <b>{first}</b>
        {sentence.slice(first.length)}
      </p>
      {clauses.length > 0 && (
        <ul class="checked" aria-label="The rule, clause by clause">
          {clauses.map(({ says, met }) => (
            <li key={says}>
              <Tick met={met} />
              <span>
                <span class="heard">{met ? 'Met: ' : 'Not met: '}</span>
                {says}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What became of the verdict that a link came with. */
function Sought({ view }: { view: FindingView }) {
  const link = sought.value;
  const { facts, verdict, run } = view;
  if (link?.name !== facts.name || link.verdict === undefined) return null;
  const same = verdict?.digest === link.verdict;
  const waiting = run.phase !== 'running' && run.phase !== 'paused';
  return (
    <p
      class={`sought ${verdict && !same ? 'problem' : ''}`}
      role="status"
      data-testid="sought"
      data-same={verdict ? same : undefined}
    >
      {verdict
        ? same
          ? 'Same verdict, bit for bit.'
          : `The sender’s verdict has the digest ${link.verdict}, the one reached here ${verdict.digest}: some figure differs.`
        : waiting
          ? 'This link came with a verdict. Run it here to see whether your browser comes to the same, bit for bit.'
          : 'Coming to a verdict of its own, to compare it with the sender’s.'}
    </p>
  );
}

/** Every network, one label after the other, to be opened. */
function Networks({ view }: { view: FindingView }) {
  const { cells } = view;
  return (
    <details class="networks">
      <summary>The {cells.length} networks it is judged by, each to be opened in the lab</summary>
      <ol>
        {cells.map(({ trial, link, outcome }) => (
          <li key={`${trial.label} ${trial.seed}`}>
            {trial.label}, seed {trial.seed}.{' '}
            <a href={`#${link}`} onClick={openCell}>
              Open<span class="heard"> {`${trial.label}, seed ${trial.seed}`}</span> in the lab
            </a>
            <p class="small muted">
              {describe(trial.recipe).slice(1, -1).join('; ')}
              {outcome && (
                <>
                  . Digest <code>{outcome.digest}</code>
                </>
              )}
            </p>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Finding({ view }: { view: FindingView }) {
  const { facts, run, verdict, link, cells } = view;
  const { name, title, claim, source, rule, about } = facts;
  const article = useRef<HTMLElement>(null);
  const wanted = sought.value?.name === name;
  useEffect(() => {
    if (wanted) article.current?.scrollIntoView({ block: 'start' });
  }, [wanted]);
  const arms = useMemo(
    () => cells.map(({ trial, outcome }) => ({ label: trial.label, asked: trial.asked, outcome })),
    [cells],
  );
  const own = useComputed(() => ownImages.value !== null).value;
  const seeds = new Set(cells.map(({ trial }) => trial.seed)).size;
  const images = cells[0]?.trial.recipe.measure.images ?? 0;
  const expected = useComputed(() => {
    const rate = pace.value ?? trainingPace();
    return rate === null ? null : Math.max(5, 5 * Math.round(facts.cost / rate / 5));
  }).value;
  return (
    <article
      class="finding"
      ref={article}
      aria-labelledby={`${name}-title`}
      data-testid={`finding-${name}`}
      data-phase={run.phase}
      data-verdict={verdict?.digest}
    >
      <div class="says">
        <h3 id={`${name}-title`} class={wanted ? 'wanted-title' : undefined}>
          {title}
        </h3>
        <figure>
          <blockquote>
            <p>{claim}</p>
          </blockquote>
          <figcaption>{source}</figcaption>
        </figure>
        <p>{about}</p>
        <p class="rule-of">
          <b>Rule.</b> {rule}
        </p>
      </div>
      <div class="shows">
        <RunBar
          run={run}
          start="Run it here"
          about={title}
          disabled={own}
          testid={`run-${name}`}
          onStart={() => runFinding(name)}
          onPause={(paused) => pauseFinding(name, paused)}
          onCancel={() => cancelFinding(name)}
        >
          {cells.length} networks{seeds > 1 && ` from ${seeds} seeds`}
          {expected !== null && `, about ${seconds(expected)} in this browser`}
        </RunBar>
        <Sought view={view} />
        {/* Its frame alone would fill a phone. */}
        {(run.phase !== 'none' || !narrow.value) && (
          <FindingPlot
            name={name}
            title={title}
            arms={arms}
            figures={verdict?.figures ?? NOTHING}
            file={`secateurs-finding-${name}`}
          />
        )}
        {run.phase !== 'none' && (
          <p class="small muted">
            Accuracy on {count(images)} test images.{' '}
            {verdict
              ? `Bars are 95 % intervals${seeds > 1 ? ' over the seeds, fine marks single seeds' : ''}.`
              : 'So far; there is no verdict before every network is measured.'}
          </p>
        )}
        <div role="status">
          <Settled view={view} />
        </div>
        {verdict && link && (
          <Copyable
            label="A link to this finding and its verdict"
            value={link}
            testid={`link-${name}`}
          />
        )}
        <Networks view={view} />
      </div>
    </article>
  );
}

const NOTHING: readonly never[] = [];

/** An image that an attack looks at takes about twice as long as one that is trained on. */
const ATTACKED = 0.5;

/** Before anything was run here, the lab's own training tells how fast this browser is. */
function trainingPace(): number | null {
  const { imagesPerSecond } = training.value;
  const newest = recipe.value.steps.findLast(({ step }) => step === 'train' || step === 'learn');
  const plain = newest?.step === 'train' && newest.against === 'none';
  return plain && imagesPerSecond > 0 ? ATTACKED * imagesPerSecond * farmSize() : null;
}

export function Findings() {
  useEffect(openFindings, []);
  const all = findings.value;
  const own = useComputed(() => ownImages.value !== null).value;
  return (
    <section class="trials findings" id="findings" aria-labelledby="findings-title">
      <h2 id="findings-title">Findings</h2>
      <p class="lead">
        What the field says of pruning and robustness, put to the test in your browser. Each claim
        stands in its source’s words, beside the rule that settles it; no verdict is shown before it
        has been computed here, from the figures above it.
      </p>
      {own && (
        <p class="note" role="status" data-testid="not-of-mnist">
          {NOT_OF_MNIST}
        </p>
      )}
      {all ? (
        all.map((view) => <Finding key={view.facts.name} view={view} />)
      ) : (
        <p class="muted">Fetching the claims.</p>
      )}
    </section>
  );
}
