// A worker with one Lab of the module that users get. `?train=N` says how many training images it
// holds; without it, all. Timed here, so that no message between page and worker counts.
import { answer } from './answer.js';
import { chunks } from './images.js';
import init, { Lab } from './secateurs/secateurs.js';

/** More than any job takes, so that a job is one step and nothing but the job is measured. */
const WHOLE = 1e9;

async function load() {
  const first = await init({ module_or_path: 'secateurs/secateurs_bg.wasm' });
  const second = await fetch('secateurs/secateurs_second.wasm');
  await WebAssembly.instantiate(await second.arrayBuffer(), { first });
  const { memory } = first;
  const lab = new Lab();
  const train = Number(new URL(location).searchParams.get('train') ?? Infinity);
  for (const [set, count] of [
    ['test', Infinity],
    ['train', train],
  ]) {
    for (const { info, bytes } of await chunks(set, count)) lab.addChunk(info, bytes);
  }
  const loaded = memory.buffer.byteLength;
  return {
    memory: () => ({ loaded, now: memory.buffer.byteLength }),
    call: ({ method, args }) => lab[method](...args),
    job({ job }) {
      const begin = performance.now();
      lab.begin(job);
      while (!lab.step(WHOLE).done);
      const result = lab.result();
      return { seconds: (performance.now() - begin) / 1000, result };
    },
  };
}

answer(load());
