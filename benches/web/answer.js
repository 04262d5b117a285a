/**
 * Answers a worker's messages with the function named by `work`. `loading` promises these
 * functions: a message that comes before they are there waits.
 */
export function answer(loading) {
  addEventListener('message', async ({ data: request }) => {
    try {
      const works = await loading;
      const work = works[request.work];
      if (!work) throw new Error(`there is no “${request.work}” here`);
      postMessage({ answer: await work(request) });
    } catch (error) {
      postMessage({ error: String(error?.message ?? error) });
    }
  });
}
