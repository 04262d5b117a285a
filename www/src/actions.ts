/**
 * Everything a visitor can do. Exhibits call these and never touch the engine; each returns at
 * once, and its outcome (or a sentence about what went wrong) arrives in `state.ts`.
 */
import { batch } from '@preact/signals';
import { fittingImages, ownImages } from './bring/state';
import { keeping, type Norm, withMethod, withNorm } from './engine/attacks';
import { withCriterion, withWhat } from './engine/criteria';
import { type Controls, defaultControls, emptyRecipe, type Group } from './engine/defaults';
import { Engine } from './engine/engine';
import { firstHalf } from './engine/firstHalf';
import { networkKey } from './engine/keys';
import { sentenceOf } from './engine/loader';
import { attacked } from './engine/meaning';
import { dismissNotice, notify } from './engine/notices';
import type { Handed } from './engine/protocol';
import { same, withMoreTraining, withTraining } from './engine/recipes';
import type { Session } from './engine/session';
import type { AttackMethod, ImageFiles, PruneSettings } from './engine/types';
import { script } from './scripts';
import {
  type Before,
  controls,
  curveShown,
  data,
  deepTiles,
  frame,
  history,
  imageIndex,
  kept,
  offered,
  rawDigits,
  recipe,
  type StudyName,
  subject,
  visits,
} from './state';
import { locked } from './teachingState';
import { forgetTrials } from './trialsState';

let running: Engine | null = null;

/** Starts the engine: workers, data, and the link in the address bar. Called once. */
export function start(): void {
  if (running) return;
  running = new Engine(startWorker);
  running.start();
}

/** Puts the visitor's own images in the place of MNIST's, or MNIST's back; the lab begins anew. */
export function useImages(images: ImageFiles | null): void {
  if (!running) return;
  const { networks } = running.brought;
  running.stop();
  const fresh = fittingImages(defaultControls(), images);
  batch(() => {
    // What was measured on other images says nothing of these, and its networks are gone.
    forgetTrials();
    kept.value = [];
    ownImages.value = images && {
      digest: images.digest,
      train: images.trainLabels.length,
      test: images.testLabels.length,
    };
    controls.value = fresh;
    history.value = { entries: [emptyRecipe(fresh)], at: 0 };
    rawDigits.value = [];
    imageIndex.value = 0;
    subject.value = 'test';
    data.value = { phase: 'loading', train: 0, test: 0, trainTotal: 0, testTotal: 0 };
  });
  running = new Engine(startWorker, { networks, images });
  running.start();
}

function startWorker(): Worker {
  const worker = new Worker(script('worker'), { type: 'module' });
  const hand = (core: Omit<Handed, 'kind'>) => worker.postMessage({ kind: 'core', ...core });
  firstHalf().then(
    (module) => {
      try {
        hand({ module });
      } catch {
        // It cannot be handed over: the worker fetches it itself.
        hand({ module: null });
      }
    },
    (error) => hand({ module: null, sentence: sentenceOf(error) }),
  );
  return worker;
}

/** For the actions of exhibits that are loaded later; null before the engine runs. */
export function engineRunning(): Engine | null {
  return running;
}

export function setControl<G extends Group, K extends keyof Controls[G]>(
  group: G,
  key: K,
  value: Controls[G][K],
): void {
  const before = controls.peek();
  if (same(before[group][key], value)) return;
  controls.value = { ...before, [group]: { ...before[group], [key]: value } };
  if (group === 'attack' || group === 'measure' || group === 'distortion') {
    running?.session.measuresChanged();
  } else if (group === 'prune') running?.session.changed();
}

/** Sets the attack and what is measured at once. */
export function setControls(next: Pick<Controls, 'attack' | 'measure'>): void {
  controls.value = { ...controls.peek(), ...next };
  running?.session.measuresChanged();
}

/** Attacks by another method, with its usual settings. */
export function chooseMethod(method: AttackMethod): void {
  changeAttack(withMethod(controls.peek(), method));
}

/** Measures perturbations in another norm, at sizes that are usual in it. */
export function chooseNorm(norm: Norm): void {
  changeAttack(withNorm(controls.peek(), norm));
}

/** What a link locks stays as it is; where the new attack cannot have it so, nothing changes. */
function changeAttack(next: Pick<Controls, 'attack' | 'measure'>): void {
  const kept = keeping(locked.peek(), controls.peek(), next);
  if (typeof kept === 'string') {
    notify('info', kept);
    // The chooser shows again what is still so.
    controls.value = { ...controls.peek(), attack: { ...controls.peek().attack } };
  } else setControls(kept);
}

/** Trains from scratch with the controls as they are. */
export function train(): void {
  if (!running) return;
  const recipe = withTraining(controls.peek());
  if (same(recipe, running.session.target)) {
    if (!running.session.busy) {
      notify(
        'info',
        'Same settings, same seed: training again would give the same network, bit for bit.',
      );
    }
    return;
  }
  running.session.preview.end();
  running.session.propose(recipe, true);
}

/**
 * Goes on training the current network, on clean images or against the attack of the train
 * controls; what is pruned stays pruned.
 */
export function trainMore(epochs: number, on: 'clean' | 'attacked' = 'clean'): void {
  const session = ready('trained further');
  const { train } = controls.peek();
  const settings = on === 'attacked' ? attacked(train) : { ...train, against: 'none' as const };
  session?.propose(withMoreTraining(session.target, settings, epochs), true);
}

/** Prunes something else, by a criterion that can rank it. */
export function chooseWhat(what: PruneSettings['what']): void {
  const before = controls.peek();
  controls.value = { ...before, prune: withWhat(before.prune, what) };
  running?.session.changed();
}

export function chooseCriterion(by: PruneSettings['by']): void {
  const before = controls.peek();
  controls.value = { ...before, prune: withCriterion(before.prune, by) };
  running?.session.changed();
}

export function pause(): void {
  running?.session.pause(true);
}

export function resume(): void {
  running?.session.pause(false);
}

/** Stops what is under way; the network stays what it was. */
export function cancel(): void {
  running?.session.cancel();
}

/** What the tiles of deeper layers show. */
export function showDeepTiles(what: 'patterns' | 'weights'): void {
  deepTiles.value = what;
  running?.session.changed();
}

export function undo(): void {
  running?.session.move(-1);
}

export function redo(): void {
  running?.session.move(1);
}

export function selectImage(index: number): void {
  batch(() => {
    subject.value = 'test';
    imageIndex.value = index;
    frame.value = null;
  });
  running?.session.changed();
}

/** Looks at a place along the attack's way; null looks at what it came to. */
export function scrub(to: number | null): void {
  frame.value = to;
}

/** Back to the page as it opened; undo brings everything back. */
export function reset(): void {
  running?.session.reset();
}

/** Opens a link because the visitor said so; one that another page gives may have to wait for that. */
export function openLink(link: string, said = true): void {
  running?.openLink(link, said);
}

/** Begins the work of a link that waits. */
export function goAhead(): void {
  const link = offered.peek();
  if (link) running?.session.open(link.link, link.fresh, true);
}

/** Lets a link go that waits. */
export function leaveLink(): void {
  offered.value = null;
}

/** Starts the worker again that was given up. */
export function startAgain(): void {
  running?.again();
}

/** Fetches again whatever data did not arrive. */
export function retryData(): void {
  running?.retryData();
}

export function dismiss(id: number): void {
  dismissNotice(id);
}

/** Measures the curve now, if it is not there yet (it also comes by itself). */
export function measureCurve(): void {
  running?.session.changed();
}

/** Looks at one of the two curves; that one is measured first. */
export function showCurve(which: 'amount' | 'size'): void {
  curveShown.value = which;
  running?.session.changed();
}

/** Attacks from every digit to every other one: ten attacks, so only when asked for. */
export function measureTargets(): void {
  running?.session.measures.matrices.aim();
  running?.session.changed();
}

/** Puts the network on screen aside, to compare others with. */
export function keepNetwork(): void {
  if (!running) return;
  const { measures } = running.session;
  const sentence = running.session.settled
    ? measures.matrices.keep(measures.visits.nameOf(recipe.peek()))
    : 'The network is still changing: keep it once it is done.';
  if (sentence) notify('info', sentence);
  running.session.changed();
}

export function renameKept(digest: string, name: string): void {
  running?.session.measures.matrices.rename(digest, name);
}

export function removeKept(digest: string): void {
  running?.session.measures.matrices.remove(digest);
  running?.session.changed();
}

/** Opens or closes an exhibit of the laboratory; what is open is measured. */
export function openStudy(name: StudyName, open: boolean): void {
  running?.session.measures.laboratory.open(name, open);
  running?.session.changed();
}

/** Chooses the network that filters are compared with. */
export function compareFiltersWith(before: Before): void {
  running?.session.measures.laboratory.compareWith(before);
  running?.session.changed();
}

/** To any entry of the history; what came after it stays there. */
export function goTo(entry: number): void {
  running?.session.goTo(entry);
}

/** Calls the network of an entry by a name; a kept one is called so, too. */
export function renameStep(entry: number, name: string): void {
  const at = history.peek().entries[entry];
  if (!running || !at) return;
  const { visits: known, matrices } = running.session.measures;
  known.rename(at, name);
  const digest = visits.peek().get(networkKey(at))?.facts.digest;
  if (digest) matrices.rename(digest, name);
}

/** Puts the networks of two entries side by side. */
export function compare(left: number, right: number): void {
  const { entries } = history.peek();
  const [first, second] = [entries[left], entries[right]];
  if (!running || !first || !second) return;
  running.session.measures.visits.compare(first, second);
  running.session.changed();
}

export function endComparison(): void {
  running?.session.measures.visits.endComparison();
  running?.session.changed();
}

/** The session, when there is a network that can be changed; else a sentence says why not. */
export function ready(what: string): Session | null {
  const session = running?.session;
  if (!session) return null;
  if (session.busy) {
    notify('info', 'Training is under way: wait until it is done, or cancel it first.');
    return null;
  }
  if (session.target.steps.length === 0) {
    notify('info', `There is no network to be ${what} yet: train one first.`);
    return null;
  }
  return session;
}
