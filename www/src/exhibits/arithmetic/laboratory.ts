/** Cards of the laboratory. */
import type { Maker } from './card';

export const LABORATORY: Record<string, Maker> = {};
