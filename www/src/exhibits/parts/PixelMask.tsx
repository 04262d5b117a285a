/** Hatches over the pixels that are cut, above a picture of the input. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { css } from '../../plots/colour';
import { SIDE } from '../../plots/weightMap';
import { ink } from './ink';
import { masked } from './pixelState';

/** Of the canvas for each pixel of the image. */
const CELL = 12;
/** From one line to the next, and how wide one is. */
const LINES = 15;
const LINE = 3;

export function PixelMask() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pixels = masked.value;
  const colours = ink.value;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const side = SIDE * CELL;
    context.clearRect(0, 0, side, side);
    const area = new Path2D();
    for (const pixel of pixels) {
      area.rect((pixel % SIDE) * CELL, Math.floor(pixel / SIDE) * CELL, CELL, CELL);
    }
    context.save();
    context.clip(area);
    context.globalAlpha = 0.55;
    context.fillStyle = css(colours.paper);
    context.fillRect(0, 0, side, side);
    context.globalAlpha = 0.8;
    context.strokeStyle = css(colours.ink);
    context.lineWidth = LINE;
    context.beginPath();
    for (let at = 0; at < 2 * side; at += LINES) {
      context.moveTo(at, 0);
      context.lineTo(at - side, side);
    }
    context.stroke();
    context.restore();
  }, [pixels, colours]);
  if (pixels.size === 0) return null;
  return <canvas ref={canvas} class="mask" width={SIDE * CELL} height={SIDE * CELL} />;
}
