/** One picture of 28 × 28 pixels, scaled without blur. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { SIDE } from '../../plots/weightMap';

export function Pixels({
  paint,
  label,
  className = '',
}: {
  /** Fills 784 pixels; a new function paints anew. */
  paint: (out: Uint32Array) => void;
  /** What it shows; without it the picture is decoration. */
  label?: string;
  className?: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const pixels = new ImageData(SIDE, SIDE);
    paint(new Uint32Array(pixels.data.buffer));
    context.putImageData(pixels, 0, 0);
  }, [paint]);
  const heard = label ? { role: 'img' as const, 'aria-label': label } : { 'aria-hidden': true };
  return (
    <canvas ref={canvas} width={SIDE} height={SIDE} class={`pixels ${className}`} {...heard} />
  );
}
