/**
 * What a teacher's link says besides the recipe: what is hidden or locked, whether a room looks
 * on, and the task. Written by the address bar and by `teachingActions.ts`.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TaskSettings, View } from './engine/types';

export interface Teaching {
  /** Names of parts of the page (`race`) and of single controls (`attack.eps`). */
  hide: readonly string[];
  lock: readonly string[];
  present: boolean;
  task: TaskSettings | null;
}

/** A score that whoever sent the link says to have reached. */
export interface Claim {
  /** Of the task's test images. */
  score: number;
  /** The network it is of, by `networkKey`. */
  network: string;
}

export const NOTHING: Teaching = { hide: [], lock: [], present: false, task: null };

export const teaching: Signal<Teaching> = signal(NOTHING);
export const claim: Signal<Claim | null> = signal(null);

export const hidden: ReadonlySignal<ReadonlySet<string>> = computed(
  () => new Set(teaching.value.hide),
);
export const locked: ReadonlySignal<ReadonlySet<string>> = computed(
  () => new Set(teaching.value.lock),
);

/** What a link says of all this. */
export function taught({ hide, lock, present, task }: View): Teaching {
  return { hide: hide ?? [], lock: lock ?? [], present: present ?? false, task: task ?? null };
}

/** The same as a link takes it. */
export function viewOf({ hide, lock, present, task }: Teaching, score = 0): View {
  return { hide: [...hide], lock: [...lock], present, score, ...(task ? { task } : {}) };
}

/** Whether a link says any of it. */
export function teaches({ hide, lock, present, task }: Teaching): boolean {
  return hide.length > 0 || lock.length > 0 || present || task !== null;
}

/** What a link seems to hide and lock, before the core has read and checked it. */
export function glimpsed(fragment: string): Teaching {
  const said = (key: string) => {
    const part = fragment.split('&').find((text) => text.startsWith(`${key}=`));
    return part ? part.slice(key.length + 1).split(/,|%2c/i) : [];
  };
  return {
    hide: said('hide'),
    lock: said('lock'),
    present: said('present')[0] === 'yes',
    task: null,
  };
}
