/** Cards of what is tried on the farm: findings, the race of criteria, sweeps. */

import type { SeriesKey } from '../../plots/curve';
import { findingGroups, TONES } from '../../plots/finding';
import { count, type Measured, percent, share } from '../../plots/measured';
import { RANDOM, racePoints, WHOLE } from '../../plots/race';
import { points as signedPoints } from '../../plots/shareDifference';
import { written } from '../../plots/sweep';
import { findings, race, sweep } from '../../trialsState';
import { attackWords } from '../parts/attackWords';
import { entriesOf, nameOf } from '../parts/raceWords';
import { axisLabel, valueLabel } from '../parts/sweepWords';
import { type CardContent, integer, type Maker, shareOf, type Worked } from './card';
import { LEAST, spreadOf } from './spread';

const FIGURES: Record<SeriesKey, string> = {
  clean: 'Clean accuracy',
  transfer: 'Accuracy on old adversarial images',
  adaptive: 'Re-attacked accuracy',
};

const isFigure = (name: string | undefined): name is SeriesKey =>
  name === 'clean' || name === 'transfer' || name === 'adaptive';

const signed = (value: number) => value.toFixed(1).replace('-', '−');

/** How an interval over seeds, or of one network’s images, came about. */
const intervalWords = (seeds: number) =>
  seeds >= LEAST
    ? 'The interval says what other seeds may give: Student’s t over the seeds.'
    : 'With fewer than three seeds the interval is Wilson’s, of the images of all networks pooled.';

/** A figure of a finding: which group of networks, which row, and which of its figures. */
const finding: Maker = (name, groupText, rowText, tone) => {
  const view = findings.value?.find(({ facts }) => facts.name === name);
  if (!view) return null;
  const arms = view.cells.map(({ trial, outcome }) => ({
    label: trial.label,
    asked: trial.asked,
    outcome,
  }));
  const groups = findingGroups(arms, view.verdict?.figures ?? []);
  const group = groups[integer(groupText)];
  const row = group?.rows[integer(rowText)];
  const dot = row?.dots.find((each) => each.tone === tone);
  if (!group || !row || !dot || dot.value === null) return null;
  const named = TONES.find((each) => each.tone === tone)?.label ?? '';
  const values = dot.seeds.map((seed) => seed / 100);
  const { interval, value } = dot;
  const ends = interval ?? { low: value, high: value };
  const worked = spreadOf(values, {
    mean: value / 100,
    low: ends.low / 100,
    high: ends.high / 100,
  });
  // Before every network has come there is a mean, and no interval.
  const shown = interval ? worked : worked.filter(({ of }) => of !== 'student');
  const images = view.cells[0]?.trial.recipe.measure.images ?? 0;
  const attack = view.cells[0]?.trial.recipe.attack;
  const attacked = tone === 'transfer' || tone === 'adaptive';
  return {
    title: `${group.label}: ${named}${row.label === 'clean' ? '' : `, ${row.label}`}`,
    value: `${signed(value)}${interval ? ` (${signed(interval.low)} to ${signed(interval.high)})` : ''}`,
    what:
      values.length > 1
        ? `The mean over ${count(values.length)} networks that differ in their seed alone; the fine marks are the single networks.`
        : 'The figure of one network.',
    worked: shown,
    on: [
      `${count(images)} test images${attacked && attack ? `, attacked by ${attackWords(attack)} of the size named` : ''}.`,
      interval
        ? intervalWords(values.length)
        : 'There is no interval before all networks have come.',
      `Of: ${view.facts.title}`,
    ],
    sources: [],
  };
};

/** What was measured of a criterion at an amount, network by network. */
function racedAt(by: string, amount: number, figure: SeriesKey): Measured[] {
  return entriesOf(race.value.cells).flatMap((entry) => {
    const own = entry.by === by || (entry.by === WHOLE && entry.amount === amount);
    const measured = own && entry.amount === amount ? entry[figure] : null;
    return measured && measured.total > 0 ? [measured] : [];
  });
}

const raced: Maker = (figure, by, amountText) => {
  if (!isFigure(figure) || by === undefined) return null;
  const amount = integer(amountText);
  const point = racePoints(entriesOf(race.value.cells), by, figure).find(
    (each) => each.amount === amount,
  );
  const [first, ...more] = racedAt(by, amount, figure);
  if (!point || !first) return null;
  const { settings, eps } = race.value;
  const shares = [first, ...more].map(share);
  const worked: Worked[] =
    more.length === 0
      ? shareOf(first, 'of all images')
      : [
          {
            of: 'mean',
            given: { n: shares.length, x: shares },
            result: point.value,
            as: 'share',
            label: 'mean',
          },
        ];
  return {
    title: `${FIGURES[figure]}, ${amount} % of ${settings.what} cut by ${nameOf(by)}`,
    value: `${percent(point.value)} %`,
    what:
      more.length === 0
        ? 'The figure of one network; whiskers are its 95 % interval.'
        : `The mean of ${count(shares.length)} networks; whiskers reach from the lowest, ${percent(point.low)} %, to the highest, ${percent(point.high)} %.`,
    worked,
    on: [
      `${count(first.total)} test images${figure === 'clean' ? '' : `, attacked at ε ${eps}`}.`,
      'Nothing is trained after a cut.',
    ],
    sources: more.length === 0 ? ['wilson'] : [],
  };
};

/** The mean over all networks of a criterion at an amount. */
const meanAt = (by: string, amount: number, figure: SeriesKey) => {
  const shares = racedAt(by, amount, figure).map(share);
  return shares.reduce((sum, value) => sum + value, 0) / shares.length;
};

const area: Maker = (by, figure) => {
  if (!isFigure(figure) || by === undefined) return null;
  const { areas, settings, eps } = race.value;
  const found = areas.find((each) => each.by === by && each.measure === figure);
  if (!found) return null;
  const amounts = [...settings.amounts].sort((a, b) => a - b);
  const apart = amounts.map(
    (amount) => meanAt(by, amount, figure) - meanAt(RANDOM, amount, figure),
  );
  const widths = amounts.slice(1).map((amount, at) => amount - (amounts[at] ?? 0));
  const { value, low, high, n } = found;
  return {
    title: `Area between ${nameOf(by)} and chance, ${FIGURES[figure].toLowerCase()}`,
    value: `${signedPoints(value)} points`,
    what: `How many points of accuracy the criterion gains over random orders, averaged over the amounts; below zero it does worse than chance. 95 % interval ${signedPoints(low)} to ${signedPoints(high)}.`,
    worked: [
      {
        of: 'area',
        given: {
          d: apart.slice(0, -1),
          next: apart.slice(1),
          width: widths,
          whole: (amounts.at(-1) ?? 0) - (amounts[0] ?? 0),
        },
        result: value,
        as: 'points',
        label: 'by trapezoids, distances to the mean of the random orders',
      },
    ],
    on: [
      `Compared with ${count(n)} random curves one by one; the interval is Student’s t over these.`,
      `Amounts ${amounts.join(', ')} %${figure === 'clean' ? '' : `, attacked at ε ${eps}`}.`,
    ],
    sources: ['student'],
  };
};

/** A cell of a sweep, by the values of its two axes. */
const swept: Maker = (figure, rowValue, columnValue) => {
  if (!isFigure(figure)) return null;
  const { cells, summed, settings } = sweep.value;
  const { rows, columns } = settings;
  const setTo = (at: (typeof summed)[number]['at'], name: string) => {
    const found = at.find((each) => each.name === name);
    return found ? written(found.value) : '';
  };
  const here = (at: (typeof summed)[number]['at']) =>
    setTo(at, rows.name) === rowValue && setTo(at, columns.name) === (columnValue ?? '');
  const spread = summed
    .find(({ at }) => here(at))
    ?.figures.find(({ measure }) => measure === figure)?.spread;
  if (!spread || spread.n === 0) return null;
  const counts = cells.flatMap(({ at, outcome }) => {
    if (!outcome || !here(at)) return [];
    const counted = figure === 'clean' ? outcome.clean : outcome[figure][0]?.count;
    return counted ? [counted] : [];
  });
  const [only] = counts;
  const worked =
    counts.length === 1 && only
      ? shareOf(only, 'of all images')
      : spreadOf(counts.map(share), spread);
  const set = [
    `${axisLabel(rows.name)}: ${valueLabel(rows.name, rowValue ?? '')}`,
    ...(columns.name === ''
      ? []
      : [`${axisLabel(columns.name)}: ${valueLabel(columns.name, columnValue ?? '')}`]),
  ];
  const content: CardContent = {
    title: FIGURES[figure],
    value: `${percent(spread.mean)} %`,
    what: `The mean over ${count(spread.n)} ${spread.n === 1 ? 'network' : 'seeds'}, the recipe on screen with these settings: ${set.join('; ')}.`,
    worked,
    on: [`${count(only?.total ?? 0)} test images each.`, intervalWords(spread.n)],
    sources: [],
  };
  return content;
};

/** One network of the race. */
const racer: Maker = (figure, place) => {
  const cell = race.value.cells[integer(place)];
  const [entry] = cell ? entriesOf([cell]) : [];
  if (!isFigure(figure) || !entry) return null;
  const measured = entry[figure];
  if (!measured || measured.total === 0) return null;
  return {
    title: `${FIGURES[figure]}, ${entry.amount} % cut by ${nameOf(entry.by)}, seed ${entry.seed}`,
    value: `${percent(share(measured))} %`,
    what: 'The figure of one network.',
    worked: shareOf(measured, 'of all images'),
    on: [
      `${count(measured.total)} test images${figure === 'clean' ? '' : `, attacked at ε ${race.value.eps}`}.`,
    ],
    sources: ['wilson'],
  };
};

export const TRIALS: Record<string, Maker> = { finding, raced, racer, area, swept };
