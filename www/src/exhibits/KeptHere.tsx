/** What this page keeps on the visitor's device: each history, a way back to it, and an end to it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { keeper } from '../storage';
import { historyWords, whenWords } from '../storage/words';
import { forgetAll } from '../storageActions';
import { FileSection } from './parts/FileSection';
import { filesOpen } from './parts/filesOpen';

type Kept = Awaited<ReturnType<typeof keeper.all>>[number];

function History({ kept, gone }: { kept: Kept; gone: () => void }) {
  const { id, recipe, when, open } = kept;
  const words = historyWords(recipe);
  return (
    <li>
      <span>
        {words}, {whenWords(when)}
      </span>
      <span class="formats">
        {open === 'here' && <span class="small muted">on screen</span>}
        {open === 'elsewhere' && <span class="small muted">in another tab</span>}
        {open === 'no' && (
          <>
            <button
              type="button"
              class="link"
              aria-label={`Go on with ${words}`}
              onClick={() => {
                filesOpen.value = false;
                void keeper.resume(id);
              }}
            >
              Go on
            </button>
            <button
              type="button"
              class="link"
              aria-label={`Delete ${words}`}
              onClick={() => void keeper.remove(id).then(gone)}
            >
              Delete
            </button>
          </>
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
        <ul class="plots" data-testid="kept-here">
          {all.value.map((kept) => (
            <History key={kept.id} kept={kept} gone={look} />
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
