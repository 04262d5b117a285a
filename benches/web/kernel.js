// The core's kernel by itself, compiled with the same flags as the core: see benches/core.
import { answer } from './answer.js';
import init, { speeds } from './kernel/bench_core.js';

const ready = init({ module_or_path: 'kernel/bench_core_bg.wasm' });

answer(ready.then(() => ({ speeds: () => JSON.parse(speeds()) })));
