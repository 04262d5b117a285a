/** A link that would start much work waits here for the visitor's word. */
import { goAhead, leaveLink } from '../actions';
import { type Effort, longParts } from '../engine/work';
import { count } from '../plots/measured';
import { offered } from '../state';

/** As rough as it is known. */
function roughly(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds / 5) * 5} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${count(seconds / 3600)} h`;
}

function sentence(effort: Effort): string {
  const long = longParts(effort);
  const [steps, measures] = [roughly(effort.steps), roughly(effort.measures)];
  if (long.steps && long.measures) {
    return `This link will train for about ${steps} on an ordinary laptop, and its attack may then measure for up to ${measures}. It begins when you say so, and can be stopped.`;
  }
  if (long.steps) {
    return `This link will train for about ${steps} on an ordinary laptop. It begins when you say so, and can be stopped.`;
  }
  return `The attack of this link may measure for up to ${measures} on an ordinary laptop. It begins when you say so.`;
}

export function Offered() {
  const link = offered.value;
  if (!link) return null;
  return (
    <div class="strip" role="status" data-testid="offered">
      <p>{sentence(link.effort)}</p>
      <button type="button" class="button" onClick={goAhead}>
        Begin
      </button>
      <button type="button" class="button plain" onClick={leaveLink}>
        Go on without it
      </button>
    </div>
  );
}
