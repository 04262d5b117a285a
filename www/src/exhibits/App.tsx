/** The page: header, news, the lab, the words below it. */
import { useComputed } from '@preact/signals';
import { engine } from '../state';
import { About } from './About';
import { Attack } from './Attack';
import { Distortion } from './Distortion';
import { Draw } from './Draw';
import { Dropping } from './Dropping';
import { Gallery } from './Gallery';
import { Header } from './Header';
import { History } from './History';
import { Inspector } from './Inspector';
import { Laboratory } from './Laboratory';
import { Matrices } from './Matrices';
import { Network } from './Network';
import { News, Unsupported } from './News';
import { Outcome } from './Outcome';
import { Prune } from './Prune';
import { narrow } from './parts/hooks';
import { Summary } from './Summary';
import { Train } from './Train';
import { Trials } from './Trials';
import { Welcome } from './Welcome';

/** Controls to the left of what they change, figures to the right. */
function Wide() {
  return (
    <main class="lab" id="lab">
      <div class="rail">
        <Train />
        <Attack />
        <Prune />
      </div>
      <div class="centre">
        <Network />
        <Distortion />
      </div>
      <div class="outcome">
        <Outcome />
      </div>
      <div class="strip-gallery">
        <Gallery />
      </div>
    </main>
  );
}

/** One column, each control before what it changes. */
function Narrow() {
  return (
    <main class="lab" id="lab">
      <div class="rail">
        <Welcome />
        <Train />
      </div>
      <div class="outcome">
        <Outcome />
      </div>
      <div class="rail">
        <Attack />
      </div>
      <div class="centre">
        <Network />
      </div>
      <div class="strip-gallery">
        <Gallery />
      </div>
      <div class="rail">
        <Prune />
      </div>
      <div class="centre">
        <Distortion />
      </div>
      <Summary />
    </main>
  );
}

export function App() {
  const unsupported = useComputed(() => engine.value.phase === 'unsupported').value;
  return (
    <>
      <a class="skip" href="#lab">
        Skip to the lab
      </a>
      <Header />
      <News />
      {unsupported ? <Unsupported /> : narrow.value ? <Narrow /> : <Wide />}
      {!unsupported && <History />}
      {!unsupported && <Matrices />}
      {!unsupported && <Trials />}
      {!unsupported && <Laboratory />}
      <Draw />
      <Dropping />
      <About />
      <Inspector />
    </>
  );
}
