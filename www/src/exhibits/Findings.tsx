/** Claims of the field, each settled in this browser by a rule that was stated before. */
import { useEffect, useRef } from 'preact/hooks';
import {
  cancelFinding,
  openCell,
  openFindings,
  pauseFinding,
  runFinding,
} from '../laboratoryActions';
import { type FindingView, findings, sought } from '../laboratoryState';
import { Copyable } from './parts/Copyable';
import { describe } from './parts/describe';
import { toneOf, verdictWords } from './parts/findingWords';
import { Intervals } from './parts/Intervals';
import { RunBar } from './parts/RunBar';

function Verdict({ view }: { view: FindingView }) {
  const { judgement, facts } = view;
  if (!judgement) return null;
  const { stands, sentence } = judgement;
  return (
    <div class="settled" data-testid={`verdict-${facts.name}`} data-stands={stands}>
      <p class={`stands ${stands}`}>
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
        <b>{verdictWords(stands)}</b> {sentence}
      </p>
    </div>
  );
}

/** What became of the verdict that a link came with. */
function Sought({ view }: { view: FindingView }) {
  const link = sought.value;
  const { facts, judgement, run } = view;
  if (link?.name !== facts.name || link.verdict === undefined) return null;
  const { verdict } = link;
  const waiting = run.phase === 'none' || run.phase === 'cancelled' || run.phase === 'failed';
  const same = judgement?.digest === verdict;
  return (
    <p
      class={`sought ${judgement && !same ? 'problem' : ''}`}
      role="status"
      data-testid="sought"
      data-same={judgement ? same : undefined}
    >
      {judgement
        ? same
          ? 'Same verdict, bit for bit.'
          : `The sender’s verdict has the digest ${verdict}, the one reached here ${judgement.digest}: some figure differs.`
        : waiting
          ? 'This link came with a verdict. Run it here to see whether your browser comes to the same, bit for bit.'
          : 'Coming to a verdict of its own.'}
    </p>
  );
}

/** Before the verdict: every network with what is measured of it so far. */
function partial(view: FindingView) {
  return view.cells.flatMap(({ trial, outcome }, at) => {
    const eps = trial.asked.adaptive?.at(-1);
    const found = outcome?.adaptive.find((each) => each.eps === eps)?.count ?? outcome?.clean;
    const label = `network ${at + 1}, ${eps === undefined ? 'clean' : `re-attacked at ε ${eps}`}`;
    const tone = eps === undefined ? 'clean' : 'adaptive';
    if (!found) return [{ label, value: 0, low: 0, high: 0, missing: true, tone }];
    return [{ label, value: found.correct / found.total, low: found.low, high: found.high, tone }];
  });
}

function Networks({ view }: { view: FindingView }) {
  const { cells } = view;
  return (
    <details class="networks">
      <summary>The {cells.length} networks it is judged by</summary>
      <ol>
        {cells.map(({ trial, link, outcome }, at) => (
          <li key={at}>
            {describe(trial.recipe).slice(0, -1).join('; ')}.{' '}
            {outcome && (
              <span class="muted">
                digest <code>{outcome.digest}</code>.{' '}
              </span>
            )}
            {link && (
              <a href={`#${link}`} onClick={openCell}>
                Open<span class="heard"> network {at + 1}</span> in the lab
              </a>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}

function Finding({ view }: { view: FindingView }) {
  const { facts, run, judgement, link } = view;
  const { name, title, claim, source, rule, about } = facts;
  const article = useRef<HTMLElement>(null);
  const wanted = sought.value?.name === name;
  useEffect(() => {
    if (wanted) article.current?.scrollIntoView({ block: 'start' });
  }, [wanted]);
  const figures =
    judgement?.figures.map((figure) => ({ ...figure, tone: toneOf(figure.label) })) ??
    partial(view);
  const started = run.phase !== 'none';
  return (
    <article
      class={`finding ${wanted ? 'wanted' : ''}`}
      ref={article}
      aria-labelledby={`${name}-title`}
      data-testid={`finding-${name}`}
      data-phase={run.phase}
      data-verdict={judgement?.digest}
    >
      <div class="says">
        <h3 id={`${name}-title`}>{title}</h3>
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
          testid={`run-${name}`}
          onStart={() => runFinding(name)}
          onPause={(paused) => pauseFinding(name, paused)}
          onCancel={() => cancelFinding(name)}
        >
          {view.cells.length} networks
        </RunBar>
        <Sought view={view} />
        {started && (
          <Intervals
            title={title}
            figures={figures}
            shares
            axis="accuracy, %"
            file={`secateurs-finding-${name}`}
          />
        )}
        <Verdict view={view} />
        {judgement && link && (
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

export function Findings() {
  useEffect(openFindings, []);
  const all = findings.value;
  return (
    <section class="laboratory findings" id="findings" aria-labelledby="findings-title">
      <h2 id="findings-title">Findings</h2>
      <p class="lead">
        What the field says of pruning and robustness, put to the test in your browser. Each claim
        stands in its source’s words, beside the rule that settles it; no verdict is shown before it
        has been computed here from the figures above it.
      </p>
      {all ? (
        all.map((view) => <Finding key={view.facts.name} view={view} />)
      ) : (
        <p class="muted">Fetching the claims.</p>
      )}
    </section>
  );
}
