// How a contender speaks with the benchmark: a request a line in, an answer a line out.
import { createInterface } from 'node:readline';

export const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** Answers requests with `ask` until there are no more. */
export async function serve(ready, ask) {
  say({ ready });
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      say(await ask(JSON.parse(line)));
    } catch (error) {
      // Playwright's errors go on with a stack.
      say({ error: String(error?.message ?? error).split('\n')[0] });
    }
  }
}
