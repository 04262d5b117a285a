/** One exhibit alone, for a frame in somebody else’s page. */
import { useComputed } from '@preact/signals';
import { type ComponentType, render } from 'preact';
import { cancel, start, train } from '../actions';
import { Attack } from '../exhibits/Attack';
import { Curves } from '../exhibits/Curves';
import { Distortion } from '../exhibits/Distortion';
import { Draw } from '../exhibits/Draw';
import { Equation } from '../exhibits/Equation';
import { Gallery } from '../exhibits/Gallery';
import { History } from '../exhibits/History';
import { Inspector } from '../exhibits/Inspector';
import { Laboratory } from '../exhibits/Laboratory';
import { Matrices } from '../exhibits/Matrices';
import { Network } from '../exhibits/Network';
import { News, Unsupported } from '../exhibits/News';
import { Figures, Outcome } from '../exhibits/Outcome';
import { Output } from '../exhibits/Output';
import { Prune } from '../exhibits/Prune';
import { drawingOpen, openDrawing } from '../exhibits/parts/drawingOpen';
import { lazy } from '../exhibits/parts/lazy';
import { prefetch } from '../exhibits/parts/soon';
import { theme } from '../exhibits/parts/theme';
import { Train } from '../exhibits/Train';
import { Trajectory } from '../exhibits/Trajectory';
import { engine, network, shareLink, training } from '../state';
import { teaching } from '../teachingState';
import '../styles/embed.css';
import { type Embeddable, embeddable, frameTheme, pageAddress } from './exhibits';
import { listen } from './handle';

const Findings = lazy(async () => (await import('../exhibits/Findings')).Findings, 'The findings');
const Race = lazy(async () => (await import('../exhibits/Race')).Race, 'The race');
const Task = lazy(async () => (await import('../exhibits/teaching/Task')).Task, 'The task');
const Sweep = lazy(async () => (await import('../exhibits/Sweep')).Sweep, 'The sweep');

/** Test images stand below what happens to the one that is chosen. */
const Images = () => (
  <>
    <div class="embed-image">
      <Equation />
      <Output />
    </div>
    <Gallery />
  </>
);

const SHOWN: Record<string, ComponentType> = {
  network: () => (
    <div class="centre">
      <Network />
    </div>
  ),
  train: Train,
  attack: () => (
    <div class="embed-two">
      <Attack />
      <div class="embed-image">
        <Equation />
        <Output />
        <Trajectory />
      </div>
    </div>
  ),
  prune: () => (
    <div class="embed-two">
      <Prune />
      <Figures />
    </div>
  ),
  outcome: () => (
    <div class="embed-two">
      <Outcome />
    </div>
  ),
  curve: Curves,
  distortion: Distortion,
  gallery: Images,
  draw: () => (
    <>
      <div class="embed-image">
        <Equation />
        <Output />
      </div>
      <Draw />
    </>
  ),
  history: History,
  matrices: Matrices,
  laboratory: Laboratory,
  findings: Findings,
  race: Race,
  sweep: Sweep,
};

/** These ask the core for what they show, or show the digits themselves, from the beginning. */
const AT_ONCE: ReadonlySet<string> = new Set([
  'draw',
  'gallery',
  'laboratory',
  'findings',
  'race',
  'sweep',
]);
/** These train what they need themselves. */
const BY_THEMSELVES: ReadonlySet<string> = new Set(['train', 'findings', 'race', 'sweep']);

/** Nothing is computed before somebody asks for it. */
function Begin({ begin }: { begin: () => void }) {
  const has = useComputed(() => network.value !== null).value;
  const { phase, what, fraction } = training.value;
  if (has && phase === 'idle') return null;
  if (phase !== 'idle') {
    return (
      <div class="embed-begin">
        <p role="status">{what || 'Training'}</p>
        <div class="meter" aria-hidden="true">
          <span style={{ width: `${fraction * 100}%` }} />
        </div>
        <button type="button" class="button plain" onClick={cancel}>
          Cancel
        </button>
      </div>
    );
  }
  return (
    <div class="embed-begin">
      <button type="button" class="button main" data-testid="begin" onClick={begin}>
        Train a network
      </button>
      <p class="small muted">
        In your browser, in some seconds; it fetches 11 MB of digits first, and uploads nothing.
      </p>
    </div>
  );
}

function Foot() {
  const address = useComputed(() => pageAddress(shareLink.value || location.href)).value;
  return (
    <p class="embed-foot small">
      <a href={address} target="_blank" rel="noopener">
        Open in Secateurs
      </a>
    </p>
  );
}

function Embed({ shown, begin }: { shown: Embeddable; begin: () => void }) {
  const Body = SHOWN[shown.name];
  const unsupported = useComputed(() => engine.value.phase === 'unsupported').value;
  const task = useComputed(() => teaching.value.task !== null).value;
  return (
    <main class="embed" data-embed={shown.name} id="lab" aria-labelledby="embed-title">
      <h1 class="heard" id="embed-title">
        {shown.label}
      </h1>
      <News />
      {task && !unsupported && <Task />}
      {!BY_THEMSELVES.has(shown.name) && !unsupported && <Begin begin={begin} />}
      {unsupported ? <Unsupported /> : Body && <Body />}
      <Foot />
      <Inspector />
    </main>
  );
}

/** Fills the page with the exhibit of this name. */
export function embed(root: HTMLElement, name: string): void {
  document.documentElement.dataset.embed = name;
  // The page around it knows its own colours; what a visitor chose on the whole page is not asked.
  theme.value = frameTheme(location.search);
  const shown = embeddable(name);
  if (typeof shown === 'string') {
    render(
      <main class="embed" id="lab">
        <h1 class="heard">Secateurs</h1>
        <p role="alert">{shown}</p>
        <Foot />
      </main>,
      root,
    );
    return;
  }
  const begin = () => {
    start();
    prefetch();
    train();
  };
  if (name === 'draw') openDrawing();
  render(<Embed shown={shown} begin={begin} />, root);
  if (AT_ONCE.has(name) || name === 'train' || location.hash.length > 1) start();
  // Choosing a test image puts the sheet away, which here is all there is.
  if (name === 'draw') drawingOpen.subscribe((open) => open || openDrawing());
  listen(start, root);
  prefetch();
}
