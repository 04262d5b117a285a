import { effect } from '@preact/signals';
import { render } from 'preact';
import { start } from './actions';
import { App } from './exhibits/App';
import { arrival, NotArrived } from './exhibits/parts/arrival';
import { prefetch } from './exhibits/parts/soon';
import { data } from './state';
import { chooseLanguage } from './words/languages';
import './styles/index.css';

const loadEmbed = () => import('./embed/Embed');

const exhibit = new URLSearchParams(location.search).get('embed');

/** Shows the page; starting what computes is a task of its own, so that neither is a long one. */
function open(): void {
  const root = document.getElementById('app');
  if (!root) return;
  root.replaceChildren();
  if (exhibit === null) {
    render(<App />, root);
    setTimeout(() => {
      start();
      // An exhibit in somebody else’s page keeps nothing.
      prefetch(({ keeper }) => void keeper.start());
    });
  } else {
    openAlone(root, exhibit);
  }
}

/** One exhibit by itself, for a frame in another page. */
function openAlone(root: HTMLElement, name: string): void {
  arrival(loadEmbed).then(
    ({ embed }) => {
      render(null, root);
      embed(root, name);
    },
    () => {
      const sentence = 'The exhibit did not arrive; is the connection down?';
      const again = () => openAlone(root, name);
      render(<NotArrived sentence={sentence} load={loadEmbed} again={again} />, root);
    },
  );
}

// Texts are put into the page's language on their way into it. Not in the task in which the
// document is done: at its end the browser lays out what there is.
chooseLanguage().then(() => setTimeout(open));

if (import.meta.env.PROD) {
  // Not before everything is here: what the visitor waits for comes first.
  const stop = effect(() => {
    if (data.value.phase !== 'ready') return;
    import('./offline').then(
      ({ keepOffline }) => keepOffline(),
      () => {},
    );
    queueMicrotask(() => stop());
  });
}
