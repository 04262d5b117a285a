// How long the page's slider waits: each position scores 10,000 clean and 10,000 old adversarial
// images anew, of which only what the cut touches is computed.

/** Units removed one after the other from each layer. */
const UNITS = 60;
/** Cuts that have nothing to do with the one before. */
const JUMPS = 30;

/** `lab` holds the network that is cut. Returns milliseconds. */
export async function slide(lab) {
  const facts = await lab.call('facts');
  await craftOldImages(lab, facts);
  const milliseconds = {};
  for (const layer of facts.hidden.keys()) {
    const times = await oneByOne(lab, facts.hidden, layer);
    milliseconds[`unit of layer ${layer + 1}`] = median(times);
    milliseconds[`unit of layer ${layer + 1}, slowest`] = Math.max(...times);
  }
  const jumps = await jumpAbout(lab, facts.hidden);
  return { ...milliseconds, jump: median(jumps), 'jump, slowest': Math.max(...jumps) };
}

async function craftOldImages(lab, { oldKey }) {
  const settings = {
    method: 'pgd',
    norm: 'linf',
    eps: 0.05,
    steps: 10,
    step: 0,
    start: 'random',
    restarts: 1,
    target: -1,
  };
  await lab.job({ job: 'attack', settings, seed: 0, from: 0, to: 10_000, purpose: 'craft' });
  await lab.call('setOldImages', oldKey, 0, await lab.call('attackImages'));
}

/** Removes one more unit of this layer again and again, and times each re-scoring. */
async function oneByOne(lab, hidden, layer) {
  const cut = hidden.map(() => []);
  // Fills the caches that the next scorings only update.
  await rescored(lab, cut);
  const times = [];
  for (let unit = 0; unit < Math.min(UNITS, hidden[layer] - 1); unit += 1) {
    cut[layer].push(unit);
    times.push(await rescored(lab, cut));
  }
  return times;
}

/** Cuts a random share of random units of every layer. */
async function jumpAbout(lab, hidden) {
  const times = [];
  for (let jump = 0; jump < JUMPS; jump += 1) {
    const share = Math.random();
    const some = (units) => [...Array(units).keys()].filter(() => Math.random() < share);
    times.push(await rescored(lab, hidden.map(some)));
  }
  return times;
}

async function rescored(lab, units) {
  return 1000 * (await lab.job({ job: 'score', units })).seconds;
}

function median(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
