import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  courseOf,
  forget,
  KEY,
  kept,
  lasting,
  note,
  reached,
  read,
} from '../../../src/lessons/store';

afterEach(() => {
  vi.unstubAllGlobals();
  forget();
});

describe('what is kept of lessons', () => {
  it('survives being written and read', () => {
    reached('fool', 3, false);
    note('fool', 'train', { predicted: 60 });
    note('fool', 'train', { measured: 95.9 });
    note('fool', 'sizes', {
      predicted: [
        [0, 90],
        [0.1, 10],
      ],
    });
    expect(read(localStorage.getItem(KEY))).toEqual(kept.value);
    expect(courseOf('fool')).toEqual({
      step: 3,
      furthest: 3,
      done: false,
      noted: {
        train: { predicted: 60, measured: 95.9 },
        sizes: {
          predicted: [
            [0, 90],
            [0.1, 10],
          ],
          measured: null,
        },
      },
    });
  });

  it('remembers the furthest step and the end, whatever is looked at again', () => {
    reached('fool', 6, true);
    reached('fool', 2, false);
    expect(courseOf('fool')).toMatchObject({ step: 2, furthest: 6, done: true });
  });

  it('forgets everything when asked', () => {
    note('cut', 'lot', { predicted: 40 });
    forget();
    expect(courseOf('cut').noted).toEqual({});
    expect(localStorage.getItem(KEY)).toBeNull();
  });

  it('leaves out what it does not understand, and keeps the rest', () => {
    const text = JSON.stringify({
      version: 1,
      lessons: {
        fool: {
          step: -4,
          furthest: 'far',
          noted: {
            train: { predicted: 60, measured: 95 },
            image: { predicted: { evil: true } },
            noise: 'no',
            sizes: { predicted: [[0, 1], [0]], measured: null },
          },
        },
        cut: 7,
      },
    });
    expect(read(text).lessons).toEqual({
      fool: {
        step: 1,
        furthest: 1,
        done: false,
        noted: { train: { predicted: 60, measured: 95 } },
      },
    });
  });

  it.each([null, '', '{', '[]', '7', 'null', '{"version":2,"lessons":{}}', '{"version":1}'])(
    'takes %j for nothing',
    (text) => {
      expect(read(text)).toEqual({ version: 1, lessons: {} });
    },
  );

  it('lasts as long as the page where storage is forbidden, and says so', () => {
    const forbidden = () => {
      throw new DOMException('forbidden', 'SecurityError');
    };
    vi.stubGlobal('localStorage', { setItem: forbidden, removeItem: forbidden });
    note('fool', 'train', { predicted: 12 });
    expect(courseOf('fool').noted.train?.predicted).toBe(12);
    expect(lasting.value).toBe(false);
  });
});
