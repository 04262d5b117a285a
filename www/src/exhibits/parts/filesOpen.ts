/** Whether the list of files is open. */
import { signal } from '@preact/signals';

export const filesOpen = signal(false);
