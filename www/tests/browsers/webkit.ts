/** WebKitGTK's small browser, driven by its own WebDriver over HTTP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { Driven } from './firefox.ts';

/** WebDriver's endpoints that are used here: method and path within the session. */
const ENDPOINTS: Record<string, [method: string, path: string]> = {
  Navigate: ['POST', 'url'],
  ExecuteScript: ['POST', 'execute/sync'],
  PerformActions: ['POST', 'actions'],
  TakeScreenshot: ['GET', 'screenshot'],
};

export async function webkit(driver: string, browser: string): Promise<Driven> {
  const children: ChildProcess[] = [];
  const close = async () => {
    for (const child of children.reverse()) child.kill();
  };
  try {
    const display = await xvfb(children);
    const port = await freePort();
    const env = { ...process.env, DISPLAY: display, GDK_BACKEND: 'x11' };
    children.push(spawn(driver, [`--port=${port}`], { stdio: 'ignore', env }));
    const origin = `http://127.0.0.1:${port}`;
    await answers(`${origin}/status`);
    const options = { binary: browser, args: ['--automation', '--geometry=1440x900'] };
    const started = await ask(`${origin}/session`, 'POST', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
    });
    const session = `${origin}/session/${(started as { sessionId: string }).sessionId}`;
    return {
      send: (command, parameters) => {
        const [method, path] = ENDPOINTS[command] ?? ['POST', command];
        return ask(`${session}/${path}`, method, method === 'GET' ? undefined : parameters);
      },
      close: async () => {
        // Only the driver knows how to end the browser it started.
        await fetch(session, { method: 'DELETE' }).catch(() => {});
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ask(url: string, method: string, body: object | undefined): Promise<unknown> {
  const sent = body ? { body: JSON.stringify(body) } : {};
  const { value } = (await (await fetch(url, { method, ...sent })).json()) as { value: unknown };
  const problem = value as { error?: string; message?: string } | null;
  if (problem?.error) throw new Error(`${url}: ${problem.error}: ${problem.message}`);
  return value;
}

/** It has no way to run without a display: one that nobody sees does. */
async function xvfb(children: ChildProcess[]): Promise<string> {
  const args = ['-displayfd', '3', '-screen', '0', '1440x1000x24', '-nolisten', 'tcp'];
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  children.push(child);
  const number = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('Xvfb did not start.')));
    child.stdio[3]?.once('data', (bytes) => resolve(String(bytes).trim()));
  });
  return `:${number}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The WebDriver of WebKit did not start.');
}
