/**
 * A visitor who goes on and on: what is held stays as it is, nothing is written to the console, and
 * every link that is shared reproduces.
 */
import { expect, test } from '@playwright/test';
import { Seeded } from '../seeded';
import { drifts, type Held, Memory, WHAT } from './memory';
import { Visitor } from './visitor';

const SECONDS = Number(process.env.SECATEURS_SOAK_SECONDS ?? 120);
const SEED = Number(process.env.SECATEURS_SEED ?? 20_261);
/**
 * So long what is opened for the first time is still to come, what is kept of the last four hundred
 * networks is not full, and V8 compiles what it meets again and again.
 */
const WARM_UP = Math.max(30, SECONDS / 3);
/** Measured so often, in about as many samples a third. */
const EVERY = Math.max(5, SECONDS / 60);
/**
 * In minutes caches still fill and exhibits are opened first: only what doubles is seen. The process
 * also holds what its workers did last and have not collected yet: it comes and goes by a tenth.
 */
const MOST_DRIFT: Record<keyof Held, number> =
  SECONDS < 900
    ? { heap: 1, nodes: 1, listeners: 1, process: 1 }
    : { heap: 0.1, nodes: 0.1, listeners: 0.1, process: 0.2 };

test.use({ serviceWorkers: 'block' });

test('a visitor who stays uses no more memory than at the beginning', async ({ page }) => {
  test.setTimeout(1000 * (2 * SECONDS + 240));
  console.log(`${SECONDS} seconds of seed ${SEED}`);
  const visitor = new Visitor(page, new Seeded(SEED));
  await visitor.open();
  const memory = await Memory.of(page);
  const begin = performance.now();
  const passed = () => (performance.now() - begin) / 1000;
  const samples: Held[] = [];
  await visitor.warmUp();
  let next = WARM_UP;
  // Whatever the pace, there is something to compare.
  while (passed() < SECONDS || samples.length < 6) {
    await visitor.act();
    if (passed() < next) continue;
    await visitor.rest();
    const held = await memory.held();
    samples.push(held);
    next = passed() + EVERY;
    const told = Object.entries(held).map(
      ([what, value]) => `${what} ${value.toLocaleString('en')}`,
    );
    console.log(`${passed().toFixed(0)} s: ${told.join(', ')}`);
  }
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  for (const [what, times] of [...visitor.done].sort()) {
    console.log(`${times} × ${what}, ${visitor.missed.get(what) ?? 0} × not possible`);
  }
  const found = drifts(samples);
  for (const { what, first, last, share } of found) {
    const [from, to] = [first, last].map((value) => value.toLocaleString('en'));
    console.log(`${WHAT[what]}: ${from} at first, ${to} at last, ${(100 * share).toFixed(1)} %`);
  }
  expect([...visitor.lab.errors, ...visitor.errors]).toEqual([]);
  expect(found.filter(({ what, share }) => Math.abs(share) > MOST_DRIFT[what])).toEqual([]);
});
