/** A frame with one exhibit, to be pasted into another page. */
import { signal, useComputed } from '@preact/signals';
import { useId } from 'preact/hooks';
import { EMBEDDABLE, embedAddress, type FrameTheme, snippet } from '../../embed/exhibits';
import { recipe, shareLink } from '../../state';
import { CopyText } from '../parts/CopyText';
import { Row, Select } from '../parts/Field';

const name = signal('network');
const recipeToo = signal(true);
const colours = signal<FrameTheme>('system');

const COLOURS: { value: FrameTheme; label: string }[] = [
  { value: 'system', label: 'as the reader’s system' },
  { value: 'light', label: 'light' },
  { value: 'dark', label: 'dark' },
];

export function EmbedTab() {
  const id = useId();
  const empty = useComputed(() => recipe.value.steps.length === 0).value;
  const chosen = EMBEDDABLE.find((each) => each.name === name.value) ?? EMBEDDABLE[0];
  if (!chosen) return null;
  const page = shareLink.value || location.href;
  const address = embedAddress(page, chosen.name, recipeToo.value && !empty, colours.value);
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
      <Row label="Colours" id={`${id}-colours`}>
        <Select
          id={`${id}-colours`}
          value={colours.value}
          options={COLOURS}
          onValue={(value) => {
            colours.value = COLOURS.find((each) => each.value === value)?.value ?? 'system';
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
