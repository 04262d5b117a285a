import { describe, expect, it } from 'vitest';
import { LESSONS } from '../../../src/lessonState';
import { ENTRIES, entryOf, after as nextOf } from '../../../src/lessons/index';
import { PLACES } from '../../../src/lessons/places';
import recipes from '../../../src/lessons/recipes.json';
import type { Lesson } from '../../../src/lessons/types';

const css = Object.keys(PLACES);
const all: [string, Lesson][] = await Promise.all(
  ENTRIES.map(async (entry): Promise<[string, Lesson]> => [entry.name, await entry.load()]),
);

/** Every sentence of a lesson that a visitor reads. */
function sentences({ steps, question }: Lesson): string[] {
  return [
    ...question,
    ...steps.flatMap(({ title, words, after = [], predict, task }) => [
      title,
      ...words,
      ...after,
      ...(predict ? [predict.ask, ...Object.values<string>({ ...predict.said })] : []),
      ...(task ? [task.says, task.button] : []),
    ]),
  ];
}

describe('the lessons', () => {
  it('are those that links can name, in their order, with their titles', () => {
    expect(ENTRIES.map(({ name, title }) => ({ value: name, label: title }))).toEqual(LESSONS);
    expect(entryOf('magic')).toBeUndefined();
    expect(nextOf('fool')?.name).toBe('inside');
    expect(nextOf('trust')).toBeUndefined();
  });

  it.each(all)('%s asks before it shows, at every step', async (name, lesson) => {
    const entry = entryOf(name);
    expect(lesson.name).toBe(name);
    expect(lesson.steps).toHaveLength(entry?.steps ?? 0);
    expect(new Set(lesson.steps.map(({ id }) => id)).size).toBe(lesson.steps.length);
    expect(entry?.minutes).toBeGreaterThanOrEqual(3);
    expect(entry?.minutes).toBeLessThanOrEqual(6);
    for (const step of lesson.steps) {
      expect(recipes).toHaveProperty([step.begins]);
      expect(css).toContain(step.look);
      expect(step.predict).toBeDefined();
      expect(step.words.length).toBeGreaterThan(0);
      // Nothing is known before the lab has measured something.
      expect(step.predict?.outcome()).toBeNull();
    }
    expect(lesson.question.length).toBeGreaterThan(0);
  });

  it.each(all)('%s takes no longer to read than it says', (name, lesson) => {
    const count = (texts: readonly string[]) => texts.join(' ').split(/\s+/).length;
    // Of what is said of a prediction only one sentence is read.
    const unread = lesson.steps.flatMap(({ predict }) =>
      Object.values<string>({ ...predict?.said }).slice(1),
    );
    const minutes = (count(sentences(lesson)) - count(unread)) / 220;
    // The rest is for the lab.
    expect(minutes).toBeLessThan(0.8 * (entryOf(name)?.minutes ?? 0));
  });

  it.each(all)('%s closes every emphasis and fills every figure', (_, lesson) => {
    for (const text of sentences(lesson)) {
      expect(text.split('*').length % 2, text).toBe(1);
      expect(text.replace(/\{(predicted|measured|apart)\}/g, '')).not.toMatch(/[{}]/);
    }
  });
});
