// The page of one contender, named in the address: `ask` answers what drive.js is asked.
import { Caller } from './caller.js';

const contender = new URL(location).searchParams.get('contender');

async function asker() {
  switch (contender) {
    case 'ours':
      return (await import('./ours.js')).ask;
    case 'tfjs-wasm':
      return single('tfjs.js?backend=wasm');
    case 'tfjs-cpu':
      return single('tfjs.js?backend=cpu');
    default:
      return single(`${contender}.js`);
  }
}

function single(script) {
  const worker = new Caller(script);
  return (request) => worker.ask(request);
}

const ready = asker();
window.ask = async (request) => (await ready)(request);
