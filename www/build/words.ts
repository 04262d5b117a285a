/**
 * Collects the texts of the page from its sources: what stands between tags, what is said in
 * attributes, and every literal that may be shown, with `{0}`, `{1}`, … for what is set into it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

/** Texts by where they stand; a text of several places stands where it comes first. */
export type Catalogue = Record<string, Record<string, string>>;

type Node = { type: string; [key: string]: unknown };

/** Attributes of elements that a visitor sees or hears. */
const READ = /^(title|aria-label|aria-valuetext|aria-roledescription|alt|placeholder|label)$/;
/** Attributes of components that none does. */
const UNREAD = /^(class|className|name|id|key|data-.*|kind|type|role|file|path|value|what)$/;
/** Properties whose single words are names for the program. */
const NAMES =
  /^(kind|phase|type|name|key|by|method|value|step|stage|set|norm|against|from|role|align|class|className|figure|id|state|file|mode|state|subject|panel|view|job|loss|on|start|goal|of|cache)$/;
/** Calls that are about the document or the program. */
const CALLS =
  /^(addEventListener|removeEventListener|createObjectStore|objectStore|Troubled|querySelector|querySelectorAll|getElementById|getContext|matchMedia|createElement|createElementNS|setAttribute|getAttribute|removeAttribute|getPropertyValue|setProperty|call|ask|get|set|has|includes|startsWith|endsWith|indexOf|split|match|test|replace|replaceAll|matches|closest|postMessage|localStorage|getItem|setItem|removeItem|toggle|import|URL|RegExp|Worker|fetch|meaningful|optionLabel|property|control|append|terms|job|lineWords|digest|script)$/;
const COMPARISONS = /^(===|!==|==|!=|in|instanceof)$/;

const WORD = /\p{L}{2,}/u;
/** What looks like a name in a program, a path, an address, or a piece of CSS or SVG. */
const CODE =
  /^(sha256-|Arrow\w+$|Escape$|Enter$|Home$|End$|Page(Up|Down)$|--|\.{0,2}\/|#|data-|https?:|[a-z]+[A-Z_]\w*$|[a-z]+(-[a-z0-9]+)+$|[\w.-]+\/[\w.-]+$|(var|rgb|translate|rotate|scale|calc|matrix)\(|[MLHVCZmlhvcz] ?[\d.-])|[{};]\s*$|=>|^\W*$|\.(json|csv|svg|png|npz|bin)$/;

export interface Sources {
  /** Folders of the page's sources and of the core's. */
  page: string;
  core: string;
  /** What the core tells the page's build. */
  tables: Record<string, unknown>;
}

export function collect({ page, core, tables }: Sources): Catalogue {
  const found = new Map<string, string>();
  const add = (text: string, place: string) => {
    const bare = text
      .replaceAll('\u00a0', ' ')
      .replace(/^[\s,;:·]+/, '')
      .trim();
    if (WORD.test(bare.replace(/\{\d+\}/g, '')) && !found.has(bare)) found.set(bare, place);
  };
  for (const path of files(page, /^(?!generated\/|words\/|serviceWorker).*\.tsx?$/)) {
    const { program } = parseSync(path, readFileSync(join(page, path), 'utf8'));
    const place = path.replace(/\.tsx?$/, '');
    visit(program, [], (text) => add(text, place));
  }
  for (const [place, value] of Object.entries(tables)) {
    for (const text of texts(value)) add(text, place);
  }
  for (const path of files(core, /^(?!bin\/|kernel\/|.*tests\/).*\.rs$/)) {
    const place = `core/${path.slice(0, -'.rs'.length)}`;
    const code = readFileSync(join(core, path), 'utf8');
    for (const text of sentences(code, path.startsWith('findings/'))) add(text, place);
  }
  const catalogue: Catalogue = {};
  for (const [text, place] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    catalogue[place] = { ...catalogue[place], [text]: text };
  }
  return Object.fromEntries(Object.entries(catalogue).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function files(folder: string, wanted: RegExp): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return all
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => wanted.test(path))
    .sort();
}

/** The sentences, and perhaps the names of one word, that a file of the core may give. */
function sentences(code: string, names: boolean): string[] {
  const [own = ''] = code.split('#[cfg(test)]');
  const bare = own.replace(/^\s*(\/\/|#!?\[).*$/gm, '').replace(/(expect|reason) = ".*?"/g, '');
  const literals = [...bare.matchAll(/"((?:[^"\\]|\\[\s\S])*)"/g)];
  return literals
    .map(([, literal = '']) => plain(literal))
    .filter((text) => / \p{L}{2}|\p{L}{2} /u.test(text) || (names && /^\p{L}{4,}$/u.test(text)))
    .filter((text) => !/[=&]/.test(text));
}

/** A literal of Rust as the text that comes of it. */
function plain(literal: string): string {
  let holes = 0;
  return literal
    .replace(/\\\n\s*/g, '')
    .replace(/\\"/g, '"')
    .replace(/\{\{|\}\}/g, (pair) => pair[0] ?? '')
    .replace(/\{[\w.:?#]*\}/g, () => `{${holes++}}`)
    .trim();
}

/** The texts in tables that the core gives: whatever is no name. */
function texts(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return isName(key, value) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((one) => texts(one, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => texts(inner, name));
}

const isName = (key: string, value: string) =>
  /^(name|value|what|group|kind|default|needs|type)$/.test(key) && !value.includes(' ');

function visit(node: unknown, above: readonly Node[], add: (text: string) => void): void {
  if (Array.isArray(node)) {
    for (const one of node) visit(one, above, add);
    return;
  }
  if (typeof node !== 'object' || node === null || typeof (node as Node).type !== 'string') return;
  const here = node as Node;
  if (
    /^(TS|Import|Export(Named|All))/.test(here.type) &&
    !/^(TSAs|TSSat|TSNon|ExportNamed)/.test(here.type)
  )
    return;
  if (here.type === 'JSXElement' || here.type === 'JSXFragment') add(sequence(here));
  if (here.type === 'Literal' && typeof here.value === 'string') {
    if (isShown(here.value, above)) add(here.value);
  }
  if (here.type === 'TemplateLiteral') {
    const quasis = here.quasis as { value: { cooked: string } }[];
    const text = quasis
      .map(({ value }, at) => (at > 0 ? `{${at - 1}}` : '') + value.cooked)
      .join('');
    if (isShown(text, above)) add(text);
  }
  if (here.type === 'BinaryExpression' && COMPARISONS.test(String(here.operator))) return;
  if (here.type === 'JSXAttribute' && !isRead(here, above)) return;
  const inside = [...above, here];
  for (const [key, value] of Object.entries(here)) {
    if (key === 'property' || (key === 'key' && here.type === 'Property')) continue;
    if (here.type === 'SwitchCase' && key === 'test') continue;
    if (here.type === 'JSXText' || key === 'openingFragment' || key === 'typeAnnotation') continue;
    visit(value, inside, add);
  }
}

/** What stands between the tags of an element, as one text; elements at its ends are none of it. */
function sequence(element: Node): string {
  const children = (element.children as Node[]).map((child) => ({ child, text: between(child) }));
  const said = children.filter(({ text }) => text !== '');
  while (said[0] && isElement(said[0].child)) said.shift();
  for (let last = said.at(-1); last && isElement(last.child); last = said.at(-1)) said.pop();
  let holes = 0;
  return said.map(({ text }) => (text === null ? `{${holes++}}` : text)).join('');
}

const isElement = ({ type }: Node) => type === 'JSXElement' || type === 'JSXFragment';

/** Null where something is set in. */
function between(child: Node): string | null {
  if (child.type === 'JSXText') return lines(String(child.value));
  if (child.type !== 'JSXExpressionContainer') return null;
  const expression = child.expression as Node;
  if (expression.type === 'JSXEmptyExpression') return '';
  if (expression.type === 'Literal' && typeof expression.value === 'string')
    return expression.value;
  return null;
}

/** As JSX does: line breaks with the spaces around them are none, or one space between words. */
function lines(text: string): string {
  const all = text.split('\n');
  return all
    .map((line, at) => {
      const start = at > 0 ? line.trimStart() : line;
      return at < all.length - 1 ? start.trimEnd() : start;
    })
    .filter((line) => line !== '')
    .join(' ');
}

function isRead(attribute: Node, above: readonly Node[]): boolean {
  const name = String((attribute.name as Node).name);
  const tag = above.at(-1)?.name as Node | undefined;
  const isComponent = /^[A-Z]/.test(String(tag?.name ?? 'A'));
  return READ.test(name) || (isComponent && !UNREAD.test(name));
}

function isShown(text: string, above: readonly Node[]): boolean {
  const given = text.replace(/\{\d+\}/g, '').trim();
  if (!WORD.test(given) || CODE.test(given)) return false;
  const parent = above.at(-1);
  if (parent?.type === 'ExpressionStatement') return false;
  const call = above.findLast(({ type }) => /^(Call|New)Expression$/.test(type));
  const isArgument =
    call &&
    (call.arguments as unknown[]).some((one) => above.includes(one as Node) || parent === call);
  if (isArgument) {
    const callee = call.callee as Node;
    const name = String((callee.property as Node | undefined)?.name ?? callee.name ?? '');
    if (CALLS.test(name) && parent === call) return false;
  }
  if (/\s/.test(given)) return true;
  const named = above.findLast(({ type }) => type === 'Property');
  if (named && parent === named) return !NAMES.test(String((named.key as Node).name));
  return true;
}
