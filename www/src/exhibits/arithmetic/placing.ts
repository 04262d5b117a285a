/** Where a card goes: beside what it explains, and whole within the window. */

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Size {
  width: number;
  height: number;
}

const GAP = 8;
const EDGE = 8;

const within = (value: number, most: number) => Math.max(EDGE, Math.min(value, most - EDGE));

/**
 * Left of it or right of it, else below or above: the first side with room, so that the card never
 * covers what it explains; where there is none, wherever it fits.
 */
export function placed(anchor: Box, card: Size, window: Size): { left: number; top: number } {
  const beside = within(anchor.top - 12, window.height - card.height);
  const along = within(anchor.left, window.width - card.width);
  if (anchor.left - GAP - card.width >= EDGE) {
    return { left: anchor.left - GAP - card.width, top: beside };
  }
  if (anchor.right + GAP + card.width <= window.width - EDGE) {
    return { left: anchor.right + GAP, top: beside };
  }
  if (anchor.bottom + GAP + card.height <= window.height - EDGE) {
    return { left: along, top: anchor.bottom + GAP };
  }
  if (anchor.top - GAP - card.height >= EDGE) {
    return { left: along, top: anchor.top - GAP - card.height };
  }
  // It covers something: then the end of the window that is further from what it explains.
  const low = anchor.top > window.height - anchor.bottom;
  return { left: along, top: low ? EDGE : within(window.height, window.height - card.height) };
}
