/** A worker of the page: starts the core, owns one Lab, and fetches its images. */
import manifest from 'integrity:manifest.json';
import secondIntegrity from 'integrity:secateurs_second.wasm';
import init, {
  checkRecipe,
  checks,
  experimentFile,
  experimentScript,
  findings,
  findingTrials,
  formatLink,
  judge,
  Lab,
  networkFile,
  parseLink,
  readImageFiles,
  readNetworkFile,
  sha256,
  sweepAreas,
  sweepAxes,
  sweepCells,
  sweepSummary,
  zipTexts,
} from '../generated/secateurs';
import secondWasm from '../generated/secateurs_second.wasm?url';
import { compileFirst } from './firstHalf';
import { Host } from './host';
import { brokeDown } from './lastWords';
import { Loader, sentenceOf } from './loader';
import type { FromWorker, Handed, Start, ToWorker } from './protocol';
import { SecondHalf } from './secondHalf';

const post = (message: FromWorker, transfer: Transferable[] = []) =>
  postMessage(message, { transfer });

let host: Host | null = null;
let loader: Loader | null = null;
/** Messages that come before the wasm is there. */
const early: ToWorker[] = [];

addEventListener('message', ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.kind === 'start') void start(message);
  else if (message.kind === 'core') arrived(message);
  else if (message.kind === 'ping') post({ kind: 'pong' });
  else if (message.kind === 'retryData') void loader?.load();
  else if (host) host.handle(message);
  else early.push(message);
});

// Whoever waits for what failed here would wait for ever.
addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  post({ kind: 'dead', sentence: brokeDown(event.reason) });
});

/** Resolves with what the page has compiled. */
let arrived: (core: Handed) => void = () => {};
const handed = new Promise<Handed>((resolve) => {
  arrived = resolve;
});

async function firstHalf(): Promise<WebAssembly.Module> {
  const { module, sentence } = await handed;
  if (sentence !== undefined) throw new Error(sentence);
  return module ?? compileFirst();
}

async function start({ data, sets, budgetMs, images }: Start): Promise<void> {
  let lab: Lab;
  let second: SecondHalf;
  let module: WebAssembly.Module;
  try {
    module = await firstHalf();
  } catch (error) {
    post({ kind: 'dead', sentence: sentenceOf(error) });
    return;
  }
  try {
    const first = await init({ module_or_path: module });
    second = new SecondHalf({ address: secondWasm, integrity: secondIntegrity }, first, sha256);
    // What the core calls that needs it at once: see `src/wasm/mod.rs`.
    Object.assign(globalThis, { loadSecondHalf: () => atOnce(second) });
    lab = new Lab();
  } catch (error) {
    post({ kind: 'dead', sentence: `The compute module did not start: ${sentenceOf(error)}` });
    return;
  }
  const links = {
    checkRecipe,
    checks,
    experimentFile,
    experimentScript,
    findings,
    findingTrials,
    formatLink,
    judge,
    networkFile,
    parseLink,
    readImageFiles,
    readNetworkFile,
    sweepAreas,
    sweepAxes,
    sweepCells,
    sweepSummary,
    zipTexts,
  };
  const ready = new Host({ lab, links, post, budgetMs, second });
  host = ready;
  post({ kind: 'ready' });
  if (images) {
    const { digest, train, trainLabels, test, testLabels } = images;
    lab.bringImages(digest, train, trainLabels, test, testLabels);
    const [own, tests] = [trainLabels.length, testLabels.length];
    const all = { train: own, test: tests, trainTotal: own, testTotal: tests };
    post({ kind: 'data', state: { phase: 'ready', ...all } });
  }
  for (const message of early.splice(0)) ready.handle(message);
  // Whoever only reads files needs no images at all.
  if (images || sets.length === 0) return;
  loader = new Loader({
    address: data,
    sets,
    manifest,
    add: (info, bytes) => lab.addChunk(info, bytes),
    report: (state) => {
      if (state.trainTotal > 0) lab.expectImages(state.trainTotal, state.testTotal);
      post({ kind: 'data', state });
      ready.dataArrived();
      // Should that fail, whoever needs it is told.
      if (state.test + state.train > 0) second.load().catch(() => {});
    },
  });
  await loader.load();
}

/** What is thrown into the middle of the core ends it, whatever it is. */
function atOnce(second: SecondHalf): void {
  try {
    second.loadNow();
  } catch (error) {
    throw new WebAssembly.RuntimeError(sentenceOf(error));
  }
}
