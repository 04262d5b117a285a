// How smooth the finished page is with a large network: frames a second while a visitor points,
// drags and brushes, and what the main thread computes for a frame and in its longest task, in
// milliseconds of CPU. Time by the clock would count what other programs did meanwhile.
import { play } from './gestures.js';

/** A large network, trained little: what it has learnt is not the question. */
const LARGE = '#v=1&hidden=512-256&train=epochs:1,images:5000&measure=images:512';
/** Lessons that are gone through, step by step. */
const LESSONS = ['fool', 'illusion', 'enter'];
/** How long the page is left alone to compare with. */
const IDLE = 2000;
const MEASURING = 240_000;
/** Whatever is measured tells of itself more often. */
const SILENCE = 2000;

/** Events of a trace that tell what each task of a thread took. */
const CATEGORIES = ['disabled-by-default-devtools.timeline'];
const VIEWPORT = { width: 1440, height: 900 };

/** What `request.of` names: the large network's tiles and plots, or the lessons. */
export async function frames(browser, address, { of }) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    return await (of === 'lessons' ? throughLessons : overLargeNetwork)(browser, page, address);
  } finally {
    await context.close();
  }
}

async function overLargeNetwork(browser, page, address) {
  const figures = {};
  const during = async (name, act) => {
    const { longest, rate, each } = await watched(browser, page, act);
    figures[`${name}, frames/s`] = rate;
    figures[`${name}, CPU a frame`] = each;
    figures[`${name}, longest task`] = longest;
  };
  const { longest } = await watched(browser, page, async () => {
    await page.goto(address + LARGE);
    await measured(page);
  });
  figures['training and measuring, longest task'] = longest;
  await during('idle', () => page.waitForTimeout(IDLE));
  await play(page, during);
  return figures;
}

async function throughLessons(browser, page, address) {
  const figures = {};
  for (const name of LESSONS) {
    const { longest } = await watched(browser, page, async () => {
      await page.goto('about:blank');
      await page.goto(`${address}#v=1&lesson=${name}`);
      await throughLesson(page);
    });
    figures[`lesson ${name}, longest task`] = longest;
  }
  return figures;
}

/** Has every step done, and goes on once its answer is there. */
async function throughLesson(page) {
  const named = (id) => page.getByTestId(id);
  await named('lesson').waitFor();
  while (!(await named('lesson-end').isVisible())) {
    await named('show-without').or(named('lesson-end')).or(named('reveal')).first().waitFor();
    if (await named('lesson-end').isVisible()) return;
    if (await named('show-without').isVisible()) await named('show-without').click();
    await named('reveal').or(named('do-it')).first().waitFor();
    if (await named('do-it').isVisible())
      await named('do-it')
        .click()
        .catch(() => {});
    await named('reveal').waitFor({ timeout: MEASURING });
    await named('lesson-next').click();
  }
}

/** Waits until every figure of the outcome is final, and workers have nothing more to tell. */
async function measured(page) {
  for (const name of ['clean', 'transfer', 'adaptive', 'certified']) {
    const done = `[data-testid="figure-${name}"][data-done="true"]`;
    await page.waitForSelector(done, { timeout: MEASURING });
  }
  const isSilent = (silence) => performance.now() - window.lastWord > silence;
  await page.waitForFunction(isSilent, SILENCE, { timeout: MEASURING });
}

/** Frames a second while `act` went on, and what the page's main thread computed. */
async function watched(browser, page, act) {
  await browser.startTracing(page, { categories: CATEGORIES });
  const count = () => page.evaluate(() => [window.frameCount, performance.now()]);
  const [framesBefore, before] = await count();
  await act();
  const [framesAfter, after] = await count();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const frames = framesAfter - framesBefore;
  const tasks = mainTasks(traceEvents);
  return {
    rate: (1000 * frames) / (after - before),
    each: tasks.reduce((sum, task) => sum + task, 0) / frames,
    longest: Math.max(0, ...tasks),
  };
}

/** Milliseconds of CPU of each task on the main thread of any page. */
function mainTasks(events) {
  const isMain = ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain';
  const key = ({ pid, tid }) => `${pid} ${tid}`;
  const main = new Set(events.filter(isMain).map(key));
  // Each task is there twice: as the thread's own, and as what the developer tools show.
  const tasks = events.filter((event) => event.name === 'RunTask' && main.has(key(event)));
  return tasks.map(({ tdur }) => (tdur ?? 0) / 1000);
}

/** Runs in the page before its own code: counts frames, and hears when a worker says something. */
function watch() {
  window.frameCount = 0;
  const count = () => {
    window.frameCount += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  window.lastWord = 0;
  window.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', () => {
        window.lastWord = performance.now();
      });
    }
  };
}
