/** Firefox, driven by Marionette: WebDriver's commands as JSON over a socket. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Send } from './webdriver.ts';

export interface Driven {
  send: Send;
  close(): Promise<void>;
}

const PREFERENCES = [
  'user_pref("marionette.port", 0);',
  'user_pref("datareporting.policy.dataSubmissionEnabled", false);',
  'user_pref("app.update.disabledForTesting", true);',
].join('\n');

export async function firefox(program: string): Promise<Driven> {
  const profile = mkdtempSync(join(tmpdir(), 'secateurs-firefox-'));
  writeFileSync(join(profile, 'user.js'), PREFERENCES);
  const args = ['--marionette', '--headless', '--no-remote', '--profile', profile];
  // Its own home: it refuses to start as root in somebody else's.
  const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, HOME: profile } });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const close = async () => {
    child.kill();
    await gone;
    rmSync(profile, { recursive: true, force: true });
  };
  try {
    const port = Number(await portOf(child, join(profile, 'MarionetteActivePort')));
    const send = await marionette(port);
    await send('NewSession', { capabilities: { alwaysMatch: {} } });
    return { send, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Written once it listens. */
async function portOf(child: ChildProcess, file: string): Promise<string> {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
    try {
      const port = readFileSync(file, 'utf8');
      if (port !== '') return port;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Firefox did not start.');
}

type Reply = [type: 1, id: number, error: { message: string } | null, result: unknown];

/** Messages are `length:[type, id, …]`; the first is a greeting. */
async function marionette(port: number): Promise<Send> {
  const socket: Socket = connect(port, '127.0.0.1');
  const waiting = new Map<number, (reply: Reply) => void>();
  let rest = Buffer.alloc(0);
  let greet = () => {};
  const greeted = new Promise<void>((resolve, reject) => {
    greet = resolve;
    socket.once('error', reject);
  });
  socket.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      const colon = rest.indexOf(':');
      const length = Number(rest.subarray(0, Math.max(0, colon)));
      if (colon < 0 || rest.length < colon + 1 + length) return;
      const message = JSON.parse(rest.subarray(colon + 1, colon + 1 + length).toString());
      rest = rest.subarray(colon + 1 + length);
      if (Array.isArray(message)) waiting.get(message[1])?.(message as Reply);
      else greet();
    }
  });
  await greeted;
  let last = 0;
  return async (command, parameters) => {
    const id = ++last;
    const text = JSON.stringify([0, id, `WebDriver:${command}`, parameters]);
    const [, , error, result] = await new Promise<Reply>((resolve) => {
      waiting.set(id, resolve);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
    waiting.delete(id);
    if (error) throw new Error(`${command}: ${error.message}`);
    // Single values come wrapped.
    return result && typeof result === 'object' && 'value' in result ? result.value : result;
  };
}
