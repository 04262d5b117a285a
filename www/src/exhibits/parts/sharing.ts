/** Whether the link to what is on screen is shown, or is about to be. */
import { signal } from '@preact/signals';

export const sharing = signal(false);
