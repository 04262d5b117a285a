/** What a visitor can do to cut: by a criterion, by a learned mask, by hand. */
import { engineRunning, ready, setControl } from './actions';
import { isLong } from './engine/meaning';
import { notify } from './engine/notices';
import {
  changedOver,
  pixelsByHand,
  same,
  toggled,
  withCut,
  withLearn,
  withPrune,
} from './engine/recipes';
import type { Session } from './engine/session';
import type { Recipe } from './engine/types';
import { controls, network } from './state';
import { hidden, locked } from './teachingState';

/** Shows what pruning `amount` percent would do, until `endPreview` or `prune`. */
export function previewPrune(amount: number): void {
  setControl('prune', 'amount', amount);
  engineRunning()?.session.preview.ask({ kind: 'prune', amount });
}

/** Shows what cutting these units as well would do, until `endPreview` or `toggleUnits`. */
export function previewUnits(layer: number, units: number[]): void {
  const layers = (network.peek()?.hidden ?? []).map((_, at) => (at === layer ? units : []));
  previewCut(layers);
}

/** The same for units of several layers. */
export function previewCut(units: readonly (readonly number[])[]): void {
  if (byHandRefused()) return;
  engineRunning()?.session.preview.ask({ kind: 'units', units });
}

export function endPreview(): void {
  engineRunning()?.session.preview.end();
  engineRunning()?.session.changed();
}

/** Prunes as the prune controls say; a prune step on top is replaced. */
export function prune(): void {
  const session = ready('pruned');
  if (!session) return;
  const settings = controls.peek().prune;
  commit(session, withPrune(session.target, settings), isLong(settings));
}

/** Learns which weights or units to prune; a mask learned just before is replaced. */
export function learn(): void {
  const session = ready('pruned');
  if (session) commit(session, withLearn(session.target, controls.peek().learn), true);
}

/** Prunes units by hand, or restores them; without `pruned` each changes over. */
export function toggleUnits(layer: number, units: number[], pruned?: boolean): void {
  cutByHand((mask, pixels) => [toggled(mask, layer, units, pruned), pixels]);
}

/** Prunes units of several layers by hand, or restores them, as one step. */
export function cutUnits(units: readonly (readonly number[])[], pruned: boolean): void {
  cutByHand((mask, pixels) => [
    mask.map((row, layer) => changedOver(row, units[layer] ?? [], pruned)),
    pixels,
  ]);
}

/** Prunes pixels by hand, or restores those that were. */
export function cutPixels(some: readonly number[], pruned: boolean): void {
  cutByHand((mask, pixels) => [mask, changedOver(pixels, some, pruned)]);
}

/** Why nothing can be cut by hand. */
function byHandRefused(): string | null {
  if (locked.peek().has('network')) return 'This link locks cutting by hand.';
  return hidden.peek().has('network') ? 'This link leaves cutting by hand out.' : null;
}

/** A cut by hand, made of what is pruned: the units, and the pixels of cuts by hand on top. */
function cutByHand(change: (units: number[][], pixels: number[]) => [number[][], number[]]): void {
  const refused = byHandRefused();
  if (refused) {
    notify('info', refused);
    return;
  }
  const session = ready('cut');
  if (!session) return;
  const { target } = session;
  const top = target.steps.at(-1);
  // Of a prune step that is not done yet nobody knows the units.
  const mask = top?.step === 'cut' ? top.units : session.settled && network.peek()?.pruned;
  if (mask) commit(session, withCut(target, ...change(mask, pixelsByHand(target))));
  else session.whenSettled(() => cutByHand(change));
}

/** Makes what was previewed. */
function commit(session: Session, recipe: Recipe, slow = false): void {
  if (same(recipe, session.target)) {
    endPreview();
  } else {
    session.preview.commit();
    session.propose(recipe, slow);
  }
}
