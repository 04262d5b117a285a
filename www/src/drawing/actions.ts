/** What a visitor can do with a pen. */
import { batch } from '@preact/signals';
import { engineRunning } from '../actions';
import { drawing, frame, penDown, picture, subject } from '../state';
import { begun, continued, type Point, type Stroke, withoutLast } from './strokes';

/** Puts the visitor's drawing in the place of the test image. */
export function selectDrawing(): void {
  batch(() => {
    if (subject.peek() !== 'drawing') frame.value = null;
    subject.value = 'drawing';
  });
  engineRunning()?.session.changed();
}

/** Puts the pen down; what is drawn is attacked from here on. */
export function penTo(at: Point): void {
  penDown.value = true;
  draw(begun(drawing.peek(), at));
}

/** Moves the pen that is down. */
export function penOver(points: readonly Point[]): void {
  if (penDown.peek()) draw(continued(drawing.peek(), points));
}

export function liftPen(): void {
  if (!penDown.peek()) return;
  penDown.value = false;
  engineRunning()?.session.changed();
}

export function undoStroke(): void {
  penDown.value = false;
  draw(withoutLast(drawing.peek()));
}

export function clearDrawing(): void {
  penDown.value = false;
  draw([]);
}

function draw(strokes: readonly Stroke[]): void {
  picture.value = null;
  if (strokes !== drawing.peek()) drawing.value = strokes;
  selectDrawing();
}
