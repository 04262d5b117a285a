/**
 * Everything a visitor can do. Exhibits call these and never touch the engine; each returns at
 * once, and its outcome (or a sentence about what went wrong) arrives in `state.ts`.
 */
import type { Controls, Group } from './state';

/** Starts the engine: workers, data, and the link in the address bar. Called once. */
export function start(): void {}

export function setControl<G extends Group, K extends keyof Controls[G]>(
  _group: G,
  _key: K,
  _value: Controls[G][K],
): void {}

/** Trains from scratch with the controls as they are. */
export function train(): void {}

/** Goes on training the current network; what is pruned stays pruned. */
export function trainMore(_epochs: number): void {}

export function pause(): void {}
export function resume(): void {}

/** Stops what is under way; the network stays what it was. */
export function cancel(): void {}

/** Shows what pruning `amount` percent would do, until `endPreview` or `prune`. */
export function previewPrune(_amount: number): void {}
/** Shows what cutting these units as well would do, until `endPreview` or `toggleUnits`. */
export function previewUnits(_layer: number, _units: number[]): void {}
export function endPreview(): void {}

/** Prunes as the prune controls say; a prune step on top is replaced. */
export function prune(): void {}

/** Prunes units by hand, or restores them; without `pruned` each changes over. */
export function toggleUnits(_layer: number, _units: number[], _pruned?: boolean): void {}

export function undo(): void {}
export function redo(): void {}

export function selectImage(_index: number): void {}

/** Back to the page as it opened; undo brings everything back. */
export function reset(): void {}

/** Fetches again whatever data did not arrive. */
export function retryData(): void {}

export function dismiss(_id: number): void {}

/** Measures the curve now, if it is not there yet. */
export function measureCurve(): void {}
