/** What opening a link would start, and whether that waits for the visitor's word. */
import type { ParsedLink, Work } from './types';

/** Multiply-adds a second of training or attacking on an ordinary laptop, one core at work. */
const PACE = 5e9;
/** A network that stands after so long needs no question. */
const MOST_STEPS_S = 5;
/** Measuring goes on in the background, is seen all the while, and mostly takes far less. */
const MOST_MEASURES_S = 60;

/** What a link says; a recipe that the visitor brought says nothing of its work. */
export type Opened = Omit<ParsedLink, 'work'> & Partial<Pick<ParsedLink, 'work'>>;

/** Seconds that the work of a link takes, about; of measuring, at most. */
export interface Effort {
  steps: number;
  measures: number;
}

/** Which parts of it are worth a word. */
export const longParts = ({ steps, measures }: Effort) => ({
  steps: steps > MOST_STEPS_S,
  measures: measures > MOST_MEASURES_S,
});

/** Null where the work is so little that it may begin at once. */
export function effortOf(work: Work): Effort | null {
  const effort = { steps: work.steps / PACE, measures: work.measures / PACE };
  const long = longParts(effort);
  return long.steps || long.measures ? effort : null;
}
