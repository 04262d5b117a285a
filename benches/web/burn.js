// Burn on its ndarray backend, compiled with the same flags as the core: see benches/burn.
import { answer } from './answer.js';
import init, { Network } from './burn/bench_burn.js';
import { images, shuffled } from './images.js';

const BATCH = 128;

async function load() {
  await init({ module_or_path: 'burn/bench_burn_bg.wasm' });
  const test = await images('test', 10_000);
  let network = null;

  return {
    async train({ images: count }) {
      const set = await images('train', count);
      network?.free();
      network = new Network();
      const begin = performance.now();
      for (const batch of batches(set, shuffled(count))) network.train(...batch);
      return { rate: (1000 * count) / (performance.now() - begin) };
    },
    evaluate({ images: count }) {
      const begin = performance.now();
      let correct = 0;
      const order = Uint32Array.from({ length: count }, (_, place) => place);
      for (const batch of batches(test, order)) correct += network.evaluate(...batch);
      const seconds = (performance.now() - begin) / 1000;
      return { rate: count / seconds, accuracy: correct / count };
    },
  };
}

function* batches({ pixels, labels }, order) {
  for (let from = 0; from < order.length; from += BATCH) {
    const taken = order.subarray(from, from + BATCH);
    const rows = new Float32Array(784 * taken.length);
    taken.forEach((index, row) => {
      rows.set(pixels.subarray(784 * index, 784 * (index + 1)), 784 * row);
    });
    yield [rows, Uint8Array.from(taken, (index) => labels[index])];
  }
}

answer(load());
