// ConvNetJS 0.3.0. It knows no Adam; Adadelta keeps as many averages and costs about as much.
import { answer } from './answer.js';
import { images, shuffled } from './images.js';

const BATCH = 128;

async function load() {
  // It puts itself on the window, under the name of another library.
  globalThis.window = globalThis;
  await import('./peers/convnet-min.js');
  const convnet = globalThis.jsfeat;
  const test = await images('test', 10_000);
  let net = null;

  const volume = ({ pixels }, index) => {
    const vol = new convnet.Vol(1, 1, 784, 0);
    vol.w.set(pixels.subarray(index * 784, (index + 1) * 784));
    return vol;
  };

  return {
    async train({ images: count }) {
      const set = await images('train', count);
      net = network(convnet);
      const trainer = new convnet.Trainer(net, { method: 'adadelta', batch_size: BATCH });
      const begin = performance.now();
      for (const index of shuffled(count)) trainer.train(volume(set, index), set.labels[index]);
      return { rate: (1000 * count) / (performance.now() - begin) };
    },
    evaluate({ images: count }) {
      let correct = 0;
      const begin = performance.now();
      for (let index = 0; index < count; index += 1) {
        net.forward(volume(test, index));
        if (net.getPrediction() === test.labels[index]) correct += 1;
      }
      const seconds = (performance.now() - begin) / 1000;
      return { rate: count / seconds, accuracy: correct / count };
    },
  };
}

function network(convnet) {
  const net = new convnet.Net();
  net.makeLayers([
    { type: 'input', out_sx: 1, out_sy: 1, out_depth: 784 },
    { type: 'fc', num_neurons: 256, activation: 'relu' },
    { type: 'fc', num_neurons: 128, activation: 'relu' },
    { type: 'softmax', num_classes: 10 },
  ]);
  return net;
}

answer(load());
