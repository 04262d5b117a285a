import { render } from 'preact';
import { start } from './actions';
import { App } from './exhibits/App';
import './styles/index.css';

const root = document.getElementById('app');
const exhibit = new URLSearchParams(location.search).get('embed');
if (root) {
  root.replaceChildren();
  if (exhibit === null) {
    render(<App />, root);
    start();
  } else {
    void import('./embed/Embed').then(({ embed }) => embed(root, exhibit));
  }
}
