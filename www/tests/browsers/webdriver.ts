/** As much of WebDriver as a visit takes, over whatever carries a browser's commands. */

/** Sends one command of the standard, named as in its table of endpoints. */
export type Send = (command: string, parameters: object) => Promise<unknown>;

const PAUSE_MS = 100;

export class Visitor {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  async open(url: string): Promise<void> {
    // A change of the fragment alone would not load the page anew.
    await this.#send('Navigate', { url: 'about:blank' });
    await this.#send('Navigate', { url });
  }

  /** What a function returns in the page. */
  async ask<A extends unknown[], T>(question: (...args: A) => T, ...args: A): Promise<T> {
    const script = `return (${question})(...arguments);`;
    return (await this.#send('ExecuteScript', { script, args })) as T;
  }

  /** Asks until the answer is one, and returns it. */
  async until<A extends unknown[], T>(
    what: string,
    question: (...args: A) => T | null | undefined | false,
    ...args: A
  ): Promise<T> {
    const given = Date.now();
    for (;;) {
      const answer = await this.ask(question, ...args);
      if (answer) return answer as T;
      if (Date.now() - given > 40_000) throw new Error(`Waited in vain for ${what}.`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** Presses the mouse in the middle of an element, or elsewhere in it, in shares of its size. */
  async press(selector: string, across = 0.5, down = 0.5): Promise<void> {
    const place = (sought: string, right: number, low: number) => {
      const element = document.querySelector(sought);
      if (!element || (element as HTMLButtonElement).disabled) return null;
      const box = element.getBoundingClientRect();
      const [x, y] = [Math.round(box.x + box.width * right), Math.round(box.y + box.height * low)];
      const there = element.contains(document.elementFromPoint(x, y));
      if (!there) element.scrollIntoView({ block: 'center', behavior: 'instant' });
      return there && [x, y];
    };
    // What is still being loaded above it moves it.
    let [x, y] = [0, 0];
    for (let moved = true; moved; ) {
      const [atX, atY] = await this.until(selector, place, selector, across, down);
      moved = x !== atX || y !== atY;
      [x, y] = [atX ?? 0, atY ?? 0];
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    const move = { type: 'pointerMove', origin: 'viewport', duration: 0, x, y };
    const button = (type: string) => ({ type, button: 0 });
    await this.#send('PerformActions', {
      actions: [
        {
          type: 'pointer',
          id: 'mouse',
          parameters: { pointerType: 'mouse' },
          actions: [move, button('pointerDown'), button('pointerUp')],
        },
      ],
    });
  }

  /** A picture of the window, as PNG in base64. */
  async picture(): Promise<string> {
    return String(await this.#send('TakeScreenshot', {}));
  }
}
