import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/engine/client';
import { Lane, type Task } from '../../../src/engine/lane';
import { until } from './fakes';

/** A lane over a list of tasks that a test can change; `done` says what ran to its end. */
function laneOver(todo: string[], options: { forgetful?: boolean } = {}) {
  const done: string[] = [];
  const errors: string[] = [];
  const held = new Map<string, () => void>();
  const run = (key: string) => async (signal: AbortSignal) => {
    if (key.startsWith('bad')) throw new Error(`${key} is not possible.`);
    if (key.startsWith('long')) {
      await new Promise<void>((resolve, reject) => {
        held.set(key, resolve);
        signal.addEventListener('abort', () => reject(new Cancelled()));
      });
    }
    done.push(key);
    if (!options.forgetful) todo.splice(todo.indexOf(key), 1);
  };
  const lane: Lane = new Lane(
    function* () {
      for (const key of [...todo]) yield { key, run: run(key) } satisfies Task;
    },
    (_, error) => errors.push(error.message),
    () => lane.wake(),
  );
  return { lane, done, errors, finish: (key: string) => held.get(key)?.() };
}

describe('a lane', () => {
  it('does nothing before it is opened, then everything in order', async () => {
    const { lane, done } = laneOver(['a', 'b', 'c']);
    lane.wake();
    expect(lane.running).toBeNull();
    lane.open();
    await until(() => done.length === 3);
    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('aborts what is less important, and comes back to it', async () => {
    const todo = ['long'];
    const { lane, done, finish } = laneOver(todo);
    lane.open();
    expect(lane.running).toBe('long');
    todo.unshift('urgent');
    lane.wake();
    await until(() => done.includes('urgent') && lane.running === 'long');
    finish('long');
    await until(() => done.includes('long'));
    expect(done).toEqual(['urgent', 'long']);
  });

  it('says once what was refused, goes on, and tries again when forgiven', async () => {
    const { lane, done, errors } = laneOver(['bad', 'good']);
    lane.open();
    await until(() => done.includes('good'));
    lane.wake();
    expect(errors).toEqual(['bad is not possible.']);
    lane.forgive('bad');
    lane.wake();
    await until(() => errors.length === 2);
  });

  it('does not go round for ever with a task that does not do what it is for', async () => {
    const { lane, done } = laneOver(['a', 'b'], { forgetful: true });
    lane.open();
    await until(() => lane.running === null);
    expect(done).toEqual(['a', 'b']);
  });
});
