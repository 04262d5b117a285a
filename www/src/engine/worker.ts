/** A worker of the page: loads the wasm, owns one Lab, and fetches its images. */
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
  sweepAreas,
  sweepAxes,
  sweepCells,
  sweepSummary,
  zipTexts,
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

async function start({ data, sets, budgetMs }: Start): Promise<void> {
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
    experimentFile,
    experimentScript,
    findings,
    findingTrials,
    formatLink,
    judge,
    networkFile,
    parseLink,
    sweepAreas,
    sweepAxes,
    sweepCells,
    sweepSummary,
    zipTexts,
  };
  const ready = new Host({ lab, links, post, budgetMs });
  host = ready;
  post({ kind: 'ready' });
  for (const message of early.splice(0)) ready.handle(message);
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
