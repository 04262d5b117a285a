/** The card that shows a figure's arithmetic, beside the figure; one at a time. */
import '../../styles/arithmetic.css';
import { signal, useSignalEffect } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { findLogits, takeApart } from '../../engine/apart';
import { image } from '../../state';
import { shown } from '../parts/shown';
import type { CardContent, Worked } from './card';
import { Sign, WorkedOut } from './Formula';
import { formula } from './formulas';
import { contentOf, prepare } from './makers';
import { placed } from './placing';
import { RULES } from './rules';
import { SOURCES, type SourceName } from './sources';

interface Open {
  key: string;
  element: Element;
  /** Stays until it is sent away. */
  kept: boolean;
  /** Takes the focus, for whoever came by keyboard. */
  enter: boolean;
}

const open = signal<Open | null>(null);
let closed: (back: boolean) => void = () => {};
let said: HTMLElement | null = null;
let root: HTMLElement | null = null;

/** What is to happen when a card goes away by itself; `back`: to where the focus came from. */
export function onClosed(run: (back: boolean) => void): void {
  closed = run;
}

/** Opens the card of an element. `aloud`: it is walked to, and nothing else would say it. */
export function show(element: Element, kept: boolean, enter: boolean, aloud: boolean): void {
  const key = element.getAttribute('data-explains') ?? '';
  if (!root) {
    root = document.createElement('div');
    said = document.createElement('p');
    said.className = 'heard';
    said.setAttribute('aria-live', 'polite');
    document.body.append(said);
    render(<Card />, root);
  }
  // Beside a dialog everything is beyond reach, so that the card of a figure in it is in it, too.
  const within = element.closest('dialog') ?? document.body;
  if (root.parentElement !== within) within.append(root);
  prepare(key);
  open.value = { key, element, kept, enter };
  if (aloud && said) {
    const content = contentOf(key);
    said.textContent = content ? `${content.title}: ${content.value}` : '';
  }
}

export function hide(): void {
  open.value = null;
}

/** The symbols of a formula, in words. */
function Legend({ all }: { all: readonly Worked[] }) {
  const seen = new Map<string, string>();
  for (const { of } of all) {
    for (const { sign, words } of Object.values(formula(of).symbols)) {
      if (!seen.has(sign)) seen.set(sign, words);
    }
  }
  if (seen.size === 0) return null;
  return (
    <dl class="legend-of small muted">
      {[...seen].map(([sign, words]) => (
        <div key={sign}>
          <dt>
            <math>
              <Sign sign={sign} />
            </math>
          </dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}

function Rule({ method }: { method: NonNullable<CardContent['rule']> }) {
  const rule = RULES[method];
  if (!rule) return null;
  return (
    <section>
      <h4>how the attack steps</h4>
      {rule.lines.map((line) => (
        <math key={line} display="block">
          <Sign sign={line} />
        </math>
      ))}
      <p class="small muted">{rule.words}</p>
    </section>
  );
}

function Cited({ name, plain }: { name: SourceName; plain: boolean }) {
  const { who, title, where, link } = SOURCES[name];
  return (
    <li>
      <cite>{who}</cite>,{' '}
      {plain ? (
        title
      ) : (
        <a href={link} target="_blank" rel="noreferrer">
          {title}
        </a>
      )}
      {where !== '' && `, ${where}`}
    </li>
  );
}

/** Everything in a card; also of a unit that is pointed at, where no link can be reached. */
export function Body({ content, plain = false }: { content: CardContent; plain?: boolean }) {
  const { what, worked, on, sources, rule } = content;
  const cited = [...new Set([...sources, ...worked.flatMap(({ of }) => formula(of).source ?? [])])];
  return (
    <>
      <p class="what">{what}</p>
      {worked.map((each, at) => (
        <section key={`${each.of} ${at}`}>
          {each.label && <h4>{each.label}</h4>}
          <WorkedOut worked={each} />
        </section>
      ))}
      {rule && <Rule method={rule} />}
      <Legend all={worked} />
      {on.length > 0 && (
        <ul class="measured-on small">
          {on.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {cited.length > 0 && (
        <ul class="cited small muted">
          {cited.map((name) => (
            <Cited key={name} name={name} plain={plain} />
          ))}
        </ul>
      )}
    </>
  );
}

/** Asks for what a card needs of the core, again whenever the image is another one. */
export function useAsked(asks: CardContent['asks']): void {
  const layer = typeof asks === 'object' ? asks.layer : -1;
  const unit = typeof asks === 'object' ? asks.unit : -1;
  const wantsLogits = asks === 'logits';
  useSignalEffect(() => {
    void image.value;
    if (layer >= 0) void takeApart(layer, unit);
    const pixels = shown.value?.adversarial;
    if (wantsLogits && pixels) void findLogits(pixels);
  });
  // Signals tell of images; which unit is asked for is told here.
  useEffect(() => {
    if (layer >= 0) void takeApart(layer, unit);
    const pixels = shown.peek()?.adversarial;
    if (wantsLogits && pixels) void findLogits(pixels);
  }, [layer, unit, wantsLogits]);
}

function Card() {
  const now = open.value;
  const box = useRef<HTMLDivElement>(null);
  const content = now && contentOf(now.key);
  useAsked(content?.asks);
  useEffect(() => {
    // What it explained may have gone, as a plot that is drawn anew without that mark.
    if (now && !now.element.isConnected) {
      const same = document.querySelector(`[data-explains="${CSS.escape(now.key)}"]`);
      if (same) open.value = { ...now, element: same, enter: false };
      else {
        open.value = null;
        closed(false);
      }
    }
  });
  useLayoutEffect(() => {
    const card = box.current;
    if (!now || !card) return;
    if (!card.matches(':popover-open')) card.showPopover?.();
    const place = () => {
      const anchor = now.element.getBoundingClientRect();
      const size = { width: card.offsetWidth, height: card.offsetHeight };
      const { left, top } = placed(anchor, size, { width: innerWidth, height: innerHeight });
      card.style.left = `${left}px`;
      card.style.top = `${top}px`;
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(card);
    // A scrubber shows another look while its card is open, and is what it was.
    const renamed = new MutationObserver(() => {
      const key = now.element.getAttribute('data-explains');
      if (key && key !== now.key) open.value = { ...now, key, enter: false };
    });
    renamed.observe(now.element, { attributeFilter: ['data-explains'] });
    addEventListener('scroll', place, { capture: true, passive: true });
    addEventListener('resize', place);
    return () => {
      observer.disconnect();
      renamed.disconnect();
      removeEventListener('scroll', place, { capture: true });
      removeEventListener('resize', place);
    };
  }, [now]);
  const has = content !== null;
  useEffect(() => {
    if (now?.enter && has) box.current?.focus();
  }, [now, has]);
  if (!now || !content) return null;
  return (
    <div
      ref={box}
      id="arithmetic"
      class="arithmetic"
      popover="manual"
      {...(now.kept
        ? { role: 'dialog' as const, 'aria-label': content.title }
        : { role: 'tooltip' as const })}
      data-testid="arithmetic"
      data-key={now.key}
      data-kept={now.kept}
      tabIndex={-1}
    >
      <div class="head">
        <h3>{content.title}</h3>
        <p class="value">{content.value}</p>
        {now.kept && (
          <button
            type="button"
            class="button plain icon"
            aria-label="Close"
            onClick={() => {
              open.value = null;
              closed(true);
            }}
          >
            ×
          </button>
        )}
      </div>
      <Body content={content} />
    </div>
  );
}
