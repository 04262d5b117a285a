/**
 * Opens and closes the card that shows a figure's arithmetic: one at a time, on pointing, on
 * focus, on a press. Listens to the whole page once, so that a figure needs only its attribute.
 */
import { notify } from '../../engine/notices';
import { arrival } from './arrival';
import { walk } from './walking';

type Cards = typeof import('../arithmetic/Card');

const load = () => import('../arithmetic/Card');

/** So long is pointed at something before its card opens, when none is open. */
const REST_MS = 350;
/** From one figure to the next, and until what is pointed at no more goes away. */
const NEXT_MS = 90;
const LEAVE_MS = 220;

const MISSING = 'What tells where figures come from did not arrive; is the connection down?';

const EXPLAINED = '[data-explains]';
const WALKED = '[data-walked]';

let cards: Cards | null = null;
let fetching: Promise<void> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
/** What has its card open, and what opened it. */
let open: { element: Element; by: 'pointer' | 'focus' | 'press' } | null = null;
/** Focus comes back from a card. */
let returning = false;
/** What the timer will open. */
let next: Element | null = null;

/** The code of the cards; fetched when the page is idle, or when the first one is wanted. */
function fetched(): Promise<void> {
  fetching ??= arrival(load).then(
    (module) => {
      cards = module;
      module.onClosed((back) => {
        const element = open?.element ?? null;
        open = null;
        mark(null);
        if (back) returnTo(element);
      });
    },
    () => {
      // Offline, say: the next figure pointed at tries again.
      fetching = null;
    },
  );
  return fetching;
}

/** Says on the element itself whether its card is open. */
function mark(element: Element | null): void {
  for (const each of document.querySelectorAll('[data-explaining]')) {
    each.removeAttribute('data-explaining');
    each.removeAttribute('aria-describedby');
    if (each.hasAttribute('aria-expanded')) each.setAttribute('aria-expanded', 'false');
  }
  if (!element) return;
  element.setAttribute('data-explaining', '');
  element.setAttribute('aria-describedby', 'arithmetic');
  if (element.hasAttribute('aria-expanded')) element.setAttribute('aria-expanded', 'true');
}

async function show(element: Element, by: 'pointer' | 'focus' | 'press', enter = false) {
  clearTimeout(timer);
  next = null;
  const wanted = { element, by };
  open = wanted;
  if (!cards) await fetched();
  // Something else may have been pointed at while the code was on its way.
  if (open !== wanted || !element.isConnected) return;
  if (!cards) {
    // What is only pointed at is pointed at again; who pressed waits for an answer.
    if (by === 'press') notify('problem', MISSING, () => void show(element, by));
    return;
  }
  mark(element);
  cards.show(element, by === 'press', enter, by === 'focus' && element.closest(WALKED) !== null);
}

function hide(): void {
  clearTimeout(timer);
  next = null;
  if (!open) return;
  open = null;
  mark(null);
  cards?.hide();
}

/** Back to what a card was opened from, which does not open it once more. */
function returnTo(element: Element | null): void {
  returning = true;
  element
    ?.closest<HTMLElement>(`button${EXPLAINED}, [tabindex="0"]`)
    ?.focus({ preventScroll: true });
  returning = false;
}

function later(run: () => void, ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(run, ms);
}

const within = (target: EventTarget | null, selector: string): Element | null =>
  target instanceof Element ? target.closest(selector) : null;

const inCard = (target: EventTarget | null) => within(target, '#arithmetic') !== null;

function onPointerOver(event: PointerEvent): void {
  if (event.pointerType === 'touch') return;
  if (inCard(event.target)) {
    clearTimeout(timer);
    next = null;
    return;
  }
  const element = within(event.target, EXPLAINED);
  // Buttons are held while something is dragged: nothing may open in its way.
  if (element && event.buttons === 0) {
    if (open?.by === 'press' || element === next) return;
    if (element === open?.element) {
      clearTimeout(timer);
      next = null;
      return;
    }
    next = element;
    later(() => void show(element, 'pointer'), open ? NEXT_MS : REST_MS);
  } else {
    next = null;
    if (open?.by === 'pointer') later(hide, LEAVE_MS);
    else clearTimeout(timer);
  }
}

function onPointerDown(event: PointerEvent): void {
  const element = within(event.target, EXPLAINED);
  // What is dragged must not be covered by what it shows.
  if (!inCard(event.target) && (!element || element.matches('input'))) hide();
}

/** A press keeps the card until it is sent away; on what has a press of its own it does not. */
function onClick(event: MouseEvent): void {
  const element = within(event.target, EXPLAINED);
  const taken = within(event.target, 'a, input, select, textarea, label, button, summary');
  if (!element || inCard(event.target) || (taken && taken !== element)) return;
  if (element.matches('input')) return;
  if (open?.by === 'press' && open.element === element) hide();
  // Without a pointer it was a key, and whoever uses keys goes on in the card.
  else void show(element, 'press', event.detail === 0);
}

/** The mark of a walked plot that was looked at last, or its first. */
function markOf(plot: Element): Element | null {
  return plot.querySelector(`${EXPLAINED}[data-visited]`) ?? plot.querySelector(EXPLAINED);
}

function visit(plot: Element, element: Element): void {
  for (const each of plot.querySelectorAll('[data-visited]')) each.removeAttribute('data-visited');
  element.setAttribute('data-visited', '');
  void show(element, 'focus');
}

function onFocusIn({ target }: FocusEvent): void {
  if (returning) return;
  if (!(target instanceof Element) || inCard(target) || !target.matches(':focus-visible')) return;
  if (target.matches(EXPLAINED)) void show(target, 'focus');
  else if (target.matches(WALKED)) {
    const element = markOf(target);
    if (element) visit(target, element);
  }
}

function onFocusOut({ target, relatedTarget }: FocusEvent): void {
  if (open?.by === 'pointer' || inCard(relatedTarget)) return;
  // A card that is kept stays when nothing else takes the focus, as when the window loses it.
  if (open?.by === 'press' && relatedTarget === null) return;
  if (inCard(target) || within(target, `${EXPLAINED}, ${WALKED}`)) hide();
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.key === 'Escape') {
    if (!open) return;
    const from = inCard(document.activeElement) ? open.element : null;
    hide();
    returnTo(from);
    // It was meant for the card: a dialog below it stays open.
    event.stopPropagation();
    event.preventDefault();
    return;
  }
  const { target } = event;
  if (!(target instanceof Element)) return;
  const presses = event.key === 'Enter' || event.key === ' ';
  if (target.matches(WALKED)) {
    const from = markOf(target);
    if (!from) return;
    if (presses) void show(from, 'press', true);
    else {
      const marks = [...target.querySelectorAll(EXPLAINED)];
      const to = walk(marks, from, event.key);
      if (!to) return;
      visit(target, to);
    }
    event.preventDefault();
  } else if (presses && target.matches(`${EXPLAINED}:not(button)`)) {
    void show(target, 'press', true);
    event.preventDefault();
  }
}

/** Opens the card of what is drawn and no element by itself, for whoever asks for it by a key. */
export function explainByKey(element: Element): void {
  void show(element, 'press', true);
}

/** Begins to listen; called once. */
export function explain(): void {
  document.addEventListener('pointerover', onPointerOver);
  document.addEventListener('pointerdown', onPointerDown);
  document.addEventListener('click', onClick);
  document.addEventListener('focusin', onFocusIn);
  document.addEventListener('focusout', onFocusOut);
  // Before the dialogs, which keep keys to themselves.
  document.addEventListener('keydown', onKeyDown, true);
  document.documentElement.addEventListener('pointerleave', () => {
    if (open?.by === 'pointer') later(hide, LEAVE_MS);
  });
  const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 4000));
  // Long after the first screen: what is not asked for waits for what is.
  setTimeout(() => idle(() => void fetched()), 8000);
}
