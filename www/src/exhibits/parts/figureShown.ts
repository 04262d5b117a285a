/** Which figure stands in the outcome: as measured, or as it would be while the slider is held. */
import { covered } from '../../lessonState';
import { type Figure, figures, preview } from '../../state';

export type FigureName = 'clean' | 'transfer' | 'adaptive' | 'certified';

/** These follow the preview by themselves, once the slider rests. */
export const anew = (name: FigureName): name is 'adaptive' | 'certified' =>
  name === 'adaptive' || name === 'certified';

/** Null where nothing is measured yet, or a lesson keeps it covered. */
export function figureShown(name: FigureName): Figure | null {
  if (covered.value.has(name)) return null;
  const held = preview.value;
  if (held === null || anew(name)) {
    const own = figures.value[name];
    return own && own.total > 0 ? own : null;
  }
  const scores = held[name];
  return scores && scores.total > 0 ? { ...scores, of: scores.total, done: true } : null;
}
