/** Below the lab: exhibits that are loaded and measured once somebody opens them. */
import { useComputed } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { openStudy } from '../actions';
import { laboratory, type StudyName } from '../state';
import { arrival, NotArrived } from './parts/arrival';

interface Exhibit {
  name: StudyName;
  title: string;
  question: string;
  load: () => Promise<{ default: ComponentType }>;
}

const EXHIBITS: readonly Exhibit[] = [
  {
    name: 'similarity',
    title: 'Is it the same units every time?',
    question:
      'Does an attack move the same neurons on other images, for other digits, at other sizes, and would blind noise move them too?',
    load: () => import('./laboratory/Similarity'),
  },
  {
    name: 'mixture',
    title: 'What are filters made of?',
    question:
      'How much of every first-layer filter was kept, how much was taken out, and how fine is what went?',
    load: () => import('./laboratory/Mixture'),
  },
  {
    name: 'pixels',
    title: 'Which pixels are read?',
    question: 'Where do the first layer’s weights look, and what does a cut of pixels leave?',
    load: () => import('./laboratory/PixelView'),
  },
];

type Loaded = ComponentType | 'failed' | null;

function Study({ name, title, question, load }: Exhibit) {
  const id = useId();
  const open = useComputed(() => laboratory[name].value.open).value;
  const [loaded, setLoaded] = useState<{ Body: Loaded }>({ Body: null });
  const missing = open && loaded.Body === null;
  useEffect(() => {
    if (!missing) return;
    arrival(load).then(
      (module) => setLoaded({ Body: module.default }),
      () => setLoaded({ Body: 'failed' }),
    );
  }, [missing, load]);
  const { Body } = loaded;
  return (
    <section class="study" aria-labelledby={`${id}-title`} data-testid={`study-${name}`}>
      <h3 id={`${id}-title`}>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={`${id}-body`}
          onClick={() => openStudy(name, !open)}
        >
          {title}
        </button>
      </h3>
      <p class="question">{question}</p>
      <div id={`${id}-body`} class="body" hidden={!open}>
        {open && Body === 'failed' && (
          <NotArrived
            sentence="This exhibit could not be loaded."
            load={load}
            again={() => setLoaded({ Body: null })}
          />
        )}
        {open && Body !== null && Body !== 'failed' && <Body />}
      </div>
    </section>
  );
}

export function Laboratory() {
  return (
    <section class="laboratory" aria-labelledby="laboratory-title" id="laboratory">
      <h2 id="laboratory-title">Laboratory</h2>
      <p class="muted intro">
        A closer look at the network on screen. What you open is measured on training images, in
        seconds, and again whenever the network changes.
      </p>
      {EXHIBITS.map((exhibit) => (
        <Study key={exhibit.name} {...exhibit} />
      ))}
    </section>
  );
}
