/** Cards of what is tried on the farm: findings, the race of criteria, sweeps. */
import type { Maker } from './card';

export const TRIALS: Record<string, Maker> = {};
