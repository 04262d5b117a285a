/** A worker that answers one request at a time: see answer.js for its side. */
export class Caller {
  #worker;
  #settle = null;

  constructor(script) {
    this.#worker = new Worker(script, { type: 'module' });
    this.#worker.onmessage = ({ data }) => {
      if (data.error) this.#settle?.reject(new Error(data.error));
      else this.#settle?.resolve(data.answer);
    };
    this.#worker.onerror = ({ message }) => {
      this.#settle?.reject(new Error(message || `${script} cannot be loaded`));
    };
  }

  ask(request) {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.postMessage(request);
    });
  }
}
