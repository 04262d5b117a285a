// The packed images, as the build made them for the page.

const PIXELS = 784;

/** Chunks of a set in file order, unpacked, until `count` images are covered. */
export async function chunks(set, count) {
  const manifest = await (await fetch('data/manifest.json')).json();
  const wanted = manifest.chunks
    .filter((info) => info.set === set && info.first < count)
    .sort((a, b) => a.first - b.first);
  return Promise.all(
    wanted.map(async (info) => {
      const packed = (await fetch(`data/${info.file}`)).body;
      const unpacked = packed.pipeThrough(new DecompressionStream('gzip'));
      return { info, bytes: new Uint8Array(await new Response(unpacked).arrayBuffer()) };
    }),
  );
}

/** The first `count` images of a set as the peers take them: pixels from 0 to 1, and labels. */
export async function images(set, count) {
  const pixels = new Float32Array(count * PIXELS);
  const labels = new Uint8Array(count);
  for (const { info, bytes } of await chunks(set, count)) {
    const taken = Math.min(info.count, count - info.first);
    labels.set(bytes.subarray(0, taken), info.first);
    const values = bytes.subarray(info.count, info.count + taken * PIXELS);
    pixels.set(
      Float32Array.from(values, (byte) => byte / 255),
      info.first * PIXELS,
    );
  }
  return { pixels, labels };
}

/** The numbers below `count` in random order. */
export function shuffled(count) {
  const order = Uint32Array.from({ length: count }, (_, place) => place);
  for (let place = count - 1; place > 0; place -= 1) {
    const other = Math.floor(Math.random() * (place + 1));
    [order[place], order[other]] = [order[other], order[place]];
  }
  return order;
}
