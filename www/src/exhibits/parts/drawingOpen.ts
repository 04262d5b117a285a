/** Whether there is something to draw on. */
import { signal } from '@preact/signals';
import { selectDrawing } from '../../drawing/actions';

export const drawingOpen = signal(false);

export function openDrawing(): void {
  drawingOpen.value = true;
  selectDrawing();
}
