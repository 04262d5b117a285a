/** Mean, spread and interval over seeds, worked out as the core does (`src/trial/spread.rs`). */
import type { Worked } from './card';

/** 97.5 % quantiles of Student's t, from one degree of freedom on. */
const QUANTILES = [
  12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157,
  2.228139, 2.200985, 2.178813, 2.160369, 2.144787, 2.13145, 2.119905, 2.109816, 2.100922, 2.093024,
  2.085963, 2.079614, 2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.04523,
  2.042272,
];

/** From so many seeds on there is an interval over the seeds. */
export const LEAST = 3;

interface Spread {
  mean: number;
  low: number;
  high: number;
}

/** The sample standard deviation. */
export function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
}

/**
 * Everything that is said of figures over seeds. Where an end of the interval was cut off at 0 or
 * at 1 the formula gives more than is shown, and only its symbols stand.
 */
export function spreadOf(values: readonly number[], { mean, low, high }: Spread): Worked[] {
  const n = values.length;
  if (n < 2) return [];
  const s = deviationOf(values);
  const worked: Worked[] = [
    { of: 'mean', given: { n, x: values }, result: mean, as: 'share', label: 'mean' },
    {
      of: 'deviation',
      given: { n, x: values, m: mean },
      result: s,
      as: 'points',
      label: 'standard deviation',
    },
  ];
  const t = QUANTILES[n - 2];
  if (n < LEAST || t === undefined) return worked;
  const half = (t * s) / Math.sqrt(n);
  const whole = low <= mean - half + 1e-6 && high >= mean + half - 1e-6;
  return [
    ...worked,
    {
      of: 'student',
      given: whole ? { m: mean, t, s, n } : null,
      result: [low, high],
      as: 'share',
      label: whole ? '95 % interval' : '95 % interval, kept within 0 and 100 %',
    },
  ];
}
