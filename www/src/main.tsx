import { render } from 'preact';
import { start } from './actions';
import { App } from './exhibits/App';
import { prefetch } from './exhibits/parts/soon';
import './styles/index.css';

const root = document.getElementById('app');
if (root) {
  root.replaceChildren();
  render(<App />, root);
  start();
  prefetch();
}
