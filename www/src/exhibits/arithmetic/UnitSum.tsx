/** The arithmetic of the unit that is pointed at, below its figures. */
import '../../styles/arithmetic.css';
import type { Unit } from '../parts/pointed';
import { Body, useAsked } from './Card';
import { contentOf } from './makers';

export function UnitSum({ layer, unit }: Unit) {
  const content = contentOf(`unit/${layer}/${unit}`);
  useAsked(content?.asks);
  if (!content) return null;
  return (
    <div class="worked-out" data-testid="unit-sum">
      <Body content={content} plain={true} />
    </div>
  );
}
