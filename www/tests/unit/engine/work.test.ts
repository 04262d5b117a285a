import { expect, test } from 'vitest';
import { effortOf, longParts } from '../../../src/engine/work';

test('little work begins at once, much waits', () => {
  expect(effortOf({ steps: 0, measures: 0 })).toBeNull();
  expect(effortOf({ steps: 2.4e10, measures: 2.9e11 })).toBeNull();
  const training = effortOf({ steps: 1e11, measures: 0 });
  expect(training).toEqual({ steps: 20, measures: 0 });
  expect(training && longParts(training)).toEqual({ steps: true, measures: false });
  const measuring = effortOf({ steps: 1e9, measures: 5e12 });
  expect(measuring && longParts(measuring)).toEqual({ steps: false, measures: true });
});
