import { effect } from '@preact/signals';
import { render } from 'preact';
import { start } from './actions';
import { App } from './exhibits/App';
import { data } from './state';
import { chooseLanguage } from './words/languages';
import './styles/index.css';

// Texts are put into the page's language on their way into it.
chooseLanguage().then(() => {
  const root = document.getElementById('app');
  if (!root) return;
  root.replaceChildren();
  render(<App />, root);
  start();
  // Nobody prints a page before it is there.
  import('./styles/print.css').catch(() => {});
});

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
