// Measures the compute core as the page uses it: in a worker, through the same boundary.
import init, { checkRecipe, Lab } from './secateurs.js';

/** More than any job takes, so that a job is one step and nothing but the job is measured. */
const WHOLE = 1e9;

async function load(lab) {
  const manifest = await (await fetch('data/manifest.json')).json();
  for (const info of manifest.chunks) {
    const packed = (await fetch(`data/${info.file}`)).body;
    const bytes = await new Response(
      packed.pipeThrough(new DecompressionStream('gzip')),
    ).arrayBuffer();
    lab.addChunk(info, new Uint8Array(bytes));
  }
  return manifest;
}

/** Runs a job to its end and returns the milliseconds it took. */
function time(lab, job) {
  const begin = performance.now();
  lab.begin(job);
  while (!lab.step(WHOLE).done);
  lab.result();
  return performance.now() - begin;
}

function summary(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], max: sorted[sorted.length - 1] };
}

/** Removes one more unit of this layer again and again, and times each re-scoring. */
function pruneOneByOne(lab, layers, layer, count) {
  const times = [];
  const cut = layers.map(() => []);
  for (let unit = 0; unit < count; unit += 1) {
    cut[layer].push(unit);
    times.push(time(lab, { job: 'score', units: cut }));
  }
  return summary(times);
}

async function measure() {
  await init({ module_or_path: 'secateurs_bg.wasm' });
  const lab = new Lab();
  const manifest = await load(lab);
  const recipe = checkRecipe(
    JSON.stringify({ version: 1, steps: [{ step: 'train', from: 'scratch', epochs: 1 }] }),
  );

  const training = time(lab, { job: 'replay', recipe });
  const facts = lab.facts();
  const settings = { ...recipe.attack, eps: recipe.measure.eps };
  const seed = recipe.network.seed;
  const crafting = time(lab, {
    job: 'attack',
    settings,
    seed,
    from: 0,
    to: manifest.test,
    purpose: 'craft',
  });
  lab.setOldImages(facts.oldKey, 0, lab.attackImages());

  // The first scoring fills the caches that the next ones only update.
  const first = time(lab, { job: 'score' });
  return {
    images: 2 * manifest.test,
    trainingImagesPerSecond: (1000 * manifest.train) / training,
    attackImageStepsPerSecond: (1000 * manifest.test * settings.steps) / crafting,
    firstScore: first,
    layers: facts.hidden.map((units, layer) =>
      pruneOneByOne(lab, facts.hidden, layer, Math.min(60, units - 1)),
    ),
  };
}

try {
  postMessage({ measured: await measure() });
} catch (error) {
  postMessage({ failed: String(error) });
}
