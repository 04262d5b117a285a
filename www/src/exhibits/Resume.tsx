/** On an empty page: what was on screen last, and the way back to it. */
import { keeper } from '../storage';
import { historyWords, whenWords } from '../storage/words';
import { offer } from '../storageState';

export function Resume() {
  const found = offer.value;
  if (!found) return null;
  const { id, recipe, when } = found;
  return (
    <p class="muted small resume" data-testid="resume">
      Go on where you were:{' '}
      <button type="button" class="link" onClick={() => void keeper.resume(id)}>
        {historyWords(recipe)}, {whenWords(when)}
      </button>
      {' · '}
      <button
        type="button"
        class="link"
        onClick={() => {
          offer.value = null;
        }}
      >
        Not now
      </button>
    </p>
  );
}
