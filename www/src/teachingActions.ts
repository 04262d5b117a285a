/** What can be set for a class; see `actions.ts`. */
import { engineRunning, setControls } from './actions';
import { Core } from './engine/core';
import { networkKey } from './engine/keys';
import { sentenceOf } from './engine/loader';
import type { TaskSettings } from './engine/types';
import { controls, imageIndex, network, recipe } from './state';
import { measuresOf } from './teaching/task';
import { claim, type Teaching, teaching, viewOf } from './teachingState';

/** Brings back whatever the link hides and frees what it locks. */
export function showAll(): void {
  teaching.value = { ...teaching.peek(), hide: [], lock: [] };
}

export function setPresent(present: boolean): void {
  if (teaching.peek().present !== present) teaching.value = { ...teaching.peek(), present };
}

/** Shows the page as a link with all this would. */
export function setTeaching(next: Teaching): void {
  teaching.value = next;
}

/** Gives the task up; whatever was reached stays on screen. */
export function endTask(): void {
  claim.value = null;
  teaching.value = { ...teaching.peek(), task: null };
}

/** Measures as the task says. */
export function measureAsTask(task: TaskSettings): void {
  setControls(measuresOf(task, controls.peek()));
}

/** The address of what is on screen, for a class; its measures are the task's where there is one. */
export async function classLink(taught: Teaching, score = 0): Promise<string> {
  const running = engineRunning();
  const bare = location.href.split('#')[0] ?? '';
  if (!running) return bare;
  const at = recipe.peek();
  const measured = taught.task ? { ...at, ...measuresOf(taught.task, at) } : at;
  const view = { image: imageIndex.peek(), ...viewOf(taught, score) };
  const digest = network.peek()?.digest;
  const core = new Core(running.session);
  return `${bare}#${await core.ask('formatLink', [measured, view, digest])}`;
}

/** The same with a score of the network on screen, which is then claimed here, too. */
export async function scoreLink(score: number): Promise<string> {
  const link = await classLink(teaching.peek(), score);
  claim.value = { score, network: networkKey(recipe.peek()) };
  return link;
}

/** What the core reads in a link, or its sentence. */
export async function readLink(link: string) {
  const running = engineRunning();
  if (!running) return 'The engine is not running.';
  try {
    return await new Core(running.session).ask('parseLink', [link]);
  } catch (error) {
    return sentenceOf(error);
  }
}
