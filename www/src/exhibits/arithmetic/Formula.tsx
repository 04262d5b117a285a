/** Formulas as MathML, which every browser draws by itself: in symbols, and with numbers. */
import { type ComponentChildren, Fragment, type VNode } from 'preact';
import { count, percent } from '../../plots/measured';
import type { Worked } from './card';
import { type Expression, filled, type Value } from './expression';
import { type Formula, formula } from './formulas';

/** As words, because an attribute that is false would be left out, and then it stretches. */
const FLAT = { stretchy: 'false' as unknown as boolean };
const HIGH = { stretchy: 'true' as unknown as boolean };

/** As many digits as let a reader check the sum; a number that is not whole never looks whole. */
function digits(value: number): string {
  if (Number.isInteger(value)) return count(value);
  if (Math.abs(value) >= 10_000) return count(value);
  for (let many = 4; many < 8; many++) {
    const text = `${Number(value.toPrecision(many))}`;
    if (!Number.isInteger(Number(text))) return text;
  }
  return `${Number(value.toPrecision(8))}`;
}

/** Numbers this small are written as a product with a power of ten. */
const isTiny = (value: number) => value > 0 && value < 1e-4;

/** A number of no sign. */
function Amount({ value }: { value: number }) {
  if (value === Number.POSITIVE_INFINITY) return <mi>∞</mi>;
  if (isTiny(value)) {
    const [mantissa = '', exponent = ''] = value.toExponential(2).split('e');
    return (
      <mrow>
        <mn>{mantissa}</mn>
        <mo>·</mo>
        <msup>
          <mn>10</mn>
          <mn>{exponent.replace('-', '−').replace('+', '')}</mn>
        </msup>
      </mrow>
    );
  }
  return <mn>{digits(value)}</mn>;
}

const WORD = /^[A-Za-z]{3,}$/;

/** What stands below or above: letters are variables of their own, words are words. */
function Small({ text }: { text: string }) {
  if (WORD.test(text)) return <mtext>{text}</mtext>;
  return (
    <mrow>
      {[...text].map((char, at) =>
        /\p{L}/u.test(char) ? (
          <mi key={at}>{char}</mi>
        ) : /\d/.test(char) ? (
          <mn key={at}>{char}</mn>
        ) : (
          <mo key={at}>{char}</mo>
        ),
      )}
    </mrow>
  );
}

const TOKENS = /(~?)([A-Za-z]{2,}|[^\s_~])(?:_(?:\{([^}]*)\}|([\p{L}\d∞±]+)))?/gu;

/** A sign as it is written in the table of formulas. */
export function Sign({ sign }: { sign: string }) {
  const parts = [...sign.matchAll(TOKENS)].map(([, tilde, base = '', braced, plain], at) => {
    const letter = /^\p{L}/u.test(base);
    const own = letter ? (
      <mi>{base}</mi>
    ) : /^\d/.test(base) ? (
      <mn>{base}</mn>
    ) : (
      <mo {...FLAT}>{base}</mo>
    );
    const whole = tilde ? (
      <mover accent={true}>
        {own}
        <mo {...FLAT}>~</mo>
      </mover>
    ) : (
      own
    );
    const below = braced ?? plain;
    return below ? (
      <msub key={at}>
        {whole}
        <Small text={below} />
      </msub>
    ) : (
      <mrow key={at}>{whole}</mrow>
    );
  });
  return <mrow>{parts}</mrow>;
}

type Signs = Formula['symbols'];

/** How tightly an operator holds its parts together. */
const TIES = { sum: 1, product: 2, sign: 3 } as const;

/** Without its sign, and whether it had one. */
function unsigned(part: Expression): { negative: boolean; rest: Expression } {
  if (typeof part === 'number') return { negative: part < 0, rest: Math.abs(part) };
  if (typeof part === 'string') return { negative: false, rest: part };
  if (part.is === 'number') {
    return { negative: part.value < 0, rest: { ...part, value: Math.abs(part.value) } };
  }
  if (part.is === 'product') {
    const [first, ...others] = part.of;
    if (first === undefined) return { negative: false, rest: part };
    const { negative, rest } = unsigned(first);
    // Minus one times something is minus something.
    const [only] = others;
    if (rest === 1 && others.length === 1 && only !== undefined) return { negative, rest: only };
    return { negative, rest: { is: 'product', of: [rest, ...others] } };
  }
  return { negative: false, rest: part };
}

/** Whether it is higher than a line. */
const tall = (part: Expression): boolean =>
  typeof part === 'object' &&
  (part.is === 'over' ||
    part.is === 'root' ||
    part.is === 'series' ||
    (part.is === 'number' && part.shown !== undefined) ||
    ('of' in part && part.of.some(tall)));

function inBrackets(inner: ComponentChildren, high: boolean): VNode {
  return (
    <mrow>
      <mo {...(high ? HIGH : FLAT)}>(</mo>
      {inner}
      <mo {...(high ? HIGH : FLAT)}>)</mo>
    </mrow>
  );
}

/** A number; one that is written as a product is not raised to a power without brackets. */
const amount = (value: number, ties: number) =>
  ties >= TIES.sign && isTiny(value) ? (
    inBrackets(<Amount value={value} />, true)
  ) : (
    <Amount value={value} />
  );

/** `signs` of the symbols; `ties`: how tightly what is around holds. */
function drawn(part: Expression, signs: Signs, ties = 0): VNode {
  const { negative, rest } = unsigned(part);
  if (negative) {
    const whole = (
      <mrow>
        <mo>−</mo>
        {drawn(rest, signs, TIES.product)}
      </mrow>
    );
    return ties > 0 ? inBrackets(whole, tall(rest)) : whole;
  }
  if (typeof rest === 'number') return amount(rest, ties);
  if (typeof rest === 'string') return <Sign sign={signs[rest]?.sign ?? rest} />;
  switch (rest.is) {
    case 'number':
      return rest.shown === undefined ? (
        amount(rest.value, ties)
      ) : (
        <munder>
          <Amount value={rest.value} />
          <mtext>{rest.shown}</mtext>
        </munder>
      );
    case 'dots':
      return <mo>⋯</mo>;
    case 'sum':
    case 'less':
    case 'give-or-take': {
      const between = { sum: '+', less: '−', 'give-or-take': '±' }[rest.is];
      const whole = (
        <mrow>
          {rest.of.map((term, at) => {
            if (at === 0) return <Fragment key={at}>{drawn(term, signs)}</Fragment>;
            const own = unsigned(term);
            const plain = rest.is === 'sum';
            const sign = plain && own.negative ? '−' : between;
            return (
              <Fragment key={at}>
                <mo>{sign}</mo>
                {drawn(plain ? own.rest : term, signs, TIES.sum)}
              </Fragment>
            );
          })}
        </mrow>
      );
      // A sum holds more loosely than whatever is around it, but for another sum's first term.
      return ties > TIES.sum || (ties === TIES.sum && rest.is !== 'sum')
        ? inBrackets(whole, tall(rest))
        : whole;
    }
    case 'product': {
      const whole = (
        <mrow>
          {rest.of.map((factor, at) => (
            <Fragment key={at}>
              {at > 0 && <mo>{joint(rest.of[at - 1], factor)}</mo>}
              {drawn(factor, signs, TIES.product)}
            </Fragment>
          ))}
        </mrow>
      );
      return ties >= TIES.sign ? inBrackets(whole, tall(rest)) : whole;
    }
    case 'over':
      return (
        <mfrac>
          {drawn(rest.of[0], signs)}
          {drawn(rest.of[1], signs)}
        </mfrac>
      );
    case 'root':
      return <msqrt>{drawn(rest.of[0], signs)}</msqrt>;
    case 'power':
      return (
        <msup>
          {drawn(rest.of[0], signs, TIES.sign)}
          {drawn(rest.of[1], signs)}
        </msup>
      );
    case 'size':
      return (
        <mrow>
          <mo>|</mo>
          {drawn(rest.of[0], signs)}
          <mo>|</mo>
        </mrow>
      );
    case 'series':
      return (
        <mrow>
          <munder>
            <mo largeop={true} movablelimits={false}>
              ∑
            </mo>
            <mi>{rest.over}</mi>
          </munder>
          {drawn(rest.of[0], signs, TIES.product)}
        </mrow>
      );
    case 'call':
      return called(rest.name, rest.of, signs);
  }
}

/** Whether it begins with a number, or is one. */
function leads(part: Expression | undefined): boolean {
  if (typeof part !== 'object') return typeof part === 'number';
  if (part.is === 'number') return true;
  const inside = part.is === 'power' || part.is === 'product' || part.is === 'over';
  return inside && leads(part.of[0]);
}

/** Numbers need a dot between them, also where a fraction follows (2½ is a sum); signs stand side by side. */
function joint(before: Expression | undefined, after: Expression): string {
  const word = (part: Expression | undefined) => typeof part === 'object' && part.is === 'call';
  return leads(after) || word(after) || word(before) ? '·' : '\u2062';
}

function called(name: string, of: readonly Expression[], signs: Signs): VNode {
  const [first] = of;
  if (name === 'exp' && first !== undefined) {
    return (
      <msup>
        <mi>e</mi>
        {drawn(first, signs)}
      </msup>
    );
  }
  return (
    <mrow>
      <mi>{name}</mi>
      <mo>{'\u2061'}</mo>
      {inBrackets(
        of.map((part, at) => (
          <Fragment key={at}>
            {at > 0 && <mo separator={true}>,</mo>}
            {drawn(part, signs)}
          </Fragment>
        )),
        of.some(tall),
      )}
    </mrow>
  );
}

function Signed({ value }: { value: number }) {
  return value < 0 ? (
    <mrow>
      <mo>−</mo>
      <Amount value={-value} />
    </mrow>
  ) : (
    <Amount value={value} />
  );
}

/** What a formula comes to, in its own unit and as the page says it. */
function Result({ value, as }: { value: Value; as: Worked['as'] }) {
  const ends = [value].flat();
  const said = ends.map((end) => (end < 0 ? '−' : '') + percent(Math.abs(end)));
  return (
    <>
      {ends.map((end, at) => (
        <Fragment key={at}>
          {at > 0 && <mtext>{'\u00a0to\u00a0'}</mtext>}
          <Signed value={end} />
        </Fragment>
      ))}
      {(as === 'share' || as === 'points') && (
        <>
          <Equals />
          <mtext>
            {said.join(' to ')}
            {'\u00a0'}
            {as === 'share' ? '%' : 'points'}
          </mtext>
        </>
      )}
    </>
  );
}

/** With its room told, because browsers leave it out beside text and at the beginning of a line. */
const Equals = () => (
  <mo lspace="0.28em" rspace="0.28em">
    =
  </mo>
);

/** The formula in symbols, then with these numbers in it, then what it comes to. */
export function WorkedOut({ worked: { of, given, result, as } }: { worked: Worked }) {
  const { result: sign, expression, symbols } = formula(of);
  return (
    <p class="chain">
      <math displaystyle={true}>
        <Sign sign={sign} />
        <Equals />
        {drawn(expression, symbols)}
      </math>
      {given !== null && (
        <math displaystyle={true}>
          <Equals />
          {drawn(filled(expression, given), symbols)}
        </math>
      )}
      <math displaystyle={true} class="comes-to">
        <Equals />
        <Result value={result} as={as} />
      </math>
    </p>
  );
}
