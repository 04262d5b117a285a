/** The page: header, news, the lab, the words below it. */
import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { engine } from '../state';
import { Attack } from './Attack';
import { Distortion } from './Distortion';
import { Gallery } from './Gallery';
import { Header } from './Header';
import { History } from './History';
import { Laboratory } from './Laboratory';
import { Lessons } from './Lessons';
import { Matrices } from './Matrices';
import { Network } from './Network';
import { News, Unsupported } from './News';
import { Outcome } from './Outcome';
import { Prune } from './Prune';
import { explain } from './parts/explaining';
import { narrow } from './parts/hooks';
import { soon } from './parts/soon';
import { Summary } from './Summary';
import { Train } from './Train';
import { Trials } from './Trials';
import { Welcome } from './Welcome';

const About = soon((all) => all.About);
const Draw = soon((all) => all.Draw);
const Inspector = soon((all) => all.Inspector);

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
  useEffect(explain, []);
  const unsupported = useComputed(() => engine.value.phase === 'unsupported').value;
  return (
    <>
      <a class="skip" href="#lab">
        Skip to the lab
      </a>
      <Header />
      <Lessons />
      <News />
      {unsupported ? <Unsupported /> : narrow.value ? <Narrow /> : <Wide />}
      {!unsupported && <History />}
      {!unsupported && <Matrices />}
      {!unsupported && <Trials />}
      {!unsupported && <Laboratory />}
      <Draw />
      <About />
      <Inspector />
    </>
  );
}
