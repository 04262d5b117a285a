/** A frame with one exhibit, to be pasted into another page. */
import { signal, useComputed } from '@preact/signals';
import { useId } from 'preact/hooks';
import { EMBEDDABLE, embedAddress, snippet } from '../../embed/exhibits';
import { recipe, shareLink } from '../../state';
import { CopyText } from '../parts/CopyText';
import { Row, Select } from '../parts/Field';

const name = signal('network');
const recipeToo = signal(true);

export function EmbedTab() {
  const id = useId();
  const empty = useComputed(() => recipe.value.steps.length === 0).value;
  const chosen = EMBEDDABLE.find((each) => each.name === name.value) ?? EMBEDDABLE[0];
  if (!chosen) return null;
  const page = shareLink.value || location.href;
  const address = embedAddress(page, chosen.name, recipeToo.value && !empty);
  return (
    <>
      <p class="muted">
        One exhibit with what it needs, as wide as its place, from 280 pixels on. It computes
        nothing before somebody asks, unless it begins with this recipe.
      </p>
      <Row label="Exhibit" id={`${id}-exhibit`}>
        <Select
          id={`${id}-exhibit`}
          value={chosen.name}
          options={EMBEDDABLE.map(({ name: value, label }) => ({ value, label }))}
          onValue={(value) => {
            name.value = value;
          }}
        />
      </Row>
      <Row label="Begin with the recipe on screen" id={`${id}-recipe`}>
        <input
          type="checkbox"
          id={`${id}-recipe`}
          checked={recipeToo.value && !empty}
          disabled={empty}
          onChange={(event) => {
            recipeToo.value = event.currentTarget.checked;
          }}
        />
      </Row>
      <CopyText
        label="Frame, as HTML"
        button="Copy the frame"
        value={snippet(address, chosen)}
        testid="embed-snippet"
      >
        <a class="button" href={address} target="_blank" rel="noopener">
          Look at it
        </a>
      </CopyText>
      <p class="small muted">
        The page around it can open links, undo and train by postMessage, and is told what comes of
        it and how high the frame should be: see “Embedding” in the README.
      </p>
    </>
  );
}
