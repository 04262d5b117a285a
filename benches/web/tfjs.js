// TensorFlow.js as its documentation shows it; `?backend=` names what computes.
import { answer } from './answer.js';
import { images } from './images.js';

const BATCH = 128;

async function load() {
  const backend = new URL(location).searchParams.get('backend');
  await import('./peers/tf.min.js');
  const tf = globalThis.tf;
  if (backend === 'wasm') {
    await import('./peers/tf-backend-wasm.min.js');
    tf.wasm.setWasmPaths('peers/');
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no ${backend} backend`);
  const test = tensors(tf, await images('test', 10_000));
  let model = null;

  return {
    async train({ images: count }) {
      const set = tensors(tf, await images('train', count));
      model?.dispose();
      model = network(tf);
      const begin = performance.now();
      await model.fit(set.x, set.y, {
        batchSize: BATCH,
        epochs: 1,
        verbose: 0,
        yieldEvery: 'never',
      });
      const seconds = (performance.now() - begin) / 1000;
      tf.dispose(set);
      return { rate: count / seconds };
    },
    evaluate({ images: count }) {
      const begin = performance.now();
      const correct = tf.tidy(() => {
        const read = model.predict(test.x.slice(0, count), { batchSize: BATCH }).argMax(1);
        return read.equal(test.y.slice(0, count).argMax(1)).sum().dataSync()[0];
      });
      const seconds = (performance.now() - begin) / 1000;
      return { rate: count / seconds, accuracy: correct / count };
    },
  };
}

function tensors(tf, { pixels, labels }) {
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10).toFloat());
  return { x: tf.tensor2d(pixels, [labels.length, 784]), y };
}

function network(tf) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 256, activation: 'relu', inputShape: [784] }),
      tf.layers.dense({ units: 128, activation: 'relu' }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy' });
  return model;
}

answer(load());
