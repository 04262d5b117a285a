/** A worker of the page: loads the wasm, owns one Lab, and fetches its images. */
import init, {
  checkRecipe,
  checks,
  findings,
  findingTrials,
  formatLink,
  judge,
  Lab,
  parseLink,
  readImageFiles,
  readNetworkFile,
  sweepAreas,
  sweepAxes,
  sweepCells,
  sweepSummary,
} from '../generated/secateurs';
import wasm from '../generated/secateurs_bg.wasm?url';
import { Host } from './host';
import { Loader, sentenceOf } from './loader';
import type { FromWorker, Start, ToWorker } from './protocol';

const post = (message: FromWorker, transfer: Transferable[] = []) =>
  postMessage(message, { transfer });

let host: Host | null = null;
let loader: Loader | null = null;
/** Messages that come before the wasm is there. */
const early: ToWorker[] = [];

addEventListener('message', ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.kind === 'start') void start(message);
  else if (message.kind === 'ping') post({ kind: 'pong' });
  else if (message.kind === 'retryData') void loader?.load();
  else if (host) host.handle(message);
  else early.push(message);
});

async function start({ data, sets, budgetMs, images }: Start): Promise<void> {
  let lab: Lab;
  try {
    await init({ module_or_path: wasm });
    lab = new Lab();
  } catch (error) {
    post({ kind: 'dead', sentence: `The compute module did not load: ${sentenceOf(error)}` });
    return;
  }
  const links = {
    checkRecipe,
    checks,
    findings,
    findingTrials,
    formatLink,
    judge,
    parseLink,
    readImageFiles,
    readNetworkFile,
    sweepAreas,
    sweepAxes,
    sweepCells,
    sweepSummary,
  };
  const ready = new Host({ lab, links, post, budgetMs });
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
    add: (info, bytes) => lab.addChunk(info, bytes),
    report: (state) => {
      if (state.trainTotal > 0) lab.expectImages(state.trainTotal, state.testTotal);
      post({ kind: 'data', state });
      ready.dataArrived();
    },
  });
  try {
    await loader.load();
  } catch (error) {
    ready.died(error);
  }
}
