/** Parts of the lab that a step points at; `styles/around.css` draws a ring around the one that is named. */
export const PLACES = {
  train: '.panel[data-place="1"]',
  attack: '.panel[data-place="2"]',
  prune: '.panel[data-place="3"]',
  figures: '.figures',
  clean: '.figure.clean',
  transfer: '.figure.transfer',
  adaptive: '.figure.adaptive',
  certified: '.figure.certified',
  curve: '.curve',
  equation: '.equation',
  distortion: '.distortion',
  checks: '.checks',
  similarity: '[data-testid="study-similarity"]',
  mixture: '[data-testid="study-mixture"]',
} as const;

export type Place = keyof typeof PLACES;

/** Brings a part of the lab into view, without haste and without moving what is in view. */
export function show(place: Place): void {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const target = document.querySelector(PLACES[place]);
  target?.scrollIntoView({ block: 'nearest', behavior: still ? 'instant' : 'smooth' });
}
