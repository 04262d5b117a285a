/** The page: header, news, the lab, the words below it. */
import { useComputed } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { engine } from '../state';
import { hidden, teaching } from '../teachingState';
import { Attack } from './Attack';
import { Distortion } from './Distortion';
import { Dropping } from './Dropping';
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
import { lazy } from './parts/lazy';
import { Place } from './parts/Place';
import { soon } from './parts/soon';
import { Summary } from './Summary';
import { Train } from './Train';
import { Trials } from './Trials';
import { Welcome } from './Welcome';

const About = soon((all) => all.About);
const Announcer = soon((all) => all.Announcer);
const Draw = soon((all) => all.Draw);
const Inspector = soon((all) => all.Inspector);
const Printed = soon((all) => all.Printed);
const Presenter = lazy(
  async () => (await import('./teaching/Presenter')).Presenter,
  'The presenter mode',
);
const Task = lazy(async () => (await import('./teaching/Task')).Task, 'The task');

/** Whether any of these is on the page; a column of which nothing is left closes. */
function useAny(...names: string[]): boolean {
  return useComputed(() => names.some((name) => !hidden.value.has(name))).value;
}

/** Controls to the left of what they change, figures to the right. */
function Wide() {
  const rail = useAny('train', 'attack', 'prune');
  const centre = useAny('network', 'distortion');
  const outcome = useAny('outcome', 'curve');
  const gallery = useAny('gallery');
  return (
    <main class="lab" id="lab">
      {rail && (
        <div class="rail">
          <Train />
          <Attack />
          <Prune />
        </div>
      )}
      {centre && (
        <div class="centre">
          <Place name="network">
            <Network />
          </Place>
          <Place name="distortion">
            <Distortion />
          </Place>
        </div>
      )}
      {outcome && (
        <div class="outcome">
          <Outcome />
        </div>
      )}
      {gallery && (
        <div class="strip-gallery">
          <Place name="gallery">
            <Gallery />
          </Place>
        </div>
      )}
    </main>
  );
}

/** One column, each control before what it changes. */
function Narrow() {
  const outcome = useAny('outcome', 'curve');
  const gallery = useAny('gallery');
  return (
    <main class="lab" id="lab">
      <div class="rail">
        <Welcome />
        <Train />
      </div>
      {outcome && (
        <div class="outcome">
          <Outcome />
        </div>
      )}
      {useAny('attack') && (
        <div class="rail">
          <Attack />
        </div>
      )}
      <Place name="network">
        <div class="centre">
          <Network />
        </div>
      </Place>
      {gallery && (
        <div class="strip-gallery">
          <Place name="gallery">
            <Gallery />
          </Place>
        </div>
      )}
      {useAny('prune') && (
        <div class="rail">
          <Prune />
        </div>
      )}
      <Place name="distortion">
        <div class="centre">
          <Distortion />
        </div>
      </Place>
      {useAny('outcome') && <Summary />}
    </main>
  );
}

/** Below the lab, and made after it: the first screen does not wait for what is out of sight. */
function Below() {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true));
    return () => clearTimeout(timer);
  }, []);
  if (!due) return null;
  return (
    <>
      <Place name="history">
        <History />
      </Place>
      <Place name="matrices">
        <Matrices />
      </Place>
      <Trials />
      <Place name="laboratory">
        <Laboratory />
      </Place>
    </>
  );
}

export function App() {
  useEffect(explain, []);
  const unsupported = useComputed(() => engine.value.phase === 'unsupported').value;
  const present = useComputed(() => teaching.value.present).value;
  const task = useComputed(() => teaching.value.task !== null).value;
  if (present && !unsupported) {
    return (
      <>
        <Lessons />
        <News />
        <Presenter />
      </>
    );
  }
  return (
    <>
      <a class="skip" href="#lab">
        Skip to the lab
      </a>
      <Header />
      <Lessons />
      <News />
      <Printed />
      {task && !unsupported && <Task />}
      {unsupported ? <Unsupported /> : narrow.value ? <Narrow /> : <Wide />}
      {!unsupported && <Below />}
      <Place name="draw">
        <Draw />
      </Place>
      <Dropping />
      <Place name="about">
        <About />
      </Place>
      <Inspector />
      {!unsupported && <Announcer />}
    </>
  );
}
