/** What is said aloud once a network is measured: one sentence a network. */
import type { NetworkFacts } from '../../engine/types';
import { type Measured, percent, share } from '../../plots/measured';

export type Announced = Pick<NetworkFacts, 'unitsPruned' | 'pixelsPruned' | 'sparsity'>;

export function announcement(
  facts: Announced,
  before: Announced | null,
  clean: Measured,
  adaptive: Measured,
): string {
  const [read, withstood] = [percent(share(clean)), percent(share(adaptive))];
  const units = facts.unitsPruned - (before?.unitsPruned ?? 0);
  const pixels = facts.pixelsPruned - (before?.pixelsPruned ?? 0);
  if (units === 1) return `1 unit cut; clean ${read} %, re-attacked ${withstood} %.`;
  if (units > 1) return `${units} units cut; clean ${read} %, re-attacked ${withstood} %.`;
  if (pixels > 0) return `${pixels} pixels cut; clean ${read} %, re-attacked ${withstood} %.`;
  if (facts.sparsity > (before?.sparsity ?? 0)) {
    const zero = percent(facts.sparsity);
    return `${zero} % of the weights are cut; clean ${read} %, re-attacked ${withstood} %.`;
  }
  if (facts.sparsity < (before?.sparsity ?? 0)) {
    return `Brought back; clean ${read} %, re-attacked ${withstood} %.`;
  }
  return `Trained; clean ${read} %, re-attacked ${withstood} %.`;
}
