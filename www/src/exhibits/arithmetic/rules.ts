/** How attacks step, in symbols; the same letters as in their papers where these agree. */
import type { AttackMethod } from '../../engine/types';
import type { SourceName } from './sources';

export interface Rule {
  /** Lines of a formula, as signs. */
  lines: readonly string[];
  words: string;
  source?: SourceName;
}

const LINF_STEP = '~x_{t+1} = Π ( ~x_t + α·sign(∇_{x}L) )';
const KEPT = 'Π brings every pixel back into the ball of size ε around the image, and into 0 to 1.';

export const RULES: Partial<Record<AttackMethod, Rule>> = {
  fgsm: {
    lines: ['~x = clip ( x + ε·sign(∇_{x}L) )'],
    words:
      'One step of full size up the loss L; in L2 along the gradient itself, divided by its length.',
    source: 'goodfellow',
  },
  bim: {
    lines: ['~x_0 = x', LINF_STEP],
    words: KEPT,
    source: 'kurakin',
  },
  pgd: {
    lines: ['~x_0 = x + u', LINF_STEP],
    words: `u is a random point of the ball. ${KEPT}`,
    source: 'madry',
  },
  mifgsm: {
    lines: ['g_{t+1} = μ·g_t + ∇_{x}L / ‖∇_{x}L‖_1', '~x_{t+1} = Π ( ~x_t + α·sign(g_{t+1}) )'],
    words: `g sums the gradients. ${KEPT}`,
    source: 'dong',
  },
};
