/** Cards of accuracies: in the outcome, along curves, in the history, side by side, in tables. */
import { measureAttack, networkKey } from '../../engine/keys';
import { normLabel } from '../../engine/sizes';
import { rowShares } from '../../plots/heat';
import { count, type Measured, percent, share, short } from '../../plots/measured';
import { shareDifference, points as signedPoints } from '../../plots/shareDifference';
import {
  checks,
  compared,
  confusion,
  controls,
  curve,
  type Figure,
  figures,
  history,
  kept,
  medianNorm,
  network,
  preview,
  recipe,
  type StepFigures,
  security,
  targets,
  transfers,
  visits,
} from '../../state';
import { attackWords } from '../parts/attackWords';
import { checksOf } from '../parts/checks';
import { type FigureName, figureShown } from '../parts/figureShown';
import { prunedRows } from '../parts/networkDifference';
import { optionLabel } from '../parts/properties';
import { type CardContent, images, integer, type Maker, plusMinus, shareOf } from './card';
import type { SourceName } from './sources';

const NAMES: Record<FigureName, string> = {
  clean: 'Clean accuracy',
  transfer: 'Accuracy on old adversarial images',
  adaptive: 'Re-attacked accuracy',
  certified: 'Certified accuracy',
};

const WHAT: Record<FigureName, string> = {
  clean: 'The share of unchanged test images that the network reads right.',
  transfer:
    'The share read right of images crafted once, against the network before its first cut. They know nothing of the cut, so they flatter it.',
  adaptive:
    'The share that withstands when every image is attacked anew, on the network as it is now: it counts if it is read right clean and at every step of the attack.',
  certified:
    'The share proven to be read right whatever happens to the pixels within the size. No attack can go below it.',
};

const COUNTED: Record<FigureName, string> = {
  clean: 'read right, of all',
  transfer: 'read right, of all',
  adaptive: 'withstand, of all',
  certified: 'proven, of all',
};

const SOURCES: Record<FigureName, readonly SourceName[]> = {
  clean: [],
  transfer: [],
  adaptive: ['carlini'],
  certified: ['gowal', 'crown'],
};

const isName = (name: string | undefined): name is FigureName =>
  name !== undefined && name in NAMES;

/** How the images were attacked, where they were. */
function attackedHow(name: FigureName, eps: number): string[] {
  if (name === 'clean') return [];
  if (name === 'certified') {
    return [
      `Any change of each pixel by up to ${eps}; interval bounds or linear bounds (CROWN), whichever prove it.`,
    ];
  }
  return [`Attack: ${attackWords({ ...measureAttack(recipe.value), eps })}.`];
}

function measuredOn({ total, of, done }: Figure): string {
  return done
    ? `The first ${count(total)} test images.`
    : `${count(total)} of ${count(of)} test images so far; the rest is being measured.`;
}

const untold = (title: string, what: string): CardContent => ({
  title,
  value: '–',
  what,
  worked: [],
  on: ['Not measured yet.'],
  sources: [],
});

function figureCard(name: FigureName, figure: Figure, eps: number): CardContent {
  return {
    title: NAMES[name],
    value: plusMinus(figure),
    what: WHAT[name],
    worked: shareOf(figure, COUNTED[name]),
    on: [measuredOn(figure), ...attackedHow(name, eps)],
    sources: ['wilson', ...SOURCES[name]],
  };
}

const accuracy: Maker = (name) => {
  if (!isName(name)) return null;
  const figure = figureShown(name);
  const { eps } = recipe.value.measure;
  if (!figure) {
    const why =
      name === 'certified' && controls.value.attack.norm !== 'linf'
        ? `${WHAT[name]} The bounds that prove it are known here for L∞ only.`
        : WHAT[name];
    return untold(NAMES[name], why);
  }
  const card = figureCard(name, figure, eps);
  const before = figures.value.before[name];
  const cut = (network.value?.sparsity ?? 0) > 0 || preview.value !== null;
  if (before === undefined || !cut) return card;
  const now = share(figure);
  return {
    ...card,
    worked: [
      ...card.worked,
      {
        of: 'change',
        given: { now, before },
        result: now - before,
        as: 'points',
        label: 'change since before the cut',
      },
    ],
  };
};

const median: Maker = () => {
  const found = medianNorm.value;
  if (!found) return null;
  const norm = normLabel(recipe.value.attack.norm);
  return {
    title: `Median ${norm} norm that fools`,
    value: Number.isFinite(found.value) ? short(found.value) : '> ε',
    what: 'Of every image read right the attack looks for the smallest change that fools the network; sorted by size, this is the one in the middle. Images that withstand count as infinite.',
    worked: [],
    on: [
      `${count(found.images)} test images that are read right unchanged.`,
      `Attack: ${attackWords(measureAttack(recipe.value))}.`,
    ],
    sources: [],
  };
};

const curvePoint: Maker = (name, amount) => {
  if (name !== 'clean' && name !== 'transfer' && name !== 'adaptive') return null;
  const point = curve.value.points.find((each) => each.amount === integer(amount));
  const figure = point?.[name];
  if (!point || !figure || figure.total === 0) return null;
  const { by, order } = controls.value.prune;
  const card = figureCard(name, figure, recipe.value.measure.eps);
  return {
    ...card,
    title: `${NAMES[name]} at ${point.amount} % of ${curve.value.what} cut`,
    on: [
      `Cut by: ${optionLabel('prune', 'by', by)}${order === 'reverse' ? ', reversed' : ''}; nothing is trained afterwards.`,
      ...card.on,
    ],
  };
};

const sizePoint: Maker = (name, place) => {
  if (name !== 'adaptive' && name !== 'certified') return null;
  const point = security.value.points[integer(place)];
  const figure = point?.[name];
  if (!point || !figure || figure.total === 0) return null;
  const card = figureCard(name, figure, point.eps);
  return {
    ...card,
    title: `${NAMES[name]} at ${normLabel(security.value.norm)} ε ${point.eps}`,
    sources: [...card.sources, 'biggio'],
  };
};

/** A share of few images, without an attack's name in its title. */
function plainShare(
  title: string,
  what: string,
  correct: number,
  total: number,
  on: string[],
): CardContent {
  return {
    title,
    value: `${percent(total > 0 ? correct / total : 0)} %`,
    what,
    worked:
      total > 0
        ? [
            {
              of: 'share',
              given: { k: correct, n: total },
              result: correct / total,
              as: 'share',
            },
          ]
        : [],
    on,
    sources: [],
  };
}

const confused: Maker = (row, column) => {
  const found = confusion.value;
  const [digit, read] = [integer(row), integer(column)];
  const counts = found?.counts[digit];
  if (!found || !counts) return null;
  const total = counts.reduce((sum, some) => sum + some, 0);
  const correct = counts[read] ?? 0;
  const card = plainShare(
    `A ${digit} read as ${read}`,
    digit === read
      ? `Images of a ${digit} that are read right in spite of the attack, as a share of all images of a ${digit}.`
      : `Images of a ${digit} that are read as ${read} under attack, as a share of all images of a ${digit}.`,
    correct,
    total,
    [
      `${images(found.total)} of ${count(found.of)} are attacked by now, ${count(total)} of them of a ${digit}.`,
      `Attack: ${attackWords(measureAttack(recipe.value))}.`,
    ],
  );
  const result = rowShares(found.counts)[digit]?.[read] ?? null;
  const [worked] = card.worked;
  return worked && result !== null ? { ...card, worked: [{ ...worked, result }] } : card;
};

const aimed: Maker = (row, column) => {
  const { reached, of, attack, images: some } = targets.value;
  const [digit, target] = [integer(row), integer(column)];
  const total = of[digit]?.[target];
  if (total === undefined || digit === target) return null;
  return plainShare(
    `A ${digit} made a ${target}`,
    `Images of a ${digit} that an attack aimed at ${target} turns into a ${target}, as a share of those read right before.`,
    reached[digit]?.[target] ?? 0,
    total,
    [
      `The first ${count(some)} test images, ${count(total)} of them of a ${digit} and read right.`,
      `Attack: ${attackWords({ ...attack, target })}.`,
    ],
  );
};

const transferred: Maker = (row, column) => {
  const { cells, attack } = transfers.value;
  const figure = cells[integer(row)]?.[integer(column)];
  const [from, to] = [kept.value[integer(row)]?.name, kept.value[integer(column)]?.name];
  if (!figure || from === undefined || to === undefined) return null;
  return {
    title: from === to ? `${from} on its own images` : `Crafted on ${from}, read by ${to}`,
    value: plusMinus(figure),
    what: `The share read right by ${to} of adversarial images that were crafted against ${from}.`,
    worked: shareOf(figure, 'read right, of all'),
    on: [measuredOn(figure), `Attack: ${attackWords(attack)}.`],
    sources: ['wilson'],
  };
};

/** The lower ends are what the core compares; here are the counts and the shares they make. */
const check: Maker = (kind) => {
  const { found, rival, evidence } = checks.value;
  const known = {
    found,
    rival,
    adaptive: evidence?.adaptive ?? 0,
    images: evidence?.images ?? 0,
    norm: recipe.value.attack.norm,
    cut: network.value !== null && network.value.digest !== network.value.referenceDigest,
  };
  const shown = checksOf(known).find((each) => each.kind === kind);
  if (!shown) return null;
  if (!evidence) return untold('A check for masked gradients', shown.sentence);
  const pairs: Record<string, [number | undefined, number | undefined]> = {
    stronger: [evidence.adaptive, rival?.correct],
    'one-step': [evidence.iterative, evidence.oneStep],
    'black-box': [evidence.whiteBox, evidence.blackBox],
    transfer: [evidence.adaptive, evidence.transfer],
    'more-steps': [evidence.iterative, evidence.moreSteps],
    noise: [evidence.adaptive, evidence.noise],
  };
  const [own, other] = pairs[shown.kind] ?? [];
  const compares = own !== undefined && other !== undefined && evidence.images > 0;
  const { gradients, large } = evidence;
  const counts =
    shown.kind === 'gradients' && gradients && gradients.correct > 0
      ? { k: gradients.zero + gradients.vanishing, n: gradients.correct }
      : shown.kind === 'large-eps' && large
        ? { k: large.correct, n: evidence.images }
        : null;
  return {
    title: 'A check for masked gradients',
    value: { passed: 'passed', tripped: 'warns', waiting: '–', idle: 'says nothing' }[shown.state],
    what: `${shown.sentence} ${shown.evidence}`,
    worked: compares
      ? [
          {
            of: 'share',
            given: { k: own, n: evidence.images },
            result: own / evidence.images,
            as: 'share',
            label: 'withstand the attack',
          },
          {
            of: 'share',
            given: { k: other, n: evidence.images },
            result: other / evidence.images,
            as: 'share',
            label: 'withstand the other one',
          },
        ]
      : counts
        ? [
            {
              of: 'share',
              given: counts,
              result: counts.k / counts.n,
              as: 'share',
              label:
                shown.kind === 'gradients'
                  ? 'a gradient that is zero or lost in rounding, of images read right'
                  : 'withstand where every image can be turned grey',
            },
          ]
        : [],
    on: [
      `The first ${count(evidence.images)} test images, the same ones under both attacks.`,
      'It warns where the difference is more than one point beyond chance, one-sided at 1 %.',
    ],
    sources: ['athalye', 'carlini', 'agresti'],
  };
};

/** A figure in the list of steps, or of one side of a comparison. */
function visitCard(key: string | undefined, name: string | undefined): CardContent | null {
  if (!isName(name) || key === undefined) return null;
  const figure = visits.value.get(key)?.figures[name];
  return figure ? figureCard(name, figure, recipe.value.measure.eps) : null;
}

const visited: Maker = (at, name) => {
  const entry = history.value.entries[integer(at)];
  return entry ? visitCard(networkKey(entry), name) : null;
};

const sideFigures = (side: 0 | 1): StepFigures | undefined => {
  const key = compared.value?.keys[side];
  return key === undefined ? undefined : visits.value.get(key)?.figures;
};

function differenceOf(left: Measured, right: Measured): CardContent['worked'] {
  const { low, high } = shareDifference(left, right);
  const [a, b] = [share(left), share(right)];
  return [
    {
      of: 'newcombeLow',
      given: { a, b, below: b - right.low, above: left.high - a },
      result: low,
      as: 'points',
      label: 'lower end',
    },
    {
      of: 'newcombeHigh',
      given: { a, b, above: right.high - b, below: a - left.low },
      result: high,
      as: 'points',
      label: 'upper end',
    },
  ];
}

/** One side, or with `difference` what tells the sides apart. */
const apart: Maker = (side, name) => {
  if (!isName(name)) return null;
  const [left, right] = [sideFigures(0)?.[name], sideFigures(1)?.[name]];
  const eps = recipe.value.measure.eps;
  if (side === 'left') return left ? figureCard(name, left, eps) : null;
  if (side === 'right') return right ? figureCard(name, right, eps) : null;
  if (!left || !right) return null;
  const { value, low, high, clear } = shareDifference(left, right);
  return {
    title: `${NAMES[name]}, right less left`,
    value: `${signedPoints(value)} points`,
    what: clear
      ? `The 95 % interval, ${signedPoints(low)} to ${signedPoints(high)}, leaves zero out: this is more than chance.`
      : `The 95 % interval, ${signedPoints(low)} to ${signedPoints(high)}, has zero in it: it may be chance.`,
    worked: differenceOf(left, right),
    on: [
      `Left ${percent(share(left))} % of ${images(left.total)}, right ${percent(share(right))} % of ${images(right.total)}.`,
      'The interval takes the images for different ones; of the same, as here, it is rather too wide.',
    ],
    sources: ['newcombe', 'wilson'],
  };
};

/** How many of a kind are cut on one side, on the other, on both. */
const cutApart: Maker = (rowText, which) => {
  const [left, right] = (compared.value?.keys ?? []).map((key) => visits.value.get(key)?.facts);
  const rows = prunedRows(left ?? null, right ?? null, compared.value?.difference ?? null);
  const row = rows[integer(rowText)];
  const at = integer(which);
  if (!row) return null;
  const { first, second, both, of } = row;
  const many = [first, second, both, of][at];
  const words = ['left only', 'right only', 'in both', 'there are'][at];
  if (many === undefined || words === undefined) return null;
  return {
    title: `Cut, ${row.name}: ${words}`,
    value: count(many),
    what: `Of ${count(of)} that there are, ${count(first + both)} are cut on the left and ${count(second + both)} on the right, ${count(both)} of them on both sides.`,
    worked:
      at === 3 ? [] : [{ of: 'share', given: { k: many, n: of }, result: many / of, as: 'share' }],
    on: [],
    sources: [],
  };
};

export const ACCURACY = {
  accuracy,
  median,
  curve: curvePoint,
  size: sizePoint,
  confused,
  aimed,
  transferred,
  check,
  visited,
  apart,
  'cut-apart': cutApart,
};
