// What a visitor does with a large network, each for about two seconds, with a pointer that moves
// at every frame.

/** Milliseconds between two moves: a screen's frame. */
const FRAME = 1000 / 60;
const MOVES = 120;

/** Does everything, each within `during(name, act)`. */
export async function play(page, during) {
  const pointer = await pointing(page);
  const tiles = await box(page, 'grid-0');
  await during('hovering over tiles', () => pointer.along(winding(tiles), { pressed: false }));
  await during('dragging the amount', async () => {
    const slider = await box(page, 'amount-slider');
    await pointer.along(toAndFro(slider));
  });
  await undone(page);
  await during('brushing the distortion', async () => {
    await pointer.along(toAndFro(await boxOf(page.locator('.distortion .bars-box').first())));
  });
  await undone(page);
  await during('stroking tiles', () => pointer.along(winding(tiles)));
  await undone(page);
  await page.getByTestId('tile-tool-lasso').click();
  await during('drawing a lasso', () => pointer.along(around(tiles)));
  await undone(page);
  await page.getByTestId('tile-tool-press').click();
  const middle = at(await boxOf(page.locator('.layers-box')), 0.5, 0.5);
  await during('zooming in and out', async () => {
    for (const direction of [-1, 1]) await pointer.turn(middle, direction * 25, MOVES / 2, ZOOM);
  });
  for (let press = 0; press < 4; press += 1) await page.getByTestId('zoom-in').click();
  await during('panning', async () => {
    for (const direction of [1, -1]) await pointer.turn(middle, direction * 30, MOVES / 2);
  });
  await page.getByTestId('zoom-fit').click();
}

/** What Chromium calls a held Ctrl. */
const ZOOM = 2;

/** A pointer that moves by the clock, whether or not the page has come along. */
async function pointing(page) {
  const client = await page.context().newCDPSession(page);
  const send = (event) => client.send('Input.dispatchMouseEvent', event);
  /** Sends an event a frame; `event` tells the one at a moment between 0 and 1. */
  const paced = async (event, moves = MOVES) => {
    const begin = performance.now();
    const sent = [];
    for (let move = 0; move <= moves; move += 1) {
      sent.push(send(event(move / moves)));
      const wait = begin + (move + 1) * FRAME - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
    }
    await Promise.all(sent);
  };
  return {
    async along(path, { pressed = true } = {}) {
      const button = pressed ? { button: 'left', buttons: 1 } : { button: 'none', buttons: 0 };
      const [first, last] = [path(0), path(1)];
      await send({ type: 'mouseMoved', ...first, button: 'none' });
      if (pressed) await send({ type: 'mousePressed', ...first, ...button, clickCount: 1 });
      await paced((moment) => ({ type: 'mouseMoved', ...path(moment), ...button }));
      if (pressed) await send({ type: 'mouseReleased', ...last, button: 'left', clickCount: 1 });
    },
    turn: (place, deltaY, moves, modifiers = 0) =>
      paced(() => ({ type: 'mouseWheel', ...place, deltaX: 0, deltaY, modifiers }), moves),
  };
}

/** Takes back what was done, and waits until that is shown. */
async function undone(page) {
  const undo = page.getByTestId('undo');
  await page.waitForTimeout(1500);
  if (await undo.isEnabled()) await undo.click();
  await page.waitForTimeout(1500);
}

const box = (page, id) => boxOf(page.getByTestId(id));

async function boxOf(locator) {
  const found = await locator.boundingBox();
  if (!found) throw new Error(`${locator} is not on the page`);
  return found;
}

const at = ({ x, y, width, height }, across, down) => ({
  x: x + across * width,
  y: y + down * height,
});

/** Line after line over the middle of something. */
const winding = (box) => (moment) => {
  const line = moment * 6;
  const across = line % 2 < 1 ? line % 1 : 1 - (line % 1);
  return at(box, 0.05 + 0.9 * across, 0.1 + 0.8 * moment);
};

const toAndFro = (box) => (moment) =>
  at(box, 0.1 + 0.8 * (moment < 0.5 ? 2 * moment : 2 - 2 * moment), 0.5);

const around = (box) => (moment) => {
  const angle = 2 * Math.PI * moment;
  return at(box, 0.5 + 0.4 * Math.cos(angle), 0.5 + 0.4 * Math.sin(angle));
};
