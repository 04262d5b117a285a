// Our side of the benchmark, as the page is built: one worker trains and scores, and a pool of
// workers, each with a Lab of its own, attacks and evaluates.
import { Caller } from './caller.js';
import { slide } from './slider.js';

/** Images handed to a worker at a time, as the page does of 10,000. */
const BLOCK = 512;
/** The network of most measurements, 784-256-128-10. */
const HIDDEN = [256, 128];
const PGD = {
  method: 'pgd',
  norm: 'linf',
  steps: 1,
  step: 0,
  start: 'random',
  restarts: 1,
  target: -1,
};

class Worker {
  #caller;

  constructor(script) {
    this.#caller = new Caller(script);
  }

  memory = () => this.#caller.ask({ work: 'memory' });
  call = (method, ...args) => this.#caller.ask({ work: 'call', method, args });
  job = (job) => this.#caller.ask({ work: 'job', job });
}

const lab = new Worker('lab.js');

/** Workers that attack and evaluate; they load the test images, and a few to make a network of. */
const pool = [];

async function evaluators(count) {
  while (pool.length < count) {
    const worker = new Worker('lab.js?train=128');
    // A Lab scores on as many test images as its recipe says, so it needs any recipe at all.
    const steps = [{ step: 'train', epochs: 1, images: 128 }];
    await worker.job({ job: 'replay', recipe: { network: { hidden: [1] }, steps } });
    pool.push(worker);
  }
  return pool.slice(0, count);
}

const kept = {};

/** The network of a recipe as bytes, made once. */
async function network(name, recipe) {
  kept[name] ??= lab.job({ job: 'replay', recipe }).then(() => lab.call('networkBytes'));
  return kept[name];
}

/** The default recipe's network, 784-128-64-10. */
const standard = () => network('standard', {});

function usual() {
  const steps = [{ step: 'train', epochs: 1, images: 12_800 }];
  return network('usual', { network: { hidden: HIDDEN }, steps });
}

async function train({ images, round }) {
  const steps = [{ step: 'train', epochs: 1, images }];
  // Another seed each time: a training once done is remembered, not repeated.
  const recipe = { network: { hidden: HIDDEN, seed: round }, steps };
  const { seconds } = await lab.job({ job: 'replay', recipe });
  return { rate: images / seconds };
}

/** Steps of PGD over whole images, none of which leaves early. */
async function craft(bytes, { images, attack }) {
  const [worker] = await evaluators(1);
  await worker.call('loadNetwork', bytes);
  const settings = { ...PGD, ...attack };
  const job = { job: 'attack', settings, seed: 0, from: 0, to: images, purpose: 'craft' };
  const { seconds } = await worker.job(job);
  // Whoever wanted the images would take them now; otherwise they stay in memory.
  await worker.call('attackImages');
  return (images * attack.steps) / seconds;
}

/** Scores all test images: of a network just loaded nothing is known but which pixels are lit. */
async function score(bytes) {
  const [worker] = await evaluators(1);
  await worker.call('loadNetwork', bytes);
  const { seconds, result } = await worker.job({ job: 'score' });
  return {
    rate: result.clean.total / seconds,
    accuracy: result.clean.correct / result.clean.total,
  };
}

async function robust({ images, attack, workers }) {
  const team = await evaluators(workers);
  const bytes = await standard();
  for (const worker of team) await worker.call('loadNetwork', bytes);
  const settings = { ...PGD, ...attack };
  let [next, correct] = [0, 0];
  const begin = performance.now();
  await Promise.all(
    team.map(async (worker) => {
      while (next < images) {
        const from = next;
        const to = Math.min(images, from + BLOCK);
        next = to;
        const job = { job: 'attack', settings, seed: 0, from, to, purpose: 'evaluate' };
        const { result } = await worker.job(job);
        correct += result.correct;
      }
    }),
  );
  return { seconds: (performance.now() - begin) / 1000, accuracy: correct / images };
}

/** What training on, attacking and evaluating costs when this much is pruned. */
async function prune({ what, amount, round, images, attack, attacked }) {
  const recipe = {
    network: { hidden: HIDDEN },
    steps: [
      { step: 'train', epochs: 1, images: 12_800 },
      { step: 'prune', what, by: 'magnitude', amount },
    ],
  };
  await lab.job({ job: 'replay', recipe });
  const bytes = await lab.call('networkBytes');
  // A rate that no round had before, for the same reason.
  const rate = 0.001 + round * 1e-7;
  const more = { step: 'train', from: 'current', epochs: 1, images, rate };
  const { seconds } = await lab.job({
    job: 'replay',
    recipe: { ...recipe, steps: [...recipe.steps, more] },
  });
  return {
    train: images / seconds,
    pgd: await craft(bytes, { images: attacked, attack }),
    evaluate: (await score(bytes)).rate,
  };
}

/** Five standard epochs, and learning a mask of 80 % on top of them, in the same worker. */
async function mask({ round }) {
  const recipe = { network: { seed: round }, steps: [{ step: 'train', epochs: 5 }] };
  const trained = await lab.job({ job: 'replay', recipe });
  const steps = [...recipe.steps, { step: 'learn', amount: 80 }];
  const masked = await lab.job({ job: 'replay', recipe: { ...recipe, steps } });
  return { 'five epochs, s': trained.seconds, 'mask, s': masked.seconds };
}

async function slider() {
  await lab.job({ job: 'replay', recipe: {} });
  return slide(lab);
}

const works = {
  train,
  prune,
  mask,
  robust,
  autoattack: robust,
  slider,
  pgd: async (request) => ({ rate: await craft(await usual(), request) }),
  evaluate: async () => score(await usual()),
  memory: lab.memory,
};

export async function ask(request) {
  const work = works[request.work];
  if (!work) throw new Error(`there is no “${request.work}” here`);
  return work(request);
}
