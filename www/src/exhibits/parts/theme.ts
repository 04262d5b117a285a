/** Light, dark, or as the system says; remembered where the browser allows it. */
import { computed, effect, signal } from '@preact/signals';
import { onPaper } from './printing';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'secateurs-theme';
const ORDER: readonly Theme[] = ['system', 'light', 'dark'];

function remembered(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return ORDER.find((theme) => theme === stored) ?? 'system';
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
    return 'system';
  }
}

export const theme = signal<Theme>(remembered());

const systemDark = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(systemDark.matches);
systemDark.addEventListener('change', (event) => {
  systemIsDark.value = event.matches;
});

/** The system has colours of its own for every page. */
const forcedColours = matchMedia('(forced-colors: active)');
export const forced = signal(forcedColours.matches);
forcedColours.addEventListener('change', (event) => {
  forced.value = event.matches;
});

/** Canvases are painted, not styled, so they need to know which scheme is shown. */
export const dark = computed(() =>
  onPaper.value ? false : theme.value === 'system' ? systemIsDark.value : theme.value === 'dark',
);

export function nextTheme(): void {
  theme.value = ORDER[(ORDER.indexOf(theme.value) + 1) % ORDER.length] ?? 'system';
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // As above.
  }
}

/** Colours are as the system says again, and nothing is remembered. */
export function forgetTheme(): void {
  theme.value = 'system';
  try {
    localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

effect(() => {
  const root = document.documentElement;
  if (theme.value === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme.value;
});
