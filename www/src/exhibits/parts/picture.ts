/** Pixels as an address that a drawing can show, so that it can be saved with the drawing. */
export function picture(
  width: number,
  height: number,
  paint: (out: Uint32Array) => void,
): string | null {
  if (width < 1 || height < 1) return null;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return null;
  const pixels = new ImageData(width, height);
  paint(new Uint32Array(pixels.data.buffer));
  context.putImageData(pixels, 0, 0);
  return canvas.toDataURL();
}
