/**
 * Formulas as trees. From one tree come the formula in symbols, the formula with numbers in it, and
 * its value: so what is shown cannot be another formula than the one that gives the result.
 */

export type Expression = number | string | Node;

export type Node =
  | { is: 'sum'; of: readonly Expression[] }
  | { is: 'less'; of: readonly [Expression, Expression] }
  | { is: 'product'; of: readonly Expression[] }
  | { is: 'over'; of: readonly [Expression, Expression] }
  | { is: 'root'; of: readonly [Expression] }
  | { is: 'power'; of: readonly [Expression, Expression] }
  | { is: 'size'; of: readonly [Expression] }
  | { is: 'call'; name: keyof typeof CALLS; of: readonly Expression[] }
  /** Both ends of an interval. */
  | { is: 'give-or-take'; of: readonly [Expression, Expression] }
  /** Over lists, with what is not told one by one as a number of its own. */
  | { is: 'series'; over: string; of: readonly [Expression]; rest?: string }
  /** Numbers that stand for themselves; only `filled` makes them. */
  | { is: 'number'; value: number; shown?: string }
  | { is: 'dots' };

/** What symbols stand for; lists where a series runs over them. */
export type Given = Readonly<Record<string, number | readonly number[]>>;

/** An interval, or a single number. */
export type Value = number | readonly [number, number];

const CALLS = {
  ln: ([a = 0]: number[]) => Math.log(a),
  exp: ([a = 0]: number[]) => Math.exp(a),
  max: (of: number[]) => Math.max(...of),
  // As the core counts: never more than the share, whatever rounding does to it.
  floor: ([a = 0]: number[]) => Math.floor(a + 1e-9),
  clip: ([a = 0]: number[]) => Math.min(1, Math.max(0, a)),
};

export const sum = (...of: Expression[]): Node => ({ is: 'sum', of });
export const less = (a: Expression, b: Expression): Node => ({ is: 'less', of: [a, b] });
export const product = (...of: Expression[]): Node => ({ is: 'product', of });
export const over = (a: Expression, b: Expression): Node => ({ is: 'over', of: [a, b] });
export const root = (a: Expression): Node => ({ is: 'root', of: [a] });
export const power = (a: Expression, b: Expression): Node => ({ is: 'power', of: [a, b] });
export const squared = (a: Expression): Node => power(a, 2);
export const size = (a: Expression): Node => ({ is: 'size', of: [a] });
export const call = (name: keyof typeof CALLS, ...of: Expression[]): Node => ({
  is: 'call',
  name,
  of,
});
export const giveOrTake = (a: Expression, b: Expression): Node => ({
  is: 'give-or-take',
  of: [a, b],
});
export const series = (over: string, of: Expression, rest?: string): Node => ({
  is: 'series',
  over,
  of: [of],
  ...(rest === undefined ? {} : { rest }),
});

const single = (given: Given, name: string): number => {
  const value = given[name];
  if (typeof value !== 'number') throw new Error(`“${name}” is no number of this formula.`);
  return value;
};

/** Every list of a series at one place. */
function at(given: Given, place: number): Given {
  const entries = Object.entries(given).map(([name, value]) => [
    name,
    typeof value === 'number' ? value : (value[place] ?? Number.NaN),
  ]);
  return Object.fromEntries(entries) as Given;
}

/** How long the lists are that an expression speaks of. */
function lengthOf(expression: Expression, given: Given): number {
  if (typeof expression === 'number') return 0;
  if (typeof expression === 'string') {
    const value = given[expression];
    return value === undefined || typeof value === 'number' ? 0 : value.length;
  }
  const parts: readonly Expression[] = 'of' in expression ? expression.of : [];
  return Math.max(0, ...parts.map((part) => lengthOf(part, given)));
}

/** `side` is that of an interval: −1 for its lower end. */
function valueOn(expression: Expression, given: Given, side: -1 | 1): number {
  if (typeof expression === 'number') return expression;
  if (typeof expression === 'string') return single(given, expression);
  if (expression.is === 'number') return expression.value;
  if (expression.is === 'dots') throw new Error('Dots have no value.');
  if (expression.is === 'series') {
    const [of] = expression.of;
    const count = lengthOf(of, given);
    let total = expression.rest === undefined ? 0 : single(given, expression.rest);
    for (let place = 0; place < count; place++) total += valueOn(of, at(given, place), side);
    return total;
  }
  const of = expression.of.map((part) => valueOn(part, given, side));
  const [a = 0, b = 0] = of;
  switch (expression.is) {
    case 'sum':
      return of.reduce((total, part) => total + part, 0);
    case 'less':
      return a - b;
    case 'product':
      return of.reduce((total, part) => total * part, 1);
    case 'over':
      return a / b;
    case 'root':
      return Math.sqrt(a);
    case 'power':
      return a ** b;
    case 'size':
      return Math.abs(a);
    case 'give-or-take':
      return a + side * b;
    case 'call':
      return CALLS[expression.name](of);
  }
}

const hasSides = (expression: Expression): boolean =>
  typeof expression === 'object' &&
  (expression.is === 'give-or-take' || ('of' in expression && expression.of.some(hasSides)));

/** What a formula comes to. */
export function evaluate(expression: Expression, given: Given): Value {
  const high = valueOn(expression, given, 1);
  return hasSides(expression) ? [valueOn(expression, given, -1), high] : high;
}

/** Longer series are told by their first terms and the last. */
const MOST_TERMS = 4;

/** The same formula with numbers in the place of symbols. */
export function filled(expression: Expression, given: Given): Expression {
  if (typeof expression === 'number') return expression;
  if (typeof expression === 'string') return { is: 'number', value: single(given, expression) };
  if (expression.is === 'number' || expression.is === 'dots') return expression;
  if (expression.is === 'series') {
    const [of] = expression.of;
    const count = lengthOf(of, given);
    const terms: Expression[] = [];
    for (let place = 0; place < count; place++) {
      if (count <= MOST_TERMS || place < MOST_TERMS - 2 || place === count - 1) {
        terms.push(filled(of, at(given, place)));
      } else if (place === MOST_TERMS - 2) terms.push({ is: 'dots' });
    }
    if (expression.rest !== undefined) {
      terms.push({ is: 'number', value: single(given, expression.rest), shown: 'others' });
    }
    const [only] = terms;
    return terms.length === 1 && only !== undefined
      ? { is: 'number', value: valueOn(expression, given, 1) }
      : { is: 'sum', of: terms };
  }
  const of = expression.of.map((part) => filled(part, given));
  return { ...expression, of } as unknown as Node;
}
