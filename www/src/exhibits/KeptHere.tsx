/** What this page keeps on the visitor's device: each history, a way back to it, and an end to it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { keeper } from '../storage';
import { historyWords, whenWords } from '../storage/words';
import { forgetAll } from '../storageActions';
import '../styles/storage.css';
import { FileSection } from './parts/FileSection';
import { filesOpen } from './parts/filesOpen';

type Kept = Awaited<ReturnType<typeof keeper.all>>[number];

function History({ kept }: { kept: Kept }) {
  const words = `${historyWords(kept.recipe)}, ${whenWords(kept.when)}`;
  return (
    <li>
      <span>{words}</span>
      <span class="formats">
        {kept.open === 'here' && <span class="small muted">on screen</span>}
        {kept.open === 'elsewhere' && <span class="small muted">in another tab</span>}
        {kept.open === 'no' && (
          <button
            type="button"
            class="link"
            aria-label={`Go on with ${words}`}
            onClick={() => {
              filesOpen.value = false;
              void keeper.resume(kept.id);
            }}
          >
            Go on
          </button>
        )}
      </span>
    </li>
  );
}

export function KeptHere() {
  const all = useSignal<Kept[]>([]);
  const sure = useSignal(false);
  const said = useSignal('');
  const look = () => {
    void keeper.all().then((found) => {
      all.value = found;
    });
  };
  useEffect(look, []);
  const forget = async () => {
    sure.value = false;
    said.value = (await forgetAll())
      ? 'Deleted. What you do from now on is kept again.'
      : 'Not everything could be deleted; your browser’s settings can delete what this page keeps.';
    look();
  };
  return (
    <FileSection title="Kept on this device">
      <p class="small muted">
        Your histories as recipes, your predictions in lessons and the colours you chose are kept in
        this browser alone, so that nothing is lost when the page is closed or loaded anew. The
        newest twenty histories stay. Nothing of it is uploaded.
      </p>
      {all.value.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <ul class="plots kept-here" data-testid="kept-here" tabIndex={0} aria-label="Histories">
          {all.value.map((kept) => (
            <History key={kept.id} kept={kept} />
          ))}
        </ul>
      )}
      {sure.value ? (
        <div class="buttons">
          <button type="button" class="button" data-testid="forget-all-sure" onClick={forget}>
            Yes, delete it
          </button>
          <button
            type="button"
            class="button plain"
            onClick={() => {
              sure.value = false;
            }}
          >
            Keep it
          </button>
        </div>
      ) : (
        <button
          type="button"
          class="button"
          data-testid="forget-all"
          onClick={() => {
            sure.value = true;
          }}
        >
          Delete all of it
        </button>
      )}
      <p class="small muted" role="status">
        {said.value}
      </p>
    </FileSection>
  );
}
