/** Cards of the laboratory: agreement, use, overlap, what filters are made of, pixels. */

import type { Makeup } from '../../engine/types';
import { figure } from '../../plots/agreement';
import { partsOf } from '../../plots/filters';
import { count, percent, short } from '../../plots/measured';
import { pixelCounts, RARELY } from '../../plots/pixelMap';
import { rowOf } from '../../plots/units';
import { PIXELS, SIDE } from '../../plots/weightMap';
import { laboratory } from '../../state';
import { GROUP_NAMES } from '../parts/laboratoryWords';
import { integer, type Maker, type Worked } from './card';

const found = () => laboratory.similarity.value.found;

/** On which images the conditions were measured. */
function conditionsOn(): string {
  const [first] = found()?.conditions ?? [];
  return first
    ? `${first.name}, on the first ${count(first.images)} training images; other conditions on the same ones.`
    : '';
}

/** How many units two choices of as many have in common, from their Jaccard index. */
const both = (jaccard: number, top: number) => Math.round((2 * top * jaccard) / (1 + jaccard));

const agreement: Maker = (layerText, kind, which) => {
  const layer = found()?.layers[integer(layerText)];
  const group = layer?.groups.find((each) => each.kind === kind);
  if (!layer || !group) return null;
  const name = GROUP_NAMES[group.kind] ?? group.kind;
  const { measures } = group;
  const range = (least: number, most: number) =>
    `Over all pairs it reaches from ${figure(least)} to ${figure(most)}.`;
  if (which === 'concordance') {
    const worked: Worked[] = [{ of: 'concordance', given: null, result: group.concordance }];
    return {
      title: `Kendall’s W: ${name}`,
      value: figure(group.concordance),
      what: `How far ${count(measures)} measures agree on the order of the units: 1 where all order them alike, about ${figure(1 / measures)} by chance.`,
      worked: Number.isFinite(group.concordance) ? worked : [],
      on: [`${count(layer.kept.length)} units of layer ${integer(layerText) + 1}.`, conditionsOn()],
      sources: ['kendall'],
    };
  }
  const spearman = which === 'spearman';
  const value = spearman ? group.spearman : group.jaccard;
  return {
    title: `${spearman ? 'Ranks (Spearman)' : 'Overlap (Jaccard)'}: ${name}`,
    value: figure(value),
    what: spearman
      ? `Pearson’s correlation of the units’ ranks, the mean over all pairs of ${count(measures)} measures. ${range(group.spearmanLeast, group.spearmanMost)}`
      : `What the ${layer.top} most distorted units under the one and under the other have in common, as a share of those under either; the mean over all pairs of ${count(measures)} measures. ${range(group.jaccardLeast, group.jaccardMost)} Two random choices come to ${figure(layer.chance)}.`,
    worked: Number.isFinite(value)
      ? [
          {
            of: spearman ? 'pearson' : 'jaccard',
            given: null,
            result: value,
            label: 'mean of all pairs',
          },
        ]
      : [],
    on: [`${count(layer.kept.length)} units of layer ${integer(layerText) + 1}.`, conditionsOn()],
    sources: [spearman ? 'spearman' : 'jaccard'],
  };
};

/** Each value less the mean of all. */
function centred(values: ArrayLike<number>): number[] {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return all.map((value) => value - mean);
}

const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0;
  for (let at = 0; at < x.length; at++) sum += (x[at] ?? 0) * (y[at] ?? 0);
  return sum;
};

/** Pearson’s correlation with the units that weigh most told one by one. */
function pearsonOf(xs: ArrayLike<number>, ys: ArrayLike<number>, result: number): Worked {
  const [x, y] = [centred(xs), centred(ys)];
  const places = x
    .map((_, at) => at)
    .sort((a, b) => Math.abs((x[b] ?? 0) * (y[b] ?? 0)) - Math.abs((x[a] ?? 0) * (y[a] ?? 0)))
    .slice(0, 2);
  const told = (of: number[]) => places.map((at) => of[at] ?? 0);
  const rest = dot(x, y) - dot(told(x), told(y));
  return {
    of: 'pearson',
    given: { x: told(x), y: told(y), rest, xx: dot(x, x), yy: dot(y, y) },
    result,
    label: 'Pearson',
  };
}

/** Which conditions stand in for what distortion is held against, and what is given. */
const USES = {
  activation: { label: 'mean activation', given: 'norm' },
  norm: { label: '‖w‖₁ of incoming weights', given: 'activation' },
  noise: { label: 'distortion by blind noise', given: null },
} as const;

const relation: Maker = (layerText, key) => {
  const all = found();
  const layer = all?.layers[integer(layerText)];
  if (!all || !layer || (key !== 'activation' && key !== 'norm' && key !== 'noise')) return null;
  const { label, given } = USES[key];
  const { pearson, spearman, partial, partialSpearman } = layer.mereUse[key];
  const kept = layer.kept.length;
  const rowOfKind = (kind: string) =>
    rowOf(
      layer.values,
      all.conditions.findIndex((condition) => condition.kind === kind),
      kept,
    );
  const v = rowOf(layer.values, 0, kept);
  const other = rowOfKind(key);
  const worked: Worked[] = Number.isFinite(pearson) ? [pearsonOf(v, other, pearson)] : [];
  const [xc, yc] = given
    ? [layer.mereUse[given].pearson, correlated(other, rowOfKind(given))]
    : [Number.NaN, Number.NaN];
  if (Number.isFinite(partial)) {
    worked.push({
      of: 'partial',
      given: Number.isFinite(xc) && Number.isFinite(yc) ? { xy: pearson, xc, yc } : null,
      result: partial,
      label: given ? `given ${USES[given].label}` : 'given both: the same, one after the other',
    });
  }
  return {
    title: `Distortion against ${label}`,
    value: `r ${figure(pearson)}`,
    what: `Pearson’s correlation over the units; of their ranks (Spearman) it is ${figure(spearman)}. Once what is given is accounted for, ${figure(partial)} is left, and ${figure(partialSpearman)} of the ranks.`,
    worked,
    on: [`${count(kept)} units of layer ${integer(layerText) + 1}.`, conditionsOn()],
    sources: ['yule', 'spearman'],
  };
};

/** Two measures that the core does not correlate by themselves. */
function correlated(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  const [x, y] = [centred(xs), centred(ys)];
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

const overlap: Maker = (layerText, rowText, columnText) => {
  const all = found();
  const layer = all?.layers[integer(layerText)];
  const [row, column] = [integer(rowText), integer(columnText)];
  const jaccard = layer?.jaccard[row * (all?.conditions.length ?? 0) + column];
  const [one, other] = [all?.conditions[row], all?.conditions[column]];
  if (!layer || jaccard === undefined || !one || !other) return null;
  const spearman = layer.spearman[row * (all?.conditions.length ?? 0) + column] ?? Number.NaN;
  return {
    title: `${one.name} and ${other.name}`,
    value: figure(jaccard),
    what: `What the ${layer.top} most distorted units under the one and under the other have in common, as a share of those under either. Two random choices come to ${figure(layer.chance)}.`,
    worked: [
      {
        of: 'jaccard',
        given: { both: both(jaccard, layer.top), top: layer.top },
        result: jaccard,
      },
    ],
    on: [
      `${count(layer.kept.length)} units of layer ${integer(layerText) + 1}; Spearman’s correlation of all their ranks is ${figure(spearman)}.`,
      conditionsOn(),
    ],
    sources: ['jaccard'],
  };
};

/** The mean of a unit under one condition. */
const moved: Maker = (layerText, conditionText, columnText) => {
  const all = found();
  const layer = all?.layers[integer(layerText)];
  const condition = all?.conditions[integer(conditionText)];
  const column = integer(columnText);
  const kept = layer?.kept.length ?? 0;
  const unit = layer?.kept[column];
  if (!layer || !condition || unit === undefined) return null;
  const value = layer.values[integer(conditionText) * kept + column] ?? 0;
  const spread = layer.spread[integer(conditionText) * kept + column] ?? 0;
  const distorts = condition.kind !== 'activation' && condition.kind !== 'norm';
  return {
    title: `Unit ${unit}: ${condition.name}`,
    value: `${short(value)} ± ${short(spread)}`,
    what: distorts
      ? 'The mean of |z − z̃| over images, and its standard deviation from image to image.'
      : condition.kind === 'activation'
        ? 'The mean output z over images, and its standard deviation from image to image.'
        : 'The sum of the sizes of the unit’s incoming weights.',
    worked: distorts
      ? [
          {
            of: 'distortion',
            given: { n: condition.images, d: [], all: value * condition.images },
            result: value,
          },
        ]
      : [],
    on: [`The first ${count(condition.images)} images of the condition.`, conditionsOn()],
    sources: distorts ? ['madaan'] : [],
  };
};

const PART_NAMES = { before: 'w, before', after: 'w′, after', residual: 'v, the rest' } as const;

/** What a share of filters is of. */
const MADE = {
  short:
    'The share of a filter’s energy in waves shorter than four pixels: at spatial frequencies √(fx² + fy²) above 0.25 cycles per pixel, its mean counted as energy.',
  rare: `The share of a filter’s L1 norm on pixels that are rarely lit: of mean intensity below ${RARELY} over the training images.`,
} as const;

const makeup: Maker = (part, how, which) => {
  const all = laboratory.mixture.value.found;
  if (!all || (part !== 'before' && part !== 'after' && part !== 'residual')) return null;
  if ((how !== 'mean' && how !== 'sum') || (which !== 'short' && which !== 'rare')) return null;
  const value = all.mixture[part][how][which];
  const filters = all.filters
    .map((filter) => (filter[part] as Makeup)[which])
    .filter(Number.isFinite);
  return {
    title: `${PART_NAMES[part]}: ${how === 'mean' ? 'mean over filters' : 'of all filters’ sum'}`,
    value: Number.isFinite(value) ? `${percent(value)} %` : '–',
    what:
      how === 'mean'
        ? `${MADE[which]} The mean over filters, each counting as much as every other one.`
        : `${MADE[which]} Of all filters together, so that large filters count more.`,
    worked:
      how === 'mean' && Number.isFinite(value)
        ? [
            {
              of: 'filterMean',
              given: { n: filters.length, x: filters },
              result: value,
              as: 'share',
            },
          ]
        : [],
    on: [`${count(all.filters.length)} filters of the first layer.`],
    sources: ['allenZhu'],
  };
};

const filterCard: Maker = (unitText, which) => {
  const all = laboratory.mixture.value.found;
  const filter = all?.filters.find(({ unit }) => unit === integer(unitText));
  if (!all || !filter) return null;
  const { whole } = partsOf(all.before, all.after, filter);
  const after = all.after.subarray(filter.unit * PIXELS, (filter.unit + 1) * PIXELS);
  const [inner, square, own] = [dot(whole, after), dot(after, after), dot(whole, whole)];
  if (which === 'beta' || which === undefined) {
    const worked: Worked[] = [
      { of: 'beta', given: { inner, square }, result: filter.beta },
      {
        of: 'cosine',
        given: { inner, before: Math.sqrt(own), after: Math.sqrt(square) },
        result: filter.cosine,
      },
    ];
    return {
      title: `Filter of unit ${filter.unit}: w = β·w′ + v`,
      value: `β ${figure(filter.beta)}`,
      what: 'The filter before is β times the filter after, and a rest at right angles to it; the cosine says how alike the two are.',
      worked: square > 0 && own > 0 ? worked : [],
      on: ['784 weights each, pruned ones zero.'],
      sources: ['allenZhu'],
    };
  }
  if (which !== 'before' && which !== 'after' && which !== 'residual') return null;
  const { short: fine, rare } = filter[which];
  const said = (share: number) => (Number.isFinite(share) ? `${percent(share)} %` : '–');
  return {
    title: `Filter of unit ${filter.unit}: ${PART_NAMES[which]}`,
    value: `${said(fine)} short, ${said(rare)} rare`,
    what: `${MADE.short} ${MADE.rare}`,
    worked: [],
    on: ['784 weights, pruned ones zero.'],
    sources: ['allenZhu'],
  };
};

const pixelCard: Maker = (place) => {
  const all = laboratory.pixels.value.found;
  const at = integer(place);
  if (!all || !(at >= 0 && at < PIXELS)) return null;
  const [mean, readers, ratio] = [all.mean[at] ?? 0, all.readers[at] ?? 0, all.relative[at]];
  const lit = ratio !== undefined && Number.isFinite(ratio) && mean > 0;
  return {
    title: `Pixel in row ${Math.floor(at / SIDE) + 1}, column ${(at % SIDE) + 1}`,
    value: `read by ${count(readers)} of ${count(all.units)}`,
    what: `Its mean is ${short(mean)} over ${count(all.images)} training images. ${lit ? `An attack moves it ${short(ratio)} times as much as it is lit: E|x − x̃| / E x.` : 'It is never lit, so that its relative distortion is not defined.'}`,
    worked: [
      {
        of: 'share',
        given: { k: readers, n: all.units },
        result: readers / all.units,
        as: 'share',
        label: 'units of the first layer that read it',
      },
    ],
    on: [`Relative distortion on the first ${count(all.scored)} training images.`],
    sources: ['madaan'],
  };
};

const LINES = ['all', 'rare', 'black'] as const;

const pixelCount: Maker = (lineText, which) => {
  const all = laboratory.pixels.value.found;
  const line = LINES[integer(lineText)];
  if (!all || !line) return null;
  const counts = pixelCounts(all.mean, all.readers, all.units);
  const [total, cut] = {
    all: [PIXELS, counts.cut],
    rare: [counts.rare, counts.rareCut],
    black: [counts.black, counts.blackCut],
  }[line] as [number, number];
  const many = which === 'cut' ? cut : which === 'left' ? total - cut : total;
  const name = {
    all: 'All pixels',
    rare: `Pixels of a mean below ${RARELY}`,
    black: 'Pixels that are always black',
  }[line];
  return {
    title: `${name}: ${which === 'cut' ? 'cut' : which === 'left' ? 'left' : 'in all'}`,
    value: count(many),
    what:
      which === 'all'
        ? 'Counted over the mean of all training images.'
        : 'A pixel is cut when no weight reads it any more: neither it nor the units that would read it are kept.',
    worked:
      which === 'all' || total === 0
        ? []
        : [{ of: 'share', given: { k: many, n: total }, result: many / total, as: 'share' }],
    on: [`Mean of ${count(all.images)} training images.`],
    sources: [],
  };
};

export const LABORATORY: Record<string, Maker> = {
  agreement,
  relation,
  overlap,
  moved,
  makeup,
  filter: filterCard,
  pixel: pixelCard,
  'pixel-count': pixelCount,
};
