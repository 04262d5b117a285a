/**
 * Has the page speak another language: every text is looked up on its way into the document, so
 * that whoever writes an exhibit writes plain English in its place.
 */
import { type ComponentChildren, Fragment, options, type VNode } from 'preact';
import { ELEMENT, type Translator } from './translator';

/** Attributes that are read to, or shown to, a visitor. */
const READ = [
  'title',
  'aria-label',
  'aria-valuetext',
  'aria-roledescription',
  'alt',
  'placeholder',
];
/** What is in them is no language, or the visitor's own. */
const SILENT = new Set(['code', 'textarea', 'script', 'style']);
const FIRST = 0xe000;

export function speak(translator: Translator, language: string): void {
  const { documentElement } = document;
  documentElement.lang = language;
  documentElement.dir = isRightToLeft(language) ? 'rtl' : 'ltr';
  document.title = translator.say(document.title);

  const before = options.vnode;
  options.vnode = (vnode) => {
    translate(vnode, translator);
    before?.(vnode);
  };

  // Words that are drawn.
  const { prototype } = CanvasRenderingContext2D;
  const { fillText, measureText } = prototype;
  prototype.fillText = function (text, ...place) {
    fillText.call(this, translator.say(text), ...place);
  };
  prototype.measureText = function (text) {
    return measureText.call(this, translator.say(text));
  };
}

function isRightToLeft(language: string): boolean {
  return ['ar', 'dv', 'fa', 'he', 'ps', 'ur', 'yi'].includes(language.split('-')[0] ?? '');
}

function translate(vnode: VNode<object>, translator: Translator): void {
  const props = vnode.props as Record<string, unknown> & { children?: ComponentChildren };
  const { type } = vnode as { type: unknown };
  const isElement = typeof type === 'string';
  if (isElement && (SILENT.has(type) || props.translate === 'no')) return;
  if (isElement) {
    for (const name of READ) {
      const text = props[name];
      if (typeof text === 'string') props[name] = translator.say(text);
    }
  }
  // What components are given they hand to elements.
  if (isElement || type === Fragment) {
    if ('children' in props) props.children = spoken(props.children, translator);
  }
}

function spoken(children: ComponentChildren, translator: Translator): ComponentChildren {
  if (typeof children === 'string') return translator.say(children);
  if (!Array.isArray(children)) return children;
  const text = children.map((child, at) =>
    isText(child) ? String(child) : isNothing(child) ? '' : String.fromCharCode(FIRST + at),
  );
  if (children.some((child) => typeof child === 'string')) {
    // Elements before and behind the words are none of the text.
    const first = children.findIndex(isText);
    const last = children.findLastIndex(isText);
    for (const [from, to] of [
      [0, children.length - 1],
      [first, last],
    ] as const) {
      const said = translator.tell(text.slice(from, to + 1).join(''));
      if (!said.whole) continue;
      const parts = said.text.split(new RegExp(`(${ELEMENT.source})`)).filter(Boolean);
      const put = parts.map((part) =>
        ELEMENT.test(part) ? children[part.charCodeAt(0) - FIRST] : part,
      );
      return nested([...children.slice(0, from), ...put, ...children.slice(to + 1)], translator);
    }
    return nested(
      children.map((child) => (typeof child === 'string' ? translator.say(child) : child)),
      translator,
    );
  }
  return nested(children, translator);
}

const isText = (child: unknown) => typeof child === 'string' || typeof child === 'number';
const isNothing = (child: unknown) => child === null || child === undefined || child === false;

function nested(children: ComponentChildren[], translator: Translator): ComponentChildren[] {
  return children.map((child) => (Array.isArray(child) ? spoken(child, translator) : child));
}
