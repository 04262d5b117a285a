/** The link to what is on screen, the same as a frame for other pages, and as a link for a class. */
import { signal, useComputed } from '@preact/signals';
import { network, recipe, shareLink } from '../../state';
import { CopyText } from '../parts/CopyText';
import { describe } from '../parts/describe';
import { lazy } from '../parts/lazy';
import { Switch } from '../parts/Switch';

const EmbedTab = lazy(async () => (await import('./EmbedTab')).EmbedTab, 'The frame');
const ForClass = lazy(
  async () => (await import('./ForClass')).ForClass,
  'What there is for a class',
);

const WAYS = [
  { value: 'link', label: 'Link' },
  { value: 'embed', label: 'Embed' },
  { value: 'class', label: 'For a class' },
] as const;

const TITLES = {
  link: 'A link to what is on screen',
  embed: 'An exhibit in a page of yours',
  class: 'A link for a class',
} as const;

const way = signal<keyof typeof TITLES>('link');
function LinkTab() {
  const lines = useComputed(() => describe(recipe.value)).value;
  const digest = useComputed(() => network.value?.digest).value;
  return (
    <>
      <p class="muted">
        It holds the recipe, not the network: whoever opens it trains and cuts the same network
        again in their own browser, and sees whether it came out the same, bit for bit.
      </p>
      <CopyText label="Link" button="Copy link" value={shareLink.value} testid="share-link" />
      <h3>What is in it</h3>
      <ol>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {digest && (
          <li>
            the network’s digest, <code>{digest}</code>
          </li>
        )}
      </ol>
    </>
  );
}

export function Share() {
  const shown = way.value;
  return (
    <>
      <Switch
        legend="Share as"
        name="share-as"
        options={WAYS}
        value={shown}
        onValue={(next) => {
          way.value = next;
        }}
      />
      <h2>{TITLES[shown]}</h2>
      {shown === 'link' && <LinkTab />}
      {shown === 'embed' && <EmbedTab />}
      {shown === 'class' && <ForClass />}
    </>
  );
}
