/** On an empty page: what was on screen last, and the way back to it. */
import { keeper } from '../storage';
import { historyWords, whenWords } from '../storage/words';
import { offer } from '../storageState';
import '../styles/storage.css';

export function Resume() {
  const found = offer.value;
  if (!found) return null;
  const words = `Go on with ${historyWords(found.recipe)}, ${whenWords(found.when)}`;
  return (
    <p class="muted small resume" data-testid="resume">
      <button type="button" class="link" title={words} onClick={() => void keeper.resume(found.id)}>
        {words}
      </button>
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
