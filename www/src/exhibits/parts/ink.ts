/** The colours of the style sheet, for canvases. */
import { computed } from '@preact/signals';
import { parseColour, type Rgb, rampTable, signedTable } from '../../plots/colour';
import { inkTable } from '../../plots/weightMap';
import { dark, forced } from './theme';

/** Reads a custom property as the colour the browser makes of it in the scheme of the probe. */
function read(probe: HTMLElement, name: string): Rgb {
  probe.style.color = `var(--${name})`;
  return parseColour(getComputedStyle(probe).color);
}

/** Colours of drawings that must look right in either scheme, on screen and in a file. */
export const bothInks = computed(() => {
  void forced.value;
  const probe = document.createElement('span');
  document.body.append(probe);
  const inkOf = (scheme: 'light' | 'dark') => {
    probe.dataset.scheme = scheme;
    return {
      paper: read(probe, 'paper'),
      muted: read(probe, 'line-strong'),
      adaptive: read(probe, 'adaptive'),
      transfer: read(probe, 'transfer'),
    };
  };
  const both = { light: inkOf('light'), dark: inkOf('dark') };
  probe.remove();
  return both;
});

export const ink = computed(() => {
  const scheme = dark.value ? 'dark' : 'light';
  const probe = document.createElement('span');
  // Where the system forces its colours, the style sheet names those itself.
  if (forced.value) probe.style.forcedColorAdjust = 'none';
  else probe.dataset.scheme = scheme;
  document.body.append(probe);
  const colour = {
    scheme,
    paper: read(probe, 'paper'),
    sunk: read(probe, 'sunk'),
    ink: read(probe, 'ink'),
    line: read(probe, 'line'),
    muted: read(probe, 'line-strong'),
    clean: read(probe, 'clean'),
    adaptive: read(probe, 'adaptive'),
    transfer: read(probe, 'transfer'),
    negative: read(probe, 'negative'),
    positive: read(probe, 'positive'),
  };
  probe.remove();
  const { negative, positive, paper } = colour;
  return {
    ...colour,
    signed: signedTable({ negative, zero: paper, positive }),
    digits: inkTable(colour.sunk, colour.ink),
    ramp: rampTable(colour.line, colour.adaptive),
  };
});
